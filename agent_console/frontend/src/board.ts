// The live board: fetches what changed and puts it in place; for supervisors, sends their orders.
import { BoardPhone } from "./board_phone";
import { morph, unsettled } from "./morph";
import { show } from "./notices";
import { startWall } from "./wall";

const TOPICS = ["calls", "seats", "monitorings", "conversations", "callbacks", "pbxs", "incidents"];
/** Some marks come with time alone: a pause that has become too long. */
const ANYWAY_MS = 10_000;
/** As long as it takes to read it: whatever changes on the board meanwhile does not take a refusal away. */
const REFUSAL_STANDS_MS = 8_000;

/** A part of the page that its own address renders anew. */
class Part {
  private running = false;
  private again = false;
  private refusalStandsUntil = 0;
  private latest: Element | undefined;

  constructor(private readonly element: HTMLElement) {
    element.addEventListener("pointerout", () => this.settle());
    element.addEventListener("focusout", () => this.settle());
  }

  isFor(element: HTMLElement): boolean {
    return this.element === element;
  }

  /** One request at a time; whatever changes meanwhile is fetched after it. */
  async refresh(): Promise<void> {
    if (this.running) {
      this.again = true;
      return;
    }
    this.running = true;
    try {
      do {
        this.again = false;
        await this.fetchOnce();
      } while (this.again);
    } finally {
      this.running = false;
    }
  }

  /** What became of an order. */
  answered(html: string, refused: boolean): void {
    this.refusalStandsUntil = 0;
    this.put(html);
    this.refusalStandsUntil = refused ? Date.now() + REFUSAL_STANDS_MS : 0;
  }

  private put(html: string): void {
    const refusal = Date.now() < this.refusalStandsUntil && this.element.querySelector("[role=alert]");
    const fresh = this.element.cloneNode(false) as Element;
    fresh.innerHTML = html;
    if (refusal) {
      fresh.querySelector("[role=status]")?.append(refusal.cloneNode(true));
    }
    this.latest = fresh.cloneNode(true) as Element;
    morph(this.element, fresh);
    document.dispatchEvent(new Event("htmx:afterSwap")); // running times begin at once
  }

  private async fetchOnce(): Promise<void> {
    const answer = await ask(this.element.dataset["part"] ?? "");
    if (answer?.ok) {
      this.put(await answer.text());
    }
  }

  /** Nobody points at it any more: rows may go, and come into their order. */
  private settle(): void {
    window.setTimeout(() => {
      if (this.latest && unsettled(this.element)) {
        morph(this.element, this.latest.cloneNode(true) as Element);
      }
    });
  }
}

/** The answer, or nothing where the console is away or has signed us out. */
async function ask(address: string, form?: FormData): Promise<Response | undefined> {
  const token = JSON.parse(document.body.getAttribute("hx-headers") ?? "{}") as Record<string, string>;
  try {
    const answer = await fetch(address, {
      method: form ? "POST" : "GET",
      headers: { "HX-Request": "true", ...token },
      ...(form ? { body: form } : {}),
    });
    const elsewhere = answer.headers.get("HX-Redirect");
    if (elsewhere) {
      window.location.assign(elsewhere);
      return undefined;
    }
    show("notice-offline", false);
    show("notice-refused", !answer.ok && answer.status !== 409 && answer.status !== 422);
    return answer;
  } catch {
    show("notice-offline", true);
    return undefined;
  }
}

async function order(button: HTMLButtonElement, bar: Part): Promise<void> {
  const form = new FormData();
  form.set("mode", button.dataset["mode"] ?? "");
  button.disabled = true; // pressed twice is pressed once
  try {
    const answer = await ask(button.dataset["order"] ?? "", form);
    if (answer && (answer.ok || answer.status === 409 || answer.status === 422)) {
      bar.answered(await answer.text(), !answer.ok);
    }
  } finally {
    button.disabled = false;
  }
}

async function open(dialog: HTMLDialogElement, address: string): Promise<void> {
  const answer = await ask(address);
  if (answer?.ok) {
    dialog.innerHTML = await answer.text();
    dialog.showModal();
  }
}

async function submit(dialog: HTMLDialogElement, form: HTMLFormElement): Promise<void> {
  const button = form.querySelector<HTMLButtonElement>("button:not([type])");
  if (button?.disabled) {
    return;
  }
  button?.toggleAttribute("disabled", true);
  const answer = await ask(form.action, new FormData(form));
  if (answer?.status === 204) {
    dialog.close();
  } else if (answer && (answer.ok || answer.status === 409 || answer.status === 422)) {
    dialog.innerHTML = await answer.text();
  } else {
    button?.toggleAttribute("disabled", false);
  }
}

function listen(bar: Part, dialog: HTMLDialogElement): void {
  document.addEventListener("click", (event) => {
    const button = event.target instanceof Element ? event.target.closest("button") : null;
    if (button?.dataset["order"]) {
      void order(button, bar);
    } else if (button?.dataset["dialog"]) {
      void open(dialog, button.dataset["dialog"]);
    } else if (button?.matches("[data-closes]")) {
      button.closest("dialog")?.close();
    }
  });
  dialog.addEventListener("submit", (event) => {
    event.preventDefault();
    if (event.target instanceof HTMLFormElement) {
      void submit(dialog, event.target);
    }
  });
}

function start(): void {
  const parts = [...document.querySelectorAll<HTMLElement>("[data-part]")].map((element) => new Part(element));
  const refresh = (): void => parts.forEach((part) => void part.refresh());
  for (const topic of TOPICS) {
    document.body.addEventListener(`live:${topic}`, refresh);
  }
  window.setInterval(() => {
    if (document.visibilityState === "visible") {
      refresh();
    }
  }, ANYWAY_MS);
  document.addEventListener("visibilitychange", refresh);
  const bar = document.getElementById("supervising");
  const dialog = document.getElementById("board-dialog");
  const barPart = bar ? parts.find((part) => part.isFor(bar)) : undefined;
  if (barPart && dialog instanceof HTMLDialogElement) {
    listen(barPart, dialog);
  }
  const section = document.querySelector<HTMLElement>("[data-account]");
  if (section) {
    new BoardPhone(section);
  }
}

start();
startWall();
