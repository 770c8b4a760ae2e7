// Waveforms, one a speaker: where the call is on them, and where a press or a key on one leads.
//
// <div data-wave="92.75" role="slider" aria-valuemax="93"><svg viewBox="0 0 1000 40">... <line data-place></svg></div>

const WIDTH = 1000; // of the viewBox
const STEP_S = 5;
const LEAP_S = 30;

function secondsOf(wave: Element): number {
  return Number(wave.getAttribute("data-wave"));
}

function clock(seconds: number): string {
  const whole = Math.floor(seconds);
  return [whole / 60, whole % 60].map((part) => String(Math.floor(part)).padStart(2, "0")).join(":");
}

/** Marks the second of the call. `tell`: screen readers are told too, which would be noise while it plays. */
export function markPlace(player: Element, at: number, tell: boolean): void {
  for (const wave of player.querySelectorAll("[data-wave]")) {
    const share = Math.min(1, at / (secondsOf(wave) || 1));
    const line = wave.querySelector("[data-place]");
    line?.setAttribute("x1", (share * WIDTH).toFixed(1));
    line?.setAttribute("x2", (share * WIDTH).toFixed(1));
    if (tell) {
      wave.setAttribute("aria-valuenow", String(Math.round(at)));
      wave.setAttribute("aria-valuetext", clock(at));
    }
  }
}

/** The second of the call that was pressed on a waveform. */
export function pressedSecond(wave: Element, event: MouseEvent): number {
  const box = wave.getBoundingClientRect();
  return (secondsOf(wave) * Math.min(Math.max(0, event.clientX - box.left), box.width)) / (box.width || 1);
}

/** The second to which the key leads from `at`; null for keys that lead nowhere. */
export function movedTo(wave: Element, key: string, at: number): number | null {
  const places: Record<string, number> = {
    ArrowLeft: at - STEP_S,
    ArrowDown: at - STEP_S,
    ArrowRight: at + STEP_S,
    ArrowUp: at + STEP_S,
    PageDown: at - LEAP_S,
    PageUp: at + LEAP_S,
    Home: 0,
    End: secondsOf(wave),
  };
  const place = places[key];
  return place === undefined ? null : Math.min(Math.max(0, place), secondsOf(wave));
}
