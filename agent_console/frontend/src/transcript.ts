// The words of a recording: which are spoken now, and which somebody chooses by keys.
//
// <ol class="words"><li><button data-seek="12.5" data-until="14.0"><span data-word="12.5" data-until="12.9">...
//
// A focused line is a sentence: up and down go to the next one, left and right choose a word in it, Enter plays from
// there (the button's own click). What is spoken is marked for the eye alone: a screen reader would talk over it.

const WORDS_END_LATE_S = 0.15;
const STEPS: Record<string, number> = { ArrowLeft: -1, ArrowUp: -1, ArrowRight: 1, ArrowDown: 1 };
const CHOSEN = "data-chosen";
const NOW = "data-now";

/** The line of each list that was spoken last. */
const spokenLast = new WeakMap<Element, Element>();

function isSpoken(element: HTMLElement, from: string, at: number, late = 0): boolean {
  return at >= Number(element.dataset[from]) && at < Number(element.dataset["until"]) + late;
}

function linesOf(list: Element): HTMLElement[] {
  return [...list.querySelectorAll<HTMLElement>("[data-seek]")];
}

function wordsOf(line: Element): HTMLElement[] {
  return [...line.querySelectorAll<HTMLElement>("[data-word]")];
}

/** In each list (there is one for each version of the text) every line that is spoken, and one word. */
export function markSpoken(player: Element, at: number): void {
  for (const list of player.querySelectorAll(".words")) {
    const lines = linesOf(list).filter((line) => line.toggleAttribute(NOW, isSpoken(line, "seek", at)));
    const words = wordsOf(list).filter((word) => isSpoken(word, "word", at, WORDS_END_LATE_S));
    wordsOf(list).forEach((word) => word.toggleAttribute(NOW, word === words.at(-1)));
    const line = lines.at(-1);
    if (line) {
      follow(list, line);
    }
  }
}

/** Brings the line into sight inside its own list; the page stays where it is. A reader who has scrolled away from the
 * line that was spoken before is left alone. */
function follow(list: Element, line: Element): void {
  const before = spokenLast.get(list);
  if (before === line) {
    return;
  }
  spokenLast.set(list, line);
  if ((!before?.isConnected || isInSight(list, before)) && !isInSight(list, line)) {
    const box = list.getBoundingClientRect();
    const place = line.getBoundingClientRect();
    list.scrollTop += place.top - box.top - (box.height - place.height) / 2;
  }
}

function isInSight(list: Element, line: Element): boolean {
  const box = list.getBoundingClientRect();
  const place = line.getBoundingClientRect();
  return place.bottom > box.top && place.top < box.bottom;
}

/** The second at which a pressed line, or the word in it that was pressed or chosen, begins. */
export function pressedWord(line: HTMLElement, pressed: Element): number {
  const word = pressed.closest<HTMLElement>("[data-word]") ?? line.querySelector<HTMLElement>(`[${CHOSEN}]`);
  return Number(word?.dataset["word"] ?? line.dataset["seek"]);
}

/** Whether the key was for the line. */
export function movedInWords(line: HTMLElement, key: string): boolean {
  const step = STEPS[key];
  if (step === undefined) {
    return false;
  }
  if (key === "ArrowLeft" || key === "ArrowRight") {
    choose(line, step);
  } else {
    const lines = linesOf(line.closest(".words") ?? line);
    lines[lines.indexOf(line) + step]?.focus();
  }
  return true;
}

function choose(line: HTMLElement, step: number): void {
  const words = wordsOf(line);
  const before = words.findIndex((word) => word.hasAttribute(CHOSEN));
  const chosen = words[Math.min(Math.max(0, before + step), words.length - 1)];
  words[before]?.removeAttribute(CHOSEN);
  chosen?.setAttribute(CHOSEN, "");
}

function forget(event: FocusEvent): void {
  const line = event.target instanceof Element ? event.target.closest("[data-seek]") : null;
  line?.querySelector(`[${CHOSEN}]`)?.removeAttribute(CHOSEN);
}

export function startTranscripts(): void {
  document.addEventListener("focusout", forget);
}
