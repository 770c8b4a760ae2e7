// What people say, while they say it: words that may still change are softer, and are corrected in their place.
// The list follows its end only while the reader is there; the focus and the rest of the page stay where they are.

interface Turn {
  key: string;
  speaker: string;
  label: string;
  at: number;
  final: boolean;
  text: string;
}

interface Words {
  call: number;
  state: string;
  turns: Turn[];
}

/** Nearer to the end than this, the reader reads the end. */
const AT_END_PX = 24;
const READ_ALOUD = 3;

function clock(seconds: number): string {
  const two = (value: number): string => String(Math.floor(value)).padStart(2, "0");
  return `${two(seconds / 60)}:${two(seconds % 60)}`;
}

function part(name: string, classes: string, text: string): HTMLElement {
  const element = document.createElement(name);
  element.className = classes;
  element.textContent = text;
  return element;
}

class Card {
  private readonly list: HTMLElement | null;

  constructor(private readonly card: HTMLElement) {
    this.list = card.querySelector("[data-turns]");
  }

  show(words: Words): void {
    this.card.dataset["state"] = words.state;
    for (const sentence of this.card.querySelectorAll<HTMLElement>("[data-words-say]")) {
      sentence.hidden = sentence.dataset["wordsSay"] !== words.state;
    }
    const list = this.list;
    if (!list || words.turns.length === 0) {
      return;
    }
    const atEnd = list.scrollHeight - list.scrollTop - list.clientHeight < AT_END_PX;
    const heard = words.turns.filter((turn) => this.put(list, turn));
    if (atEnd) {
      list.scrollTop = list.scrollHeight;
    }
    if (heard.length > 0) {
      heard.forEach((turn) => this.readAloud(turn));
      document.body.dispatchEvent(new CustomEvent("live:heard"));
    }
  }

  /** True if an utterance has just become final. */
  private put(list: HTMLElement, turn: Turn): boolean {
    const old = document.getElementById(`turn-${turn.key}`);
    if (!turn.text) {
      old?.remove();
      return false;
    }
    const wasFinal = old !== null && !old.classList.contains("partial");
    if (wasFinal && !turn.final) {
      return false; // an old message, told again
    }
    const row = old ?? this.insert(list, turn);
    row.classList.toggle("partial", !turn.final);
    const said = row.querySelector(".said");
    if (said && said.textContent !== turn.text) {
      said.textContent = turn.text;
    }
    return turn.final && !wasFinal;
  }

  private insert(list: HTMLElement, turn: Turn): HTMLElement {
    const row = part("li", `turn ${turn.speaker}`, "");
    row.id = `turn-${turn.key}`;
    row.dataset["at"] = String(turn.at);
    row.append(part("span", "who", this.name(turn)), " ", part("time", "number soft", clock(turn.at)), " ");
    row.append(part("span", "said", ""));
    const after = [...list.children].find((other) => Number((other as HTMLElement).dataset["at"]) > turn.at);
    list.insertBefore(row, after ?? null);
    return row;
  }

  private name(turn: Turn): string {
    const name = this.card.getAttribute(`data-name-${turn.speaker}`) ?? "";
    return turn.speaker === "third" && turn.label ? `${name} ${turn.label}` : name;
  }

  /** Words that still change would make a screen reader stammer: only what is final is read. */
  private readAloud(turn: Turn): void {
    const aloud = this.card.querySelector("[data-words-aloud]");
    aloud?.append(part("p", "", `${this.name(turn)} ${turn.text}`));
    while (aloud && aloud.children.length > READ_ALOUD) {
      aloud.firstElementChild?.remove();
    }
  }
}

/** Of the call whose place has not come to the page yet: shown as soon as it has. */
let early = new Map<string, Turn>();
let last: Words | undefined;

function show(words: Words): void {
  const card = document.querySelector<HTMLElement>("[data-words]");
  if (!last || last.call !== words.call) {
    early = new Map();
  }
  last = words;
  if (card?.dataset["words"] === String(words.call)) {
    new Card(card).show(words);
  } else {
    words.turns.forEach((turn) => early.set(turn.key, turn));
  }
}

export function startWords(): void {
  document.body.addEventListener("live:words", (event) => show((event as CustomEvent<Words>).detail));
  document.addEventListener("htmx:afterSwap", (event) => {
    const place = event.target instanceof Element && event.target.id === "words" ? event.target : null;
    const list = place?.querySelector<HTMLElement>("[data-turns]");
    if (list) {
      list.scrollTop = list.scrollHeight;
    }
    if (place && last) {
      show({ ...last, turns: [...early.values()] });
    }
  });
}
