// The ring of an arriving call and the warning of a lost line, made here so that no sound file is needed.
import { sendTo } from "./devices";

type Tone = readonly [delay: number, hertz: number];

const RING: readonly Tone[] = [[0, 660], [0.2, 880]];
const WARNING: readonly Tone[] = [[0, 440], [0.25, 330], [0.5, 220]];
const RING_EVERY_MS = 2_000;
const WARN_EVERY_MS = 15_000;

class Sounder {
  private context: AudioContext | undefined;
  private timer: number | undefined;

  constructor(
    private readonly tones: readonly Tone[],
    private readonly everyMs: number,
  ) {}

  start(): void {
    if (this.timer === undefined) {
      this.timer = window.setInterval(() => this.strike(), this.everyMs);
      this.context ??= new AudioContext();
      void sendTo(this.context, "ring").then(() => this.strike());
    }
  }

  stop(): void {
    window.clearInterval(this.timer);
    this.timer = undefined;
  }

  private strike(): void {
    const context = this.timer === undefined ? undefined : this.context;
    // Before the first click a browser keeps the context suspended; the bar and the title still say it.
    if (context?.state !== "running") {
      void context?.resume();
      return;
    }
    for (const [delay, hertz] of this.tones) {
      const tone = new OscillatorNode(context, { frequency: hertz });
      const volume = new GainNode(context, { gain: 0.08 });
      const at = context.currentTime + delay;
      volume.gain.setValueAtTime(0.08, at);
      volume.gain.exponentialRampToValueAtTime(0.001, at + 0.35);
      tone.connect(volume).connect(context.destination);
      tone.start(at);
      tone.stop(at + 0.4);
    }
  }
}

/** Rings, warns, or is still. */
export class Bell {
  private readonly ringing = new Sounder(RING, RING_EVERY_MS);
  private readonly warning = new Sounder(WARNING, WARN_EVERY_MS);

  sound(what: "ring" | "warning" | "nothing"): void {
    for (const [name, sounder] of [["ring", this.ringing], ["warning", this.warning]] as const) {
      if (name === what) {
        sounder.start();
      } else {
        sounder.stop();
      }
    }
  }
}
