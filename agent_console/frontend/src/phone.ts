// The browser phone: a line, a microphone, and at most one call. What the agent must know of it is its `Standing`.
import type { RTCSession } from "jssip/lib/RTCSession";
import { close, NoMicrophone, openMicrophone, sendTo, watchDevices, type Trouble } from "./devices";
import { inDoubt, type LineState } from "./line";
import { Lines } from "./lines";
import { Meter } from "./meter";
import { onlyHere } from "./only_here";
import { judge, type Verdict } from "./test_call";

export type Activity = "idle" | "ringing" | "talking" | "testing";

export interface Standing {
  activity: Activity;
  line: LineState;
  /** What is wrong with the microphone; undefined if nothing is. */
  trouble: Trouble | undefined;
  muted: boolean;
}

/** Echoes without a word before it. */
const ECHO = "*44";
const TALKING = "phone.talking";
/** A talk that broke off with the page comes back for ten seconds; the browser needs some to load the page. */
const COMES_BACK_MS = 30_000;
const OPENED_AT = Date.now();
const TALKING_TICK_MS = 2_000;

export class Phone {
  private readonly line: Lines;
  private readonly said = new Meter("out");
  private readonly heard = new Meter("in");
  private session: RTCSession | undefined;
  private microphone: MediaStream | undefined;
  private activity: Activity = "idle";
  private trouble: Trouble | undefined = "asked";
  private lineState: LineState = "connecting";
  private answering = false;
  private talkedUntil = 0;

  constructor(
    accountAddress: string,
    private readonly loudspeaker: HTMLAudioElement,
    private readonly changed: (standing: Standing) => void,
  ) {
    this.line = new Lines(accountAddress, this);
    window.setInterval(() => this.rememberTalk(), TALKING_TICK_MS);
  }

  /** The line registers only with a microphone: who cannot be heard must not be offered a call. */
  start(): void {
    const begin = (): void => {
      watchDevices(() => void this.lookAtMicrophone());
      void this.lookAtMicrophone();
    };
    onlyHere(begin, () => this.complain(new NoMicrophone("elsewhere")));
  }

  /** The page goes away. In a talk nothing is said: the exchange keeps the caller, and rings here again. */
  leave(): void {
    if (this.activity !== "talking") {
      this.line.stop();
    }
  }

  /** Whether the line is as good as it seems is found out now. */
  askAgain(): void {
    this.line.hurry();
  }

  get isBusy(): boolean {
    return this.session !== undefined;
  }

  /** Whether the microphone is open and its loudness shown. */
  get isMeasuring(): boolean {
    return this.microphone !== undefined;
  }

  // --- What the agent does ---

  async answer(): Promise<void> {
    const session = this.session;
    if (this.activity !== "ringing" || this.answering || !session) {
      return;
    }
    this.answering = true;
    try {
      const microphone = await this.open();
      if (session === this.session && !session.isEnded()) {
        session.answer({ mediaStream: microphone, pcConfig: { iceServers: [] } });
      } else {
        this.letGo();
      }
    } catch (error) {
      this.complain(error);
    } finally {
      this.answering = false;
    }
  }

  hangUp(): void {
    this.session?.terminate();
  }

  toggleMute(): void {
    if (!this.session?.isEstablished()) {
      return;
    }
    if (this.session.isMuted().audio) {
      this.session.unmute({ audio: true });
    } else {
      this.session.mute({ audio: true });
    }
    this.tell();
  }

  /** Calls the exchange's echo and says what became of it; undefined if something else is going on. */
  async test(): Promise<Verdict | undefined> {
    if (this.activity !== "idle" || !this.line.isRegistered) {
      return undefined;
    }
    try {
      const microphone = await this.open();
      const session = this.line.call(ECHO, microphone);
      if (!session) {
        this.letGo();
        return "failed";
      }
      return await this.testWith(session, microphone);
    } catch (error) {
      this.complain(error);
      return "silent";
    }
  }

  /** Another microphone or loudspeaker has been chosen. */
  async devicesChosen(): Promise<void> {
    await sendTo(this.loudspeaker, "speaker");
    await this.lookAtMicrophone();
    if (this.session?.isEstablished()) {
      await this.replaceMicrophone();
    }
  }

  // --- What the line tells ---

  lineChanged(state: LineState): void {
    this.lineState = state;
    this.tell();
  }

  arrived(session: RTCSession, returning: boolean): void {
    if (this.session && !returning && !inDoubt.has(this.session)) {
      session.terminate({ status_code: 486 });
      return;
    }
    const before = this.session;
    this.attend(session, "ringing");
    before?.terminate();
    if (returning && (before !== undefined || this.justTalked() || this.wasTalking())) {
      void this.answer();
    }
  }

  // --- Inside ---

  private attend(session: RTCSession, activity: Activity): void {
    this.session = session;
    const mine = (act: () => void) => () => {
      if (this.session === session) {
        act();
      }
    };
    session.on("peerconnection", ({ peerconnection }) => this.listenTo(peerconnection));
    session.on("confirmed", mine(() => this.enter(activity === "ringing" ? "talking" : activity)));
    session.on("ended", mine(() => this.over()));
    session.on("failed", mine(() => this.over()));
    if (session.connection) {
      this.listenTo(session.connection);
    }
    this.enter(activity);
  }

  private listenTo(connection: RTCPeerConnection): void {
    connection.addEventListener("track", (event) => {
      const stream = event.streams[0] ?? new MediaStream([event.track]);
      this.loudspeaker.srcObject = stream;
      void sendTo(this.loudspeaker, "speaker");
      void this.loudspeaker.play();
      this.heard.follow(stream);
    });
  }

  private over(): void {
    if (this.activity === "talking") {
      this.talkedUntil = Date.now();
    }
    this.session = undefined;
    this.loudspeaker.srcObject = null;
    this.letGo();
    localStorage.removeItem(TALKING);
    this.enter("idle");
    void this.lookAtMicrophone();
  }

  private async testWith(session: RTCSession, microphone: MediaStream): Promise<Verdict> {
    const connected = new Promise<boolean>((decided) => {
      session.on("confirmed", () => decided(true));
      session.on("failed", () => decided(false));
    });
    this.attend(session, "testing");
    const echo = (await connected) ? this.loudspeaker.srcObject : null;
    const verdict = echo instanceof MediaStream ? await judge(microphone, echo) : "failed";
    if (!session.isEnded()) {
      session.terminate();
    }
    return verdict;
  }

  private async open(): Promise<MediaStream> {
    const stream = await openMicrophone();
    close(this.microphone);
    this.microphone = stream;
    this.said.follow(stream);
    for (const track of stream.getAudioTracks()) {
      track.addEventListener("ended", () => void this.microphoneLost(stream));
    }
    this.noTrouble();
    return stream;
  }

  private letGo(): void {
    close(this.microphone);
    this.microphone = undefined;
    this.said.follow(undefined);
    this.heard.follow(undefined);
  }

  private async microphoneLost(stream: MediaStream): Promise<void> {
    if (stream === this.microphone) {
      this.trouble = "missing";
      this.tell();
      await this.replaceMicrophone();
    }
  }

  /** In a call: whatever microphone there is takes the place of the one before. */
  private async replaceMicrophone(): Promise<void> {
    const muted = this.session?.isMuted().audio ?? false;
    const sender = this.session?.connection?.getSenders().find((one) => one.track?.kind === "audio");
    try {
      const stream = await this.open();
      const [track] = stream.getAudioTracks();
      if (track && sender) {
        track.enabled = !muted;
        await sender.replaceTrack(track);
      }
    } catch (error) {
      this.complain(error);
    }
  }

  /** Whether there is a microphone now; in a call, and if it had gone, one that came back is taken. */
  private async lookAtMicrophone(): Promise<void> {
    if (this.session) {
      if (this.trouble && this.activity === "talking") {
        await this.replaceMicrophone();
      }
      return;
    }
    try {
      close(await openMicrophone());
      this.noTrouble();
      this.line.start();
    } catch (error) {
      this.complain(error);
      this.line.stop();
    }
  }

  private complain(error: unknown): void {
    if (!(error instanceof NoMicrophone)) {
      throw error;
    }
    this.trouble = error.trouble;
    this.tell();
  }

  private noTrouble(): void {
    if (this.trouble) {
      this.trouble = undefined;
      this.tell();
    }
  }

  /** The browser remembers that it talks, so that a page which is opened anew may answer the same talk by itself. */
  private rememberTalk(): void {
    if (this.activity === "talking") {
      localStorage.setItem(TALKING, String(Date.now()));
    }
  }

  /** Whether a talk has just ended on this page: if one comes back, the exchange had missed its sound. */
  private justTalked(): boolean {
    return Date.now() - this.talkedUntil < COMES_BACK_MS;
  }

  /** Whether a talk broke off just before this page was opened: one that stood open already opens no microphone unasked. */
  private wasTalking(): boolean {
    const talkedAt = Number(localStorage.getItem(TALKING) ?? 0);
    return talkedAt < OPENED_AT && Date.now() - talkedAt < COMES_BACK_MS;
  }

  private enter(activity: Activity): void {
    this.activity = activity;
    this.rememberTalk();
    this.tell();
  }

  private tell(): void {
    const muted = (this.session?.isEstablished() && this.session.isMuted().audio) ?? false;
    this.changed({ activity: this.activity, line: this.lineState, trouble: this.trouble, muted });
  }
}
