// How loud a stream is, ten times a second, shown in <meter> elements: what one says, and what one hears.

const TICK_MS = 100;
const FFT_SIZE = 1024;
/** Loudness of normal speech near the right end. */
const FULL = 0.25;
const FALL = 0.6;

let shared: AudioContext | undefined;

/** Measures one stream until it is let go. */
export class Ear {
  private readonly source: MediaStreamAudioSourceNode;
  private readonly analyser: AnalyserNode;
  private readonly samples = new Float32Array(FFT_SIZE);

  constructor(stream: MediaStream) {
    shared ??= new AudioContext();
    void shared.resume();
    this.analyser = new AnalyserNode(shared, { fftSize: FFT_SIZE });
    this.source = shared.createMediaStreamSource(stream);
    this.source.connect(this.analyser);
  }

  /** Root mean square of the last moment: 0 is silence, 1 as loud as can be. */
  level(): number {
    this.analyser.getFloatTimeDomainData(this.samples);
    const power = this.samples.reduce((sum, sample) => sum + sample * sample, 0) / FFT_SIZE;
    return Math.sqrt(power);
  }

  letGo(): void {
    this.source.disconnect();
  }
}

/** Keeps the <meter>s of one direction, wherever in the page, at the loudness of one stream. */
export class Meter {
  private ear: Ear | undefined;
  private timer: number | undefined;
  private shown = 0;

  constructor(private readonly direction: "out" | "in") {}

  follow(stream: MediaStream | undefined): void {
    this.ear?.letGo();
    this.ear = stream?.getAudioTracks().length ? new Ear(stream) : undefined;
    window.clearInterval(this.timer);
    this.show(0);
    if (this.ear) {
      this.timer = window.setInterval(() => this.tick(), TICK_MS);
    }
  }

  private tick(): void {
    // It jumps up and falls slowly, as needles do: short words stay visible.
    this.show(Math.max(Math.min((this.ear?.level() ?? 0) / FULL, 1), this.shown * FALL));
  }

  private show(value: number): void {
    this.shown = value;
    for (const meter of document.querySelectorAll<HTMLMeterElement>(`meter[data-level=${this.direction}]`)) {
      meter.value = value;
    }
  }
}
