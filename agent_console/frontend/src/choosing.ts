// Rows of a list that are chosen for one step together: one by one, a stretch with Shift, or all; and how many they are.

const ROWS = "input[type=checkbox][form='together']";

let last: HTMLInputElement | undefined;

function boxes(): HTMLInputElement[] {
  return [...document.querySelectorAll<HTMLInputElement>(ROWS)];
}

function say(): void {
  const form = document.getElementById("together");
  const count = boxes().filter((box) => box.checked).length;
  const words = (form?.dataset["chosen"] ?? "").replace("#", String(count));
  const output = form?.querySelector("output");
  if (output && output.textContent !== words) {
    output.textContent = words;
  }
  const all = form?.querySelector<HTMLInputElement>("[data-chooses-all]");
  if (all) {
    all.checked = count > 0 && count === boxes().length;
    all.indeterminate = count > 0 && !all.checked;
  }
}

/** From the one that was chosen before to this one, all become as this one is. */
function stretch(to: HTMLInputElement): void {
  const all = boxes();
  const [from, until] = [last ? all.indexOf(last) : -1, all.indexOf(to)];
  if (from >= 0) {
    for (const box of all.slice(Math.min(from, until), Math.max(from, until) + 1)) {
      box.checked = to.checked;
    }
  }
}

function choose(event: MouseEvent): void {
  const box = event.target;
  if (!(box instanceof HTMLInputElement)) {
    return;
  }
  if (box.matches("[data-chooses-all]")) {
    for (const one of boxes()) {
      one.checked = box.checked;
    }
  } else if (box.matches(ROWS)) {
    if (event.shiftKey) {
      stretch(box);
    }
    last = box;
  } else {
    return;
  }
  say();
}

export function startChoosing(): void {
  say();
  document.addEventListener("click", choose);
  document.addEventListener("htmx:afterSwap", say);
}
