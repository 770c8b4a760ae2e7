// The one honest light of the phone bar, and how the tab's title and the bell say the same when nobody looks.
// The words are in the page: an element with data-when="ringing talking" shows while one of these holds.
import { Bell } from "./bell";
import type { Standing } from "./phone";

/** A page that is loaded anew, or a socket that hiccups, is no alarm. */
const ALARM_AFTER_MS = 3_000;

/** What the light says; exactly one holds. `lost`: the line has been away for a while. */
function lightOf(standing: Standing, lost: boolean): string {
  if (standing.activity !== "idle") {
    return standing.activity;
  }
  const connecting = standing.line === "connecting";
  return standing.trouble ?? (connecting && lost ? "lost" : standing.line);
}

/** What is wrong although a call goes on; said beside the light. */
function warningOf(standing: Standing): string {
  if (standing.activity === "idle") {
    return "";
  }
  const line = standing.line === "logged-out" || standing.line === "taken" ? standing.line : "line-lost";
  return standing.trouble ?? (standing.line === "registered" ? "" : line);
}

export class Light {
  private readonly bell = new Bell();
  private readonly title = document.title;
  private wasRegistered = false;
  private alarm: number | undefined;
  private lost = false;
  private standing: Standing | undefined;

  constructor(private readonly bar: HTMLElement) {}

  show(standing: Standing): void {
    this.standing = standing;
    this.alert(standing);
    this.renew();
  }

  /** Parts of the bar have been fetched anew. */
  renew(): void {
    const standing = this.standing;
    if (!standing) {
      return;
    }
    this.bar.dataset["phone"] = lightOf(standing, this.lost);
    this.bar.dataset["warning"] = warningOf(standing);
    this.bar.dataset["line"] = standing.line;
    this.bar.dataset["muted"] = String(standing.muted);
    this.showParts("when", lightOf(standing, this.lost));
    this.showParts("warn", warningOf(standing));
    this.bar.querySelector("[data-phone-action=mute]")?.setAttribute("aria-pressed", String(standing.muted));
    this.allow();
  }

  /** Buttons that make no sense without a telephone, such as "ready"; a desk telephone will do. */
  private allow(): void {
    const reachable =
      this.bar.dataset["phone"] === "registered" || this.bar.querySelector("[data-seat-registered]") !== null;
    for (const button of this.bar.querySelectorAll<HTMLButtonElement>("[data-needs-line]")) {
      button.disabled = !reachable;
      button.title = reachable ? "" : (button.dataset["needsLine"] ?? "");
    }
  }

  private showParts(kind: "when" | "warn", now: string): void {
    for (const part of document.querySelectorAll<HTMLElement>(`[data-${kind}]`)) {
      part.hidden = !(part.dataset[kind] ?? "").split(" ").includes(now);
    }
  }

  private alert(standing: Standing): void {
    const good = standing.line === "registered" && !standing.trouble;
    this.wasRegistered ||= good;
    if (standing.activity === "ringing") {
      this.call("titleRinging", "ring");
    } else if (good || standing.line === "taken") {
      this.call("", "nothing");
    } else {
      this.alarm ??= window.setTimeout(() => this.warn(), ALARM_AFTER_MS);
    }
  }

  private warn(): void {
    this.lost = true;
    if (this.wasRegistered) {
      this.sound("titleLost", "warning");
    }
    this.renew();
  }

  private call(words: string, sound: "ring" | "nothing"): void {
    window.clearTimeout(this.alarm);
    this.alarm = undefined;
    this.lost = false;
    this.sound(words, sound);
  }

  private sound(words: string, sound: "ring" | "warning" | "nothing"): void {
    const said = this.bar.dataset[words];
    document.title = said ? `${said} · ${this.title}` : this.title;
    // Who has gone home, or has not begun, needs no noise.
    const off = this.bar.querySelector("[data-seat-state=offline]") !== null;
    this.bell.sound(sound === "warning" && off ? "nothing" : sound);
  }
}
