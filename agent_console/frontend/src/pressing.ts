// A click needs the same element under the pointer when the button goes down and when it comes up again. So while
// something is being pressed no part renews itself: it asks once more afterwards.
import htmx from "htmx.org";

/** Nobody presses for longer; and who opens a list or drags something away may never be seen to let go. */
const LONGEST_PRESS_MS = 2_000;
const LOOK_AGAIN_MS = 50;
const RENEWS_ITSELF = "[hx-get][hx-trigger*='live:']";

interface Swap {
  requestConfig: { elt: Element };
  shouldSwap: boolean;
}

let pressedSince = -Infinity;

function isPressing(): boolean {
  return performance.now() - pressedSince < LONGEST_PRESS_MS;
}

function hold(event: Event): void {
  const swap = (event as CustomEvent<Swap>).detail;
  const part = swap.requestConfig.elt;
  if (swap.shouldSwap && isPressing() && part.matches(RENEWS_ITSELF)) {
    swap.shouldSwap = false;
    window.setTimeout(() => askAgain(part), LOOK_AGAIN_MS);
  }
}

function askAgain(part: Element): void {
  if (isPressing()) {
    window.setTimeout(() => askAgain(part), LOOK_AGAIN_MS);
  } else if (part.isConnected) {
    // Given up with the page that goes away; what else goes wrong htmx tells by its events.
    htmx.ajax("get", part.getAttribute("hx-get") ?? "", { source: part }).catch(() => undefined);
  }
}

export function startPressing(): void {
  document.addEventListener("pointerdown", () => (pressedSince = performance.now()), true);
  for (const letGo of ["pointerup", "pointercancel"]) {
    // The click comes after it.
    document.addEventListener(letGo, () => window.setTimeout(() => (pressedSince = -Infinity)), true);
  }
  document.addEventListener("htmx:beforeSwap", hold);
}
