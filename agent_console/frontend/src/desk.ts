// The agent's desk: binds the phone to the phone bar and to its settings.
import { startDraft } from "./draft";
import { Light } from "./light";
import { Phone, type Activity } from "./phone";
import { startKnowledge } from "./knowledge";
import { startPanels } from "./panels";
import { PhoneSettings } from "./phone_settings";
import { startSuggestions } from "./suggestions";

/** The answered call's draft will take the place of the one on the page. */
function saveDraft(): void {
  document.getElementById("draft-form")?.dispatchEvent(new Event("save-now"));
}

/** The page goes away: what was typed within the last moment has not been saved yet. */
function keepDraft(): void {
  const form = document.getElementById("draft-form");
  const address = document.querySelector("[hx-trigger*='save-now']")?.getAttribute("hx-post");
  if (form instanceof HTMLFormElement && address) {
    const token = JSON.parse(document.body.getAttribute("hx-headers") ?? "{}") as Record<string, string>;
    const headers = { "HX-Request": "true", ...token };
    void fetch(address, { method: "POST", body: new FormData(form), headers, keepalive: true });
  }
}

function bindButtons(bar: HTMLElement, phone: Phone): void {
  const actions: Record<string, () => void> = {
    answer: () => {
      saveDraft();
      void phone.answer();
    },
    "hang-up": () => phone.hangUp(),
    mute: () => phone.toggleMute(),
  };
  // Parts of the bar are fetched anew while it lives: listen to all of it.
  bar.addEventListener("click", (event) => {
    const button = event.target instanceof Element ? event.target.closest<HTMLElement>("[data-phone-action]") : null;
    actions[button?.dataset["phoneAction"] ?? ""]?.();
  });
}

/** By its line alone: the hotline, which has signed the seat off, knows of no telephone. A supervisor may have done it. */
function seemsRegistered(bar: HTMLElement): boolean {
  const offline = bar.querySelector("[data-seat-state=offline]:not([data-seat-registered])") !== null;
  return offline && bar.dataset["line"] === "registered";
}

function start(bar: HTMLElement, loudspeaker: HTMLAudioElement): void {
  const light = new Light(bar);
  let activity: Activity = "idle";
  let settings: PhoneSettings | undefined;
  const phone = new Phone(bar.dataset["account"] ?? "", loudspeaker, (standing) => {
    light.show(standing);
    if (activity !== standing.activity) {
      activity = standing.activity;
      void settings?.activityChanged();
    }
  });
  bindButtons(bar, phone);
  bar.addEventListener("htmx:afterSwap", () => {
    light.renew();
    if (seemsRegistered(bar)) {
      phone.askAgain();
    }
  });
  window.addEventListener("beforeunload", (event) => {
    keepDraft();
    if (activity === "talking") {
      event.preventDefault();
    }
  });
  window.addEventListener("pagehide", () => phone.leave());
  const dialog = document.getElementById("phone-settings");
  if (dialog instanceof HTMLDialogElement) {
    settings = new PhoneSettings(dialog, phone);
    navigator.mediaDevices?.addEventListener("devicechange", () => void settings?.devicesChanged());
  }
  phone.start();
}

const bar = document.querySelector<HTMLElement>("[data-phone]");
const loudspeaker = bar?.querySelector<HTMLAudioElement>("audio[data-loudspeaker]");
startDraft();
startPanels();
startSuggestions();
startKnowledge();
if (bar && loudspeaker && bar.dataset["account"]) {
  start(bar, loudspeaker);
}
