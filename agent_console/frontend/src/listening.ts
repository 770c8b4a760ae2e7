// How somebody listens: how fast, and whether pauses are skipped. This browser remembers it.
//
// <select data-speed><option value="1.5">...</select>  <input type="checkbox" data-skip>
// <section data-player data-pauses="5.30-9.70 20.00-31.50">: in seconds of the call, nobody speaks

const SPEED = "recordings.speed";
const SKIP = "recordings.skip";

function speed(): number {
  return Number(localStorage.getItem(SPEED)) || 1;
}

function skips(): boolean {
  return localStorage.getItem(SKIP) === "yes";
}

/** Voices keep their pitch at any speed. A sound that is loaded anew begins at its default speed. */
export function atSpeed(audio: HTMLAudioElement): void {
  audio.preservesPitch = true;
  audio.defaultPlaybackRate = speed();
  audio.playbackRate = speed();
}

/** Where the pause ends in which the call is at this second; null if there is none, or none is skipped. */
export function pauseEnd(player: HTMLElement, at: number): number | null {
  for (const pause of skips() ? (player.dataset["pauses"] ?? "").split(" ") : []) {
    const [begin, end] = pause.split("-").map(Number);
    if (begin !== undefined && end !== undefined && at >= begin && at < end) {
      return end;
    }
  }
  return null;
}

function remember(event: Event): void {
  const choice = event.target;
  if (choice instanceof HTMLSelectElement && choice.matches("[data-speed]")) {
    localStorage.setItem(SPEED, choice.value);
    document.querySelectorAll<HTMLAudioElement>("[data-player] audio").forEach(atSpeed);
  } else if (choice instanceof HTMLInputElement && choice.matches("[data-skip]")) {
    localStorage.setItem(SKIP, choice.checked ? "yes" : "no");
  } else {
    return;
  }
  show(); // other recordings of the page are heard in the same way
}

function show(): void {
  for (const choice of document.querySelectorAll<HTMLSelectElement>("[data-speed]")) {
    choice.value = String(speed());
  }
  for (const box of document.querySelectorAll<HTMLInputElement>("[data-skip]")) {
    box.checked = skips();
  }
}

export function startListening(): void {
  document.addEventListener("change", remember);
  document.addEventListener("htmx:afterSwap", show);
  show();
}
