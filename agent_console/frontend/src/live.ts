// Follows the console's event stream and tells the page: each changed topic becomes an event on <body>,
// so that an element says hx-trigger="live:calls from:body" and fetches itself again.
import { show } from "./notices";

const AWAY_AFTER_MS = 60_000;
const WORRY_AFTER_MS = 4_000;
const RETRY_MS = 2_000;
const BREATH_MS = 400;
const LOOK_AGAIN_MS = 40;
const PATIENCE_MS = 3_000;
const FETCHING = ".htmx-request[hx-trigger*='live:'], .htmx-swapping, .htmx-settling";

function isFetching(): boolean {
  return document.querySelector(FETCHING) !== null;
}

class LiveStream {
  private source: EventSource | undefined;
  private worry: number | undefined;
  private leaving: number | undefined;
  private breath: number | undefined;
  private deferredSince: number | undefined;
  private readonly changed = new Set<string>();

  constructor(
    private readonly address: string,
    private lastId: string,
    private readonly ticket: string,
  ) {}

  open(): void {
    if (this.source) {
      return;
    }
    const asked = new URLSearchParams({ after: this.lastId, ticket: this.ticket });
    this.source = new EventSource(`${this.address}?${asked.toString()}`);
    this.source.addEventListener("message", (event: MessageEvent<string>) => this.tell(event));
    this.source.addEventListener("words", (event: MessageEvent<string>) => {
      document.body.dispatchEvent(new CustomEvent("live:words", { detail: JSON.parse(event.data) as unknown }));
    });
    this.source.addEventListener("open", () => this.calm());
    this.source.addEventListener("error", () => this.lost());
  }

  /** A browser opens only six connections to a host: a page that nobody looks at gives its own back. */
  onVisibility(): void {
    window.clearTimeout(this.leaving);
    if (document.visibilityState === "visible") {
      this.open();
    } else if (!document.querySelector("[data-phone]")) {
      this.leaving = window.setTimeout(() => this.close(), AWAY_AFTER_MS);
    }
  }

  private tell(event: MessageEvent<string>): void {
    this.lastId = event.lastEventId;
    for (const topic of event.data.split(" ")) {
      this.changed.add(topic);
    }
    if (this.breath === undefined) {
      this.announce();
    }
  }

  /** At once, then at most every `BREATH_MS`; the last change of a burst is always told. */
  private announce(): void {
    if (this.mustWait()) {
      this.breath = window.setTimeout(() => this.announce(), LOOK_AGAIN_MS);
      return;
    }
    const topics = [...this.changed];
    if (isFetching()) {
      this.deferredSince = undefined; // the part that hangs does not hear this: all is told once more
    } else {
      this.changed.clear();
    }
    this.breath =
      topics.length > 0 ? window.setTimeout(() => this.announce(), BREATH_MS) : undefined;
    for (const topic of topics) {
      document.body.dispatchEvent(new CustomEvent(`live:${topic}`));
    }
  }

  /**
   * While a part is being fetched and put in place, nothing is told: what comes may replace the part, htmx
   * forgets the request that waits behind it, and the new part does not listen until it has settled.
   * A request that hangs holds up the others for `PATIENCE_MS` only.
   */
  private mustWait(): boolean {
    const now = performance.now();
    if (!isFetching()) {
      this.deferredSince = undefined;
      return false;
    }
    this.deferredSince ??= now;
    return now - this.deferredSince < PATIENCE_MS;
  }

  private calm(): void {
    window.clearTimeout(this.worry);
    this.worry = undefined;
    show("notice-offline", false);
  }

  /** The browser reconnects by itself after a broken stream, but not after a refusal. */
  private lost(): void {
    this.worry ??= window.setTimeout(() => show("notice-offline", true), WORRY_AFTER_MS);
    if (this.source?.readyState === EventSource.CLOSED) {
      this.close();
      window.setTimeout(() => this.open(), RETRY_MS);
    }
  }

  private close(): void {
    this.source?.close();
    this.source = undefined;
  }
}

export function startLive(): void {
  const { live, liveAfter, liveTicket } = document.body.dataset;
  if (live === undefined) {
    return;
  }
  const stream = new LiveStream(live, liveAfter ?? "", liveTicket ?? "");
  stream.open();
  document.addEventListener("visibilitychange", () => stream.onVisibility());
}
