// The agent's desk: binds the phone to the phone bar. The bar's words are in the page; this shows the right ones.
import { Bell } from "./bell";
import { Phone, type Account, type PhoneState } from "./phone";

const CALLING: readonly PhoneState[] = ["ringing", "talking"];

function showState(bar: HTMLElement, state: PhoneState, muted: boolean): void {
  bar.dataset["phone"] = state;
  bar.dataset["muted"] = String(muted);
  for (const part of bar.querySelectorAll<HTMLElement>("[data-when]")) {
    part.hidden = !(part.dataset["when"] ?? "").split(" ").includes(state);
  }
  bar.querySelector("[data-phone-action=mute]")?.setAttribute("aria-pressed", String(muted));
  allowWithLine(bar, state);
}

/** Buttons that make no sense without a telephone, such as "ready". */
function allowWithLine(bar: HTMLElement, state: string | undefined): void {
  for (const button of bar.querySelectorAll<HTMLButtonElement>("[data-needs-line]")) {
    button.disabled = state !== "registered";
  }
}

async function accountFrom(url: string): Promise<Account> {
  const response = await fetch(url, { headers: { Accept: "application/json" } });
  if (!response.ok) {
    throw new Error(`phone account: HTTP ${response.status}`);
  }
  return (await response.json()) as Account;
}

/** The answered call's draft will take the place of the one on the page. */
function saveDraft(): void {
  document.getElementById("draft-form")?.dispatchEvent(new Event("save-now"));
}

function bindButtons(bar: HTMLElement, phone: Phone): void {
  const actions: Record<string, () => void> = {
    answer: () => {
      saveDraft();
      phone.answer();
    },
    "hang-up": () => phone.hangUp(),
    mute: () => phone.toggleMute(),
  };
  for (const button of bar.querySelectorAll<HTMLElement>("[data-phone-action]")) {
    const action = actions[button.dataset["phoneAction"] ?? ""];
    if (action) {
      button.addEventListener("click", action);
    }
  }
}

async function start(bar: HTMLElement): Promise<void> {
  const loudspeaker = bar.querySelector<HTMLAudioElement>("audio[data-loudspeaker]");
  if (!loudspeaker) {
    throw new Error("the phone bar has no audio element");
  }
  const bell = new Bell();
  let state: PhoneState = "connecting";
  const phone = new Phone(await accountFrom(bar.dataset["account"] ?? ""), loudspeaker, (now, muted) => {
    state = now;
    showState(bar, now, muted);
    if (now === "ringing") {
      bell.ring();
    } else {
      bell.stop();
    }
  });
  bindButtons(bar, phone);
  bar.addEventListener("htmx:afterSwap", () => allowWithLine(bar, bar.dataset["phone"]));
  phone.start();
  window.addEventListener("beforeunload", (event) => {
    if (CALLING.includes(state)) {
      event.preventDefault();
    }
  });
  window.addEventListener("pagehide", () => phone.stop());
}

const bar = document.querySelector<HTMLElement>("[data-phone]");
if (bar) {
  start(bar).catch(() => showState(bar, "refused", false));
}
