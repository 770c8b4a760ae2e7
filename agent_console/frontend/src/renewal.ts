// What htmx puts into the page must not take anything from whoever works there.
//
// A part marked data-renews is renewed element by element: what is being typed, an open menu, a playing sound and the
// focus stay; so are those parts of the same answer whose ids stand in its data-renews-also. A form that comes back refused has the focus in its first wrong field.
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
  if (renewPart(swap.target, answer)) {
    swap.shouldSwap = false;
    for (const id of (swap.target.getAttribute("data-renews-also") ?? "").split(" ").filter(Boolean)) {
      renewPart(document.getElementById(id), answer);
    }
    document.dispatchEvent(new Event("htmx:afterSwap")); // running times begin at once
  }
}

function renewPart(part: Element | null, answer: Document): boolean {
  const fresh = part && answer.getElementById(part.id);
  if (part && fresh) {
    morph(part, document.importNode(fresh, true));
    htmx.process(part); // what is new in it has buttons
  }
  return Boolean(fresh);
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
