// What htmx puts into the page must not take anything from whoever works there.
//
// A part marked data-renews is renewed element by element: what is being typed, an open menu, a playing sound and the
// focus stay. A form that comes back refused has the focus in its first wrong field.
import htmx from "htmx.org";
import { morph } from "./morph";

interface Swap {
  target: Element;
  serverResponse: string;
  shouldSwap: boolean;
}

function renew(event: Event): void {
  const swap = (event as CustomEvent<Swap>).detail;
  if (!swap.shouldSwap || !swap.target.matches("[data-renews]")) {
    return;
  }
  const answer = new DOMParser().parseFromString(swap.serverResponse, "text/html");
  const fresh = answer.getElementById(swap.target.id);
  if (fresh) {
    swap.shouldSwap = false;
    morph(swap.target, document.importNode(fresh, true));
    htmx.process(swap.target); // what is new in it has buttons
    document.dispatchEvent(new Event("htmx:afterSwap")); // running times begin at once
  }
}

function focusWrong(event: Event): void {
  const part = event.target;
  const wrong = part instanceof Element ? part.querySelector(".field.wrong") : null;
  wrong?.querySelector<HTMLElement>("input:not([type=hidden]), select, textarea")?.focus();
}

export function startRenewal(): void {
  document.addEventListener("htmx:beforeSwap", renew);
  document.addEventListener("htmx:afterSettle", focusWrong);
  const wrong = document.querySelector(".field.wrong :is(input:not([type=hidden]), select, textarea)");
  if (wrong instanceof HTMLElement) {
    wrong.focus();
  }
}
