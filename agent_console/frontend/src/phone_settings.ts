// The dialog in which an agent chooses devices, sees both levels, and makes a test call.
import { choose, chosen, devicesFor, openMicrophone, close, type Use } from "./devices";
import { Meter } from "./meter";
import type { Phone } from "./phone";
import { speak, type Verdict } from "./test_call";

export class PhoneSettings {
  private readonly meter = new Meter("out");
  private stream: MediaStream | undefined;
  /** Counts what was begun: a microphone that opens too late is closed again. */
  private turn = 0;

  constructor(
    private readonly dialog: HTMLDialogElement,
    private readonly phone: Phone,
  ) {
    new MutationObserver(() => void this.opened()).observe(dialog, { attributeFilter: ["open"] });
    for (const select of dialog.querySelectorAll<HTMLSelectElement>("[data-device]")) {
      select.addEventListener("change", () => void this.chose(select));
    }
    dialog.querySelector("[data-test-call]")?.addEventListener("click", () => void this.test());
  }

  async devicesChanged(): Promise<void> {
    if (this.dialog.open) {
      for (const select of this.dialog.querySelectorAll<HTMLSelectElement>("[data-device]")) {
        await this.fill(select);
      }
    }
  }

  /** A call came, was answered, or is over. */
  async activityChanged(): Promise<void> {
    if (this.dialog.open) {
      await this.listen();
    }
  }

  private async opened(): Promise<void> {
    if (this.dialog.open) {
      await this.devicesChanged();
      await this.listen();
    } else {
      this.beStill();
    }
  }

  private async fill(select: HTMLSelectElement): Promise<void> {
    const use = select.dataset["device"] as Use;
    const devices = await devicesFor(use);
    const [own] = select.options;
    const options = devices
      .filter((device) => device.deviceId !== "default")
      .map((device) => new Option(device.label, device.deviceId));
    select.replaceChildren(...(own ? [own, ...options] : options));
    select.value = chosen(use);
    // A remembered device that is not plugged in: the computer's own choice serves meanwhile.
    if (select.selectedIndex < 0) {
      select.value = "";
    }
  }

  private async chose(select: HTMLSelectElement): Promise<void> {
    choose(select.dataset["device"] as Use, select.value);
    await this.phone.devicesChosen();
    await this.listen();
  }

  /** The dialog itself listens to the microphone, unless the phone does: then all meters already move. */
  private async listen(): Promise<void> {
    this.beStill();
    if (this.phone.isMeasuring) {
      return;
    }
    const turn = this.turn;
    const stream = await openMicrophone().catch(() => undefined);
    if (turn === this.turn) {
      this.stream = stream;
      this.meter.follow(stream);
    } else {
      close(stream);
    }
  }

  private beStill(): void {
    this.turn += 1;
    close(this.stream);
    this.stream = undefined;
    this.meter.follow(undefined);
  }

  private async test(): Promise<void> {
    this.beStill();
    this.say("running");
    const verdict = await this.phone.test();
    this.say(verdict ?? "");
    await this.listen();
  }

  private say(verdict: Verdict | "running" | ""): void {
    for (const words of this.dialog.querySelectorAll<HTMLElement>("[data-verdict]")) {
      words.hidden = words.dataset["verdict"] !== verdict;
      if (!words.hidden && verdict !== "running") {
        speak(words.textContent ?? "");
      }
    }
  }
}
