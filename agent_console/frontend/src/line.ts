// The line to the exchange: one SIP account over a WebSocket, which registers and comes back by itself.
import { UA, WebSocketInterface } from "jssip";
import type { RTCSession } from "jssip/lib/RTCSession";
import type { IncomingRTCSessionEvent, RTCSessionEvent } from "jssip/lib/UA";

export type LineState =
  | "connecting" // not yet, or not any more, registered; trying by itself
  | "registered" // calls can arrive
  | "refused" // the exchange does not accept the account; still trying
  | "taken" // another page has the telephone now, in another browser or at another computer; still trying
  | "logged-out"; // by a supervisor: there is no account before the agent signs in anew

interface Exchange {
  /** ws:// or wss:// address of the exchange */
  websocket: string;
  /** sip:agent-1001@host */
  uri: string;
}

interface Account {
  /** One, or several that are one hotline; always in the same order. */
  exchanges: Exchange[];
  password: string;
}

/** What the line tells whoever holds it. */
export interface Listener {
  /** Whether a call goes on: then the exchange is not changed, even for a better one. */
  readonly isBusy: boolean;
  lineChanged(state: LineState): void;
  /** How many exchanges the account is good for. */
  exchangesKnown(count: number): void;
  /** A call has arrived; `returning` if it is a talk that broke off and comes back. */
  arrived(session: RTCSession, returning: boolean): void;
}

const FORBIDDEN = 403;
const CONFLICT = 409;
const REGISTERED_FOR_SECONDS = 60;
const SOCKET_PAUSES_SECONDS = { min: 1, max: 8 };
const FIRST_PAUSE_MS = 1_000;
const LONGEST_PAUSE_MS = 8_000;
const HANDSHAKE_MS = 10_000;
const RETURNING = "X-Minsheng-Resume";

/** Calls whose exchange was out of reach meanwhile: if another one arrives, they were lost with the exchange. */
export const inDoubt = new WeakSet<RTCSession>();

/** There is no account for this page; `state` says why. */
class NoAccount extends Error {
  constructor(readonly state: "taken" | "logged-out") {
    super(`phone account: ${state}`);
  }
}

export class Line {
  private ua: UA | undefined;
  private session: RTCSession | undefined;
  private websocket = "";
  private pause = FIRST_PAUSE_MS;
  private timer: number | undefined;
  private patience: number | undefined;
  private stopped = true;
  private state: LineState = "connecting";

  /**
   * `address` is where the account is, as JSON, just now: asked before every registration, because passwords are short-lived.
   * `number` is the exchange's place among the account's.
   */
  constructor(
    private readonly address: () => string,
    private readonly number: number,
    private readonly listener: Listener,
  ) {
    // A laptop that wakes up, or a network that is back, must not wait for the next try.
    window.addEventListener("online", () => this.hurry());
  }

  get isRegistered(): boolean {
    return this.state === "registered";
  }

  start(): void {
    if (this.stopped) {
      this.stopped = false;
      void this.register();
    }
  }

  /** Gives the registration back at once, so that the queue does not ring here. */
  stop(): void {
    this.stopped = true;
    window.clearTimeout(this.timer);
    window.clearTimeout(this.patience);
    this.timer = undefined;
    this.ua?.stop();
    this.ua = undefined;
    this.enter("connecting");
  }

  call(target: string, microphone: MediaStream): RTCSession | undefined {
    return this.ua?.call(target, { mediaStream: microphone, pcConfig: { iceServers: [] } });
  }

  /** Asks for the account and registers now, not when the next time has come. */
  hurry(): void {
    window.clearTimeout(this.timer);
    this.timer = undefined;
    if (!this.stopped) {
      void this.register();
    }
  }

  private async register(): Promise<void> {
    try {
      const account = await this.fetchAccount();
      if (this.stopped) {
        return;
      }
      this.listener.exchangesKnown(account.exchanges.length);
      const exchange = account.exchanges[this.number];
      if (!exchange) {
        throw new Error("phone account: this exchange is no longer one of the hotline's");
      }
      const ua = this.agentFor(exchange, account.password);
      ua.set("password", account.password);
      if (ua.isConnected()) {
        ua.register();
      } else {
        this.waitFor(ua);
      }
    } catch (error) {
      if (error instanceof NoAccount) {
        this.withdraw(error.state);
        return;
      }
      // The console is away, or has signed us out: its own notices say so, and we go on trying.
      this.again(this.state === "refused" ? "refused" : "connecting");
    }
  }

  /**
   * An exchange that was only starting, or dies, may take a socket and never answer on it. A browser waits for minutes
   * then, and nobody says that anything is wrong: begin anew. A socket that is refused is tried again before.
   */
  private waitFor(ua: UA): void {
    window.clearTimeout(this.patience);
    this.patience = window.setTimeout(() => {
      if (this.ua !== ua || ua.isConnected()) {
        return;
      }
      if (this.listener.isBusy) {
        this.waitFor(ua);
        return;
      }
      this.ua = undefined;
      ua.stop();
      this.hurry();
    }, HANDSHAKE_MS);
  }

  private async fetchAccount(): Promise<Account> {
    const response = await fetch(this.address(), { headers: { Accept: "application/json" } });
    if (response.status === FORBIDDEN) {
      throw new NoAccount("logged-out");
    }
    if (response.status === CONFLICT) {
      throw new NoAccount("taken");
    }
    if (!response.ok) {
      throw new Error(`phone account: HTTP ${response.status}`);
    }
    return (await response.json()) as Account;
  }

  /** The user agent for this exchange; another one only if the exchange is another. */
  private agentFor(exchange: Exchange, password: string): UA {
    if (this.ua && (this.websocket === exchange.websocket || this.listener.isBusy)) {
      return this.ua;
    }
    const before = this.ua;
    this.ua = undefined;
    before?.stop();
    this.websocket = exchange.websocket;
    const ua = new UA({
      sockets: [new WebSocketInterface(exchange.websocket)],
      uri: exchange.uri,
      password,
      register: false,
      register_expires: REGISTERED_FOR_SECONDS,
      session_timers: false,
      connection_recovery_min_interval: SOCKET_PAUSES_SECONDS.min,
      connection_recovery_max_interval: SOCKET_PAUSES_SECONDS.max,
    });
    this.ua = ua;
    this.listenTo(ua);
    ua.start();
    return ua;
  }

  private listenTo(ua: UA): void {
    const mine = (act: () => void) => () => {
      if (this.ua === ua) {
        act();
      }
    };
    ua.on("connected", mine(() => void this.register()));
    // The socket is opened again by itself; meanwhile the console may name another exchange.
    ua.on("disconnected", mine(() => this.disconnected()));
    ua.on("registrationExpiring", mine(() => void this.register()));
    ua.on("registered", mine(() => this.registered()));
    ua.on("unregistered", mine(() => this.enter("connecting")));
    ua.on("registrationFailed", mine(() => this.again(ua.isConnected() ? "refused" : "connecting")));
    ua.on("newRTCSession", (event: RTCSessionEvent) => {
      if (isIncoming(event)) {
        this.session = event.session;
        this.listener.arrived(event.session, Boolean(event.request.getHeader(RETURNING)));
      }
    });
  }

  /** A call that goes on is not touched; whoever signs in anew, or wants the telephone back, opens the page anew. */
  private withdraw(state: "taken" | "logged-out"): void {
    if (!this.listener.isBusy) {
      this.ua?.stop();
      this.ua = undefined;
    }
    this.again(state);
  }

  private disconnected(): void {
    if (this.session) {
      inDoubt.add(this.session);
    }
    this.again("connecting");
  }

  private registered(): void {
    this.pause = FIRST_PAUSE_MS;
    this.enter("registered");
  }

  private again(state: LineState): void {
    this.enter(state);
    if (this.timer === undefined && !this.stopped) {
      this.timer = window.setTimeout(() => this.hurry(), this.pause);
      this.pause = Math.min(this.pause * 2, LONGEST_PAUSE_MS);
    }
  }

  private enter(state: LineState): void {
    if (this.state !== state) {
      this.state = state;
      this.listener.lineChanged(state);
    }
  }
}

function isIncoming(event: RTCSessionEvent): event is IncomingRTCSessionEvent {
  return (event.originator as string) === "remote";
}
