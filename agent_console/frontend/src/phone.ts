// The browser phone: one SIP account over a WebSocket, one call at a time.
import { UA, WebSocketInterface } from "jssip";
import type { RTCSession } from "jssip/lib/RTCSession";
import type { RTCSessionEvent } from "jssip/lib/UA";

/** What the agent must know about the line. Exactly one holds. */
export type PhoneState =
  | "connecting" // not yet, or not any more, registered; trying by itself
  | "registered" // calls can arrive
  | "refused" // the exchange does not accept this account
  | "ringing"
  | "talking"
  | "deaf"; // a call is there but the microphone is not

export interface Account {
  /** ws:// or wss:// address of the exchange */
  websocket: string;
  /** sip:agent-1001@host */
  uri: string;
  password: string;
}

type Listener = (state: PhoneState, muted: boolean) => void;

export class Phone {
  private readonly ua: UA;
  private session: RTCSession | undefined;
  private state: PhoneState = "connecting";

  constructor(
    account: Account,
    private readonly loudspeaker: HTMLAudioElement,
    private readonly changed: Listener,
  ) {
    this.ua = new UA({
      sockets: [new WebSocketInterface(account.websocket)],
      uri: account.uri,
      password: account.password,
      register_expires: 120,
      session_timers: false,
      connection_recovery_min_interval: 1,
      connection_recovery_max_interval: 5,
    });
    this.ua.on("registered", () => this.enter(this.session ? this.state : "registered"));
    this.ua.on("unregistered", () => this.lineLost("connecting"));
    this.ua.on("disconnected", () => this.lineLost("connecting"));
    this.ua.on("registrationFailed", () =>
      this.lineLost(this.ua.isConnected() ? "refused" : "connecting"),
    );
    this.ua.on("newRTCSession", (event: RTCSessionEvent) => this.arrived(event.session));
  }

  start(): void {
    this.ua.start();
  }

  /** Gives the line back at once, so that the queue does not ring a closed page. */
  stop(): void {
    this.ua.stop();
  }

  answer(): void {
    if (this.state === "ringing") {
      this.session?.answer({ mediaConstraints: { audio: true, video: false }, pcConfig: { iceServers: [] } });
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
    this.enter(this.state);
  }

  private arrived(session: RTCSession): void {
    if (this.session) {
      session.terminate({ status_code: 486 });
      return;
    }
    this.session = session;
    session.on("peerconnection", ({ peerconnection }) => {
      peerconnection.addEventListener("track", (event) => this.hear(event));
    });
    session.on("confirmed", () => this.enter("talking"));
    session.on("getusermediafailed", () => this.enter("deaf"));
    session.on("ended", () => this.over());
    session.on("failed", () => this.over());
    this.enter("ringing");
  }

  private hear(event: RTCTrackEvent): void {
    this.loudspeaker.srcObject = event.streams[0] ?? new MediaStream([event.track]);
    void this.loudspeaker.play();
  }

  private over(): void {
    this.session = undefined;
    this.loudspeaker.srcObject = null;
    if (this.state === "deaf") {
      this.changed("deaf", false);
      return;
    }
    this.enter(this.ua.isRegistered() ? "registered" : "connecting");
  }

  /** Media outlives a lost signalling line: while talking the call is shown, not the line. */
  private lineLost(state: "connecting" | "refused"): void {
    if (!this.session) {
      this.enter(state);
    }
  }

  private enter(state: PhoneState): void {
    this.state = state;
    this.changed(state, this.session?.isMuted().audio ?? false);
  }
}
