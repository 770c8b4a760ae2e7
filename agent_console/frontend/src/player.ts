// The recording player: choose what to listen to, and jump to what was said by pressing the words.
//
// <section data-player>
//   <audio controls src=...>  <select data-tracks>  <button data-seek="12.5" data-until="14.0">words</button>
//
// Words carry the time of the call; a speaker's track begins later (data-starts of its option, in seconds).

function markSpoken(player: Element, at: number): void {
  for (const line of player.querySelectorAll<HTMLElement>("[data-seek]")) {
    const from = Number(line.dataset["seek"]);
    const until = Number(line.dataset["until"]);
    line.toggleAttribute("data-now", at >= from && at < until);
  }
}

/** When the track that is being heard began, in seconds of the call. */
function startOf(player: Element): number {
  const chosen = player.querySelector<HTMLSelectElement>("[data-tracks]")?.selectedOptions[0];
  return Number(chosen?.dataset["starts"] ?? 0);
}

function playFrom(player: Element, audio: HTMLAudioElement, seconds: number): void {
  audio.currentTime = Math.max(0, seconds - startOf(player));
  void audio.play();
}

function onClick(event: Event): void {
  const line = event.target instanceof Element ? event.target.closest<HTMLElement>("[data-seek]") : null;
  const player = line?.closest("[data-player]");
  const audio = player?.querySelector("audio");
  if (line && player && audio) {
    playFrom(player, audio, Number(line.dataset["seek"]));
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
    markSpoken(player, startOf(player) + audio.currentTime);
  }
}

export function startPlayers(): void {
  document.addEventListener("click", onClick);
  document.addEventListener("change", onTrack);
  // Media events do not bubble: listen while they go down.
  document.addEventListener("timeupdate", onTime, true);
}
