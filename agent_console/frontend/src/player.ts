// The recording player: choose what to listen to, and jump to what was said by pressing the words.
//
// <section data-player id="recording-7">
//   <audio controls src=...>  <select data-tracks>
//   <button data-seek="12.5" data-until="14.0"><span data-word="12.5" data-until="12.9">words</span>...</button>
//
// Words carry the time of the call; a speaker's track begins later (data-starts of its option, in seconds).
// Waveforms (waves.ts) and the words (transcript.ts) follow each other; speed and skipped pauses are in listening.ts.
// An address that ends in #recording-7@12.5 plays that recording from there: so a search leads to the second.

import { atSpeed, pauseEnd, startListening } from "./listening";
import { markSpoken, movedInWords, pressedWord, startTranscripts } from "./transcript";
import { markPlace, movedTo, pressedSecond } from "./waves";

/** When the track that is being heard began, in seconds of the call. */
function startOf(player: Element): number {
  const chosen = player.querySelector<HTMLSelectElement>("[data-tracks]")?.selectedOptions[0];
  return Number(chosen?.dataset["starts"] ?? 0);
}

/** The second of the call at which it stands. */
function placeOf(player: Element): number {
  return startOf(player) + (player.querySelector("audio")?.currentTime ?? 0);
}

function goTo(player: Element, seconds: number): void {
  const audio = player.querySelector("audio");
  if (audio) {
    audio.currentTime = Math.max(0, seconds - startOf(player));
    markSpoken(player, seconds);
    markPlace(player, seconds, true);
  }
}

function play(player: Element): void {
  // A browser that lets nothing play by itself stands at the place: one press of its own button is left.
  player
    .querySelector("audio")
    ?.play()
    .catch(() => undefined);
}

function playFrom(player: Element, seconds: number): void {
  goTo(player, seconds);
  play(player);
}

function onClick(event: Event): void {
  const pressed = event.target instanceof Element ? event.target : null;
  const line = pressed?.closest<HTMLElement>("[data-seek]");
  const player = line?.closest("[data-player]");
  const link = pressed?.closest<HTMLAnchorElement>('a[href^="#recording-"]');
  if (link && link.hash === location.hash) {
    followAddress(); // pressed once more: the address does not change by it
  }
  const wave = pressed?.closest("[data-wave]");
  const drawn = wave?.closest("[data-player]");
  if (wave && drawn && event instanceof MouseEvent) {
    playFrom(drawn, pressedSecond(wave, event));
  }
  if (pressed && line && player) {
    playFrom(player, pressedWord(line, pressed));
  }
}

/** On a waveform arrows move, and Enter or the space bar plays, or stops; in the words they choose one. */
function onKey(event: KeyboardEvent): void {
  const target = event.target instanceof Element ? event.target : null;
  const line = target?.closest<HTMLElement>("[data-player] [data-seek]");
  const wave = target?.closest("[data-wave]");
  const player = wave?.closest("[data-player]");
  if (event.ctrlKey || event.altKey || event.metaKey) {
    return;
  }
  if (line && movedInWords(line, event.key)) {
    event.preventDefault();
  }
  if (!wave || !player) {
    return;
  }
  const place = movedTo(wave, event.key, placeOf(player));
  const audio = player.querySelector("audio");
  if (place !== null) {
    goTo(player, place);
  } else if (event.key !== "Enter" && event.key !== " ") {
    return;
  } else if (audio?.paused) {
    play(player);
  } else {
    audio?.pause();
  }
  event.preventDefault();
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
  const player = audio instanceof HTMLAudioElement ? audio.closest<HTMLElement>("[data-player]") : null;
  if (audio instanceof HTMLAudioElement && player) {
    const at = placeOf(player);
    const end = audio.paused ? null : pauseEnd(player, at);
    if (end !== null) {
      audio.currentTime = end - startOf(player);
    }
    markSpoken(player, end ?? at);
    markPlace(player, end ?? at, audio.paused);
  }
}

function onPlay(event: Event): void {
  if (event.target instanceof HTMLAudioElement && event.target.closest("[data-player]")) {
    atSpeed(event.target);
  }
}

/** `#recording-7@12.5` leads to the recording, and to the second. */
function followAddress(): void {
  const wanted = /^#(recording-\d+)@(\d+(?:\.\d+)?)$/.exec(location.hash);
  const player = wanted?.[1] ? document.getElementById(wanted[1]) : null;
  if (player && wanted?.[2]) {
    const seconds = Number(wanted[2]);
    playFrom(player, seconds);
    player.scrollIntoView({ block: "start" }); // its list stands at the words by itself
  }
}

export function startPlayers(): void {
  document.addEventListener("click", onClick);
  document.addEventListener("keydown", onKey);
  document.addEventListener("change", onTrack);
  // Media events do not bubble: listen while they go down.
  document.addEventListener("timeupdate", onTime, true);
  document.addEventListener("pause", onTime, true);
  document.addEventListener("play", onPlay, true);
  window.addEventListener("hashchange", followAddress);
  startListening();
  startTranscripts();
  followAddress();
}
