// A supervisor's telephone on the board itself, for those without a desk phone. It is a choice (a desk that is open in
// another tab has the same account), remembered until the tab is closed. Whatever rings here was asked for with a
// button: it is answered at once.
import type { RTCSession } from "jssip/lib/RTCSession";
import { close, openMicrophone, sendTo } from "./devices";
import type { LineState } from "./line";
import { Lines, type Holder } from "./lines";

const CHOSEN = "board.phone";
type Says = LineState | "deaf" | "off";

export class BoardPhone implements Holder {
  private readonly line: Lines;
  private readonly button: HTMLElement | null;
  private readonly loudspeaker: HTMLAudioElement | null;
  private session: RTCSession | undefined;
  private microphone: MediaStream | undefined;

  constructor(private readonly section: HTMLElement) {
    this.line = new Lines(section.dataset["account"] ?? "", this);
    this.button = section.querySelector("[data-phone-here]");
    this.loudspeaker = section.querySelector("audio[data-loudspeaker]");
    this.button?.addEventListener("click", () => void this.choose(!this.isChosen));
    window.addEventListener("pagehide", () => this.leave());
    if (this.isChosen) {
      void this.choose(true);
    }
  }

  get isBusy(): boolean {
    return this.session !== undefined;
  }

  lineChanged(state: LineState): void {
    this.say(this.isChosen ? state : "off");
  }

  arrived(session: RTCSession): void {
    if (this.session || !this.microphone) {
      session.terminate({ status_code: 486 });
      return;
    }
    this.session = session;
    const over = (): void => {
      this.session = undefined;
    };
    session.on("ended", over);
    session.on("failed", over);
    session.on("peerconnection", ({ peerconnection }) => this.hear(peerconnection));
    session.answer({ mediaStream: this.microphone, pcConfig: { iceServers: [] } });
  }

  /** A call that the supervisor has taken over is kept by the exchange, which rings here again; any other ends. */
  private leave(): void {
    if (!(this.session && document.querySelector("[data-owns-call]"))) {
      this.line.stop();
    }
  }

  private get isChosen(): boolean {
    return sessionStorage.getItem(CHOSEN) === "yes";
  }

  private async choose(here: boolean): Promise<void> {
    sessionStorage.setItem(CHOSEN, here ? "yes" : "no");
    this.button?.setAttribute("aria-pressed", String(here));
    if (!here) {
      this.session?.terminate();
      this.line.stop();
      close(this.microphone);
      this.microphone = undefined;
      this.say("off");
      return;
    }
    this.say("connecting");
    try {
      this.microphone = await openMicrophone();
      this.line.start(true);
    } catch {
      this.say("deaf");
    }
  }

  private hear(connection: RTCPeerConnection): void {
    connection.addEventListener("track", (event) => {
      const loudspeaker = this.loudspeaker;
      if (loudspeaker) {
        loudspeaker.srcObject = event.streams[0] ?? new MediaStream([event.track]);
        void sendTo(loudspeaker, "speaker");
        void loudspeaker.play();
      }
    });
  }

  private say(says: Says): void {
    for (const words of this.section.querySelectorAll<HTMLElement>("[data-phone-says]")) {
      words.hidden = words.dataset["phoneSays"] !== says;
    }
  }
}
