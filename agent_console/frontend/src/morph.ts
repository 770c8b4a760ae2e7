// Puts a newly rendered part into the one on the page, element by element, so that focus, open menus and whatever
// somebody points at stay where they are.
//
// Children are matched by id, else by their place. A list marked data-steady neither loses nor reorders its rows while
// the pointer or the focus is in it: what is gone stays, greyed out and without effect, and what is new comes last.
// What is marked data-kept, a player in use, stays as it is while its value is the same, and is replaced whole after that.

const GONE = "data-gone";
const KEPT = "data-kept";

export function morph(old: Element, fresh: Element): void {
  morphAttributes(old, fresh);
  if (old.hasAttribute("data-since") && old.getAttribute("data-since") === fresh.getAttribute("data-since")) {
    return; // a running time: timers.ts writes it
  }
  morphChildren(old, fresh);
}

/** Lists in which something is gone or out of order, because somebody pointed at them. */
export function unsettled(root: Element): boolean {
  return root.querySelector(`[${GONE}]`) !== null;
}

function morphAttributes(old: Element, fresh: Element): void {
  for (const { name } of [...old.attributes]) {
    if (!fresh.hasAttribute(name) && name !== "open") {
      old.removeAttribute(name);
    }
  }
  for (const { name, value } of [...fresh.attributes]) {
    if (old.getAttribute(name) !== value) {
      old.setAttribute(name, value);
    }
  }
}

function morphChildren(old: Element, fresh: Element): void {
  const steady = old.matches("[data-steady]:is(:hover, :focus-within)");
  const wanted = [...fresh.childNodes].filter(counts);
  const before = [...old.childNodes].filter(counts);
  const matched = new Set<ChildNode>();
  const placed = wanted.map((node, index) => {
    const match = matching(node, before, index, matched);
    if (!match) {
      return node;
    }
    matched.add(match);
    update(match, node);
    return match;
  });
  for (const node of before) {
    if (matched.has(node)) {
      continue;
    }
    if (steady && node instanceof Element && node.id) {
      retire(node);
    } else {
      node.remove();
    }
  }
  if (steady) {
    old.append(...placed.filter((node) => node.parentNode !== old));
  } else {
    arrange(old, placed);
  }
}

/** Only what is out of place is moved: moving an element takes the focus from it. */
function arrange(parent: Element, placed: ChildNode[]): void {
  let next: ChildNode | null = parent.firstChild;
  for (const node of placed) {
    while (next && !counts(next)) {
      next = next.nextSibling;
    }
    if (node === next) {
      next = node.nextSibling;
    } else {
      parent.insertBefore(node, next);
    }
  }
}

function counts(node: ChildNode): boolean {
  return node instanceof Element || (node.nodeValue ?? "").trim() !== "";
}

function matching(node: ChildNode, among: ChildNode[], index: number, taken: Set<ChildNode>): ChildNode | undefined {
  if (node instanceof Element && node.id) {
    const same = among.find((other) => other instanceof Element && other.id === node.id && !taken.has(other));
    return same && kept(same) === kept(node) ? same : undefined;
  }
  const other = among[index];
  const alike = other && !taken.has(other) && other.nodeName === node.nodeName && kept(other) === kept(node);
  return alike && !(other instanceof Element && other.id) ? other : undefined;
}

function kept(node: ChildNode): string | null {
  return node instanceof Element ? node.getAttribute(KEPT) : null;
}

function update(old: ChildNode, fresh: ChildNode): void {
  if (kept(old) !== null) {
    return;
  }
  if (old instanceof Element && fresh instanceof Element) {
    morph(old, fresh);
  } else if (old.nodeValue !== fresh.nodeValue) {
    old.nodeValue = fresh.nodeValue;
  }
}

function retire(element: Element): void {
  element.setAttribute(GONE, "");
  for (const button of element.querySelectorAll("button")) {
    button.disabled = true;
  }
}
