// The lines to every exchange of the hotline: calls arrive from each, and one that is registered is enough.
import type { RTCSession } from "jssip/lib/RTCSession";
import { Line, type LineState } from "./line";

/** Whoever holds the lines. */
export interface Holder {
  readonly isBusy: boolean;
  lineChanged(state: LineState): void;
  arrived(session: RTCSession, returning: boolean): void;
}

export class Lines {
  private readonly lines: Line[] = [];
  private readonly states: LineState[] = [];
  private started = false;
  /** This page among all that the agent has open; and whether it has had the telephone already. */
  private readonly page = crypto.getRandomValues(new Uint32Array(2)).join("-");
  private had = false;

  constructor(
    private readonly address: string,
    private readonly holder: Holder,
  ) {
    this.exchangesKnown(1);
  }

  get isRegistered(): boolean {
    return this.states.includes("registered");
  }

  /** `anew`: the agent wants the telephone here, wherever it is. */
  start(anew = false): void {
    this.started = true;
    this.had &&= !anew;
    this.lines.forEach((line) => line.start());
  }

  stop(): void {
    this.started = false;
    this.lines.forEach((line) => line.stop());
  }

  hurry(): void {
    this.lines.forEach((line) => line.hurry());
  }

  call(target: string, microphone: MediaStream): RTCSession | undefined {
    return this.lines.find((line) => line.isRegistered)?.call(target, microphone);
  }

  private exchangesKnown(count: number): void {
    while (this.lines.length < count) {
      const line = this.lineTo(this.lines.length);
      this.lines.push(line);
      this.states.push("connecting");
      if (this.started) {
        line.start();
      }
    }
  }

  private lineTo(number: number): Line {
    const holder = this.holder;
    return new Line(() => this.addressNow(), number, {
      get isBusy() {
        return holder.isBusy;
      },
      exchangesKnown: (count) => {
        this.had = true;
        this.exchangesKnown(count);
      },
      lineChanged: (state) => this.lineChanged(number, state),
      arrived: (session, returning) => holder.arrived(session, returning),
    });
  }

  /** A page that begins takes the telephone from any other; it does not take it back from one that began later. */
  private addressNow(): string {
    return `${this.address}?page=${this.page}${this.had ? "" : "&takes=yes"}`;
  }

  private lineChanged(number: number, state: LineState): void {
    this.states[number] = state;
    const best = (["registered", "taken", "refused", "logged-out"] as const).find((one) => this.states.includes(one));
    this.holder.lineChanged(best ?? "connecting");
  }
}
