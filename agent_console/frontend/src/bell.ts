// The ring of an arriving call: two soft tones a second, made here so that no sound file is needed.

export class Bell {
  private context: AudioContext | undefined;
  private timer: number | undefined;

  ring(): void {
    if (this.timer === undefined) {
      this.context ??= new AudioContext();
      this.strike();
      this.timer = window.setInterval(() => this.strike(), 2000);
    }
  }

  stop(): void {
    window.clearInterval(this.timer);
    this.timer = undefined;
  }

  private strike(): void {
    const context = this.context;
    // Before the first click a browser keeps the context suspended; the bar still shows the call.
    if (context?.state !== "running") {
      void context?.resume();
      return;
    }
    for (const [delay, hertz] of [[0, 660], [0.2, 880]] as const) {
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
