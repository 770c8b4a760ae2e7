// The recording player: choose what to listen to, and jump to what was said by pressing the words.
//
// <section data-player>
//   <audio controls src=...>  <select data-tracks>  <button data-seek="12.5" data-until="14.0">words</button>

function markSpoken(player: Element, at: number): void {
  for (const line of player.querySelectorAll<HTMLElement>("[data-seek]")) {
    const from = Number(line.dataset["seek"]);
    const until = Number(line.dataset["until"]);
    line.toggleAttribute("data-now", at >= from && at < until);
  }
}

function playFrom(audio: HTMLAudioElement, seconds: number): void {
  audio.currentTime = seconds;
  void audio.play();
}

function onClick(event: Event): void {
  const line = event.target instanceof Element ? event.target.closest<HTMLElement>("[data-seek]") : null;
  const audio = line?.closest("[data-player]")?.querySelector("audio");
  if (line && audio) {
    playFrom(audio, Number(line.dataset["seek"]));
  }
}

function onTrack(event: Event): void {
  const choice = event.target;
  if (!(choice instanceof HTMLSelectElement) || !choice.matches("[data-tracks]")) {
    return;
  }
  const audio = choice.closest("[data-player]")?.querySelector("audio");
  if (audio) {
    audio.src = choice.value;
  }
}

function onTime(event: Event): void {
  const audio = event.target;
  const player = audio instanceof HTMLAudioElement ? audio.closest("[data-player]") : null;
  if (audio instanceof HTMLAudioElement && player) {
    markSpoken(player, audio.currentTime);
  }
}

export function startPlayers(): void {
  document.addEventListener("click", onClick);
  document.addEventListener("change", onTrack);
  // Media events do not bubble: listen while they go down.
  document.addEventListener("timeupdate", onTime, true);
}
