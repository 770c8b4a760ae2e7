// Keys press what the page shows: any element with data-key="alt+a" is clicked by Alt+A.
// So a key can do nothing that a visible, enabled button cannot. A dialog with a key is opened by it.
// In a list, data-row-key="y" is a key of the row that has the focus.

const TYPING = "input:not([type=checkbox]), textarea, select, [contenteditable]";

function chordOf(event: KeyboardEvent): string {
  const held = [event.ctrlKey && "ctrl", event.altKey && "alt", event.metaKey && "meta"].filter(Boolean);
  // With Alt some layouts type another character: the physical key is what the label names.
  const letter = /^(?:Key|Digit)(.)$/.exec(event.code)?.[1];
  return [...held, (event.altKey && letter ? letter : event.key).toLowerCase()].join("+");
}

function canBePressed(element: HTMLElement): boolean {
  if (element instanceof HTMLDialogElement) {
    return !element.open;
  }
  return element.checkVisibility() && !(element instanceof HTMLButtonElement && element.disabled);
}

function press(chord: string): boolean {
  const keyed = document.querySelectorAll<HTMLElement>(`[data-key="${CSS.escape(chord)}"]`);
  const target = [...keyed].find(canBePressed);
  if (target instanceof HTMLDialogElement) {
    target.showModal();
  } else if (target instanceof HTMLInputElement) {
    target.focus();
    target.select();
  } else {
    target?.click();
  }
  return target !== undefined;
}

function moveInList(step: number): boolean {
  const rows = [...document.querySelectorAll<HTMLElement>("[data-row]")];
  if (rows.length === 0) {
    return false;
  }
  const focused = rows.findIndex((row) => row.contains(document.activeElement));
  // From beside the list one goes on where one has opened it.
  const current = focused >= 0 ? focused : rows.findIndex((row) => row.querySelector("[aria-current]"));
  const next = rows[Math.min(Math.max(current + step, 0), rows.length - 1)];
  next?.querySelector<HTMLElement>("a")?.focus();
  return true;
}

function pressInRow(chord: string, shiftKey: boolean): boolean {
  const row = document.activeElement?.closest("[data-row]");
  const target = row?.querySelector<HTMLElement>(`[data-row-key="${CSS.escape(chord)}"]`);
  if (!target || !canBePressed(target)) {
    return false;
  }
  // As a click with the same key held: of several rows, Shift chooses all up to this one.
  target.dispatchEvent(new MouseEvent("click", { bubbles: true, cancelable: true, shiftKey }));
  return true;
}

function onKey(event: KeyboardEvent): void {
  if (event.isComposing || event.repeat) {
    return;
  }
  const chord = chordOf(event);
  const plain = !chord.includes("+") || chord === "+";
  if (plain && event.target instanceof Element && event.target.matches(TYPING)) {
    return;
  }
  const handled =
    chord === "j" ? moveInList(1) : chord === "k" ? moveInList(-1) : pressInRow(chord, event.shiftKey) || press(chord);
  if (handled) {
    event.preventDefault();
  }
}

// What one has come for has the focus, so that Tab leads on from there; the page stays where it is.
function focusOpened(): void {
  if (document.activeElement === document.body) {
    document.querySelector<HTMLElement>("[data-focused]")?.focus({ preventScroll: true });
  }
}

export function startKeys(): void {
  focusOpened();
  document.addEventListener("keydown", onKey);
  document.addEventListener("click", (event) => {
    const opener = event.target instanceof Element ? event.target.closest("[data-opens]") : null;
    const dialog = opener && document.getElementById(opener.getAttribute("data-opens") ?? "");
    if (dialog instanceof HTMLDialogElement) {
      dialog.showModal();
    }
  });
}
