// Steps of a conversation: pressed once, they are taken once. And the panels that open over the page for them.

/** A second press within this time is a double click, or a nervous key. */
const NERVOUS_MS = 600;

let last = { what: "", at: 0 };

/** Hold and its way back share a key, and so count as one: the second press meant the first. */
function whatOf(button: HTMLButtonElement): string {
  return button.dataset["key"] ?? button.dataset["step"] ?? button.value;
}

function onlyOnce(event: Event): void {
  const pressed = event.target instanceof Element ? event.target.closest("[data-step], [data-once] button") : null;
  if (!(pressed instanceof HTMLButtonElement)) {
    return;
  }
  const now = { what: whatOf(pressed), at: Date.now() };
  if (now.what === last.what && now.at - last.at < NERVOUS_MS) {
    event.stopImmediatePropagation();
    event.preventDefault();
  } else {
    last = now;
  }
}

/** Whether a step is on its way, and which was pressed meanwhile; empty for none. */
let stepping = false;
let waiting = "";

/** Told by the request itself: its button may be renewed meanwhile, and is heard of no more then. */
function watchStep(event: Event): void {
  const { requestConfig, xhr } = (event as CustomEvent<{ requestConfig: { elt: Element }; xhr: XMLHttpRequest }>).detail;
  if (requestConfig.elt.matches("[data-step]")) {
    stepping = true;
    xhr.addEventListener("loadend", takeTurn);
  }
}

function waitForTurn(event: Event): void {
  const pressed = event.target instanceof Element ? event.target.closest<HTMLElement>("[data-step]") : null;
  if (pressed && stepping) {
    waiting = pressed.dataset["step"] ?? "";
    event.stopImmediatePropagation();
    event.preventDefault();
  }
}

/** The step before is through, and its buttons stand anew: one that is of no use any more says why, when pointed at. */
function takeTurn(): void {
  const next = waiting;
  stepping = false;
  waiting = "";
  if (next) {
    last = { what: "", at: 0 };
    document.querySelector<HTMLButtonElement>(`#talk [data-step="${CSS.escape(next)}"]`)?.click();
  }
}

/** A panel that has sent what was chosen is done; a keypad stays. */
function closeAfterSending(event: Event): void {
  const sender = event.target instanceof Element ? event.target : null;
  const dialog = sender?.closest("dialog[data-closes-on-send]");
  const posts = sender?.hasAttribute("hx-post") ?? false;
  if (dialog instanceof HTMLDialogElement && posts && !sender?.closest("[data-stays-open]")) {
    dialog.close();
  }
}

/** The call is over, and with it what was to be pressed or chosen for it. */
function closeAfterTheCall(event: Event): void {
  const swapped = event.target instanceof Element ? event.target : null;
  if (swapped?.id === "conversation" && !swapped.querySelector("[data-call]")) {
    document.querySelector<HTMLDialogElement>("dialog[open][data-closes-on-send]")?.close();
  }
}

/** Another way to reach somebody has been chosen: until its panel is there nobody is rung, least of all in the old way. */
function holdTargets(event: Event, on: boolean): void {
  const way = event.target instanceof Element ? event.target.closest(".ways") : null;
  way?.closest("[data-panel]")?.querySelector(".targets")?.toggleAttribute("inert", on);
}

function find(search: HTMLInputElement): HTMLElement[] {
  const words = search.value.trim().toLowerCase();
  const rows = [...document.querySelectorAll<HTMLElement>(search.dataset["finds"] ?? "")];
  const found = rows.filter((row) => (row.textContent ?? "").toLowerCase().includes(words));
  rows.forEach((row) => (row.hidden = !found.includes(row)));
  const nothing = document.querySelector<HTMLElement>("[data-finds-nothing]");
  if (nothing) {
    nothing.hidden = found.length > 0 || rows.length === 0;
  }
  return found;
}

function searchIn(event: Event): HTMLInputElement | undefined {
  const search = event.target;
  return search instanceof HTMLInputElement && search.dataset["finds"] ? search : undefined;
}

/** A form that htmx has not taken up yet must not navigate: that would break off the call. */
function stayHere(event: Event): void {
  if (event.target instanceof HTMLFormElement && event.target.hasAttribute("hx-post")) {
    event.preventDefault();
  }
}

export function startPanels(): void {
  document.addEventListener("submit", stayHere);
  document.addEventListener("click", onlyOnce, true);
  document.addEventListener("click", waitForTurn, true);
  document.addEventListener("htmx:beforeSend", watchStep);
  document.addEventListener("htmx:beforeRequest", closeAfterSending);
  document.addEventListener("htmx:afterSwap", closeAfterTheCall);
  document.addEventListener("htmx:beforeRequest", (event) => holdTargets(event, true));
  document.addEventListener("htmx:afterRequest", (event) => holdTargets(event, false));
  document.addEventListener("input", (event) => {
    const search = searchIn(event);
    if (search) {
      find(search);
    }
  });
  document.addEventListener("keydown", (event) => {
    const search = searchIn(event);
    if (search && event.key === "Enter" && !event.isComposing) {
      event.preventDefault();
      find(search).find((row) => row instanceof HTMLButtonElement && !row.disabled && !row.closest("[inert]"))?.click();
    }
  });
  // What was asked for the last time must not be seen for a moment the next time.
  document.addEventListener("close", (event) => {
    if (event.target instanceof HTMLDialogElement && event.target.hasAttribute("data-closes-on-send")) {
      event.target.firstElementChild?.replaceChildren();
    }
  }, true);
  // The field to type in, once the panel's content is there.
  document.addEventListener("htmx:afterSwap", (event) => {
    const swapped = event.target instanceof Element ? event.target : null;
    swapped?.querySelector<HTMLElement>("dialog[open] [autofocus], [data-panel] [autofocus]")?.focus();
  });
}
