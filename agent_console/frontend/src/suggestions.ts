// Offers in the fields of the draft: grey until Tab takes them; typing replaces them, Escape puts them away.
// Nothing is ever filled in by itself, and a field in which something stands is left alone.

type Control = HTMLInputElement | HTMLTextAreaElement | HTMLSelectElement;

/** What was put away, by draft and field: it does not come back when further words arrive. */
const declined = new Set<string>();

function form(): HTMLFormElement | null {
  const found = document.getElementById("draft-form");
  return found instanceof HTMLFormElement ? found : null;
}

function controls(name: string): Control[] {
  const found = form()?.querySelectorAll<Control>(`[name="${CSS.escape(name)}"]`) ?? [];
  return [...found];
}

function isRadio(control: Control): control is HTMLInputElement {
  return control instanceof HTMLInputElement && control.type === "radio";
}

/** A select without an empty choice counts as empty while it shows what it was made with. */
function isEmpty(name: string): boolean {
  const all = controls(name);
  const first = all[0];
  if (!first) {
    return false;
  }
  if (isRadio(first)) {
    return !all.some((control) => isRadio(control) && control.checked);
  }
  if (first instanceof HTMLSelectElement) {
    return first.value === "" || (first.dataset["touched"] === undefined && first.options[0]?.value === first.value);
  }
  return first.value === "";
}

function key(name: string): string {
  return `${form()?.getAttribute("hx-post") ?? ""} ${name}`;
}

function clear(): void {
  for (const note of form()?.querySelectorAll("[data-offer-note]") ?? []) {
    note.remove();
  }
  for (const control of form()?.querySelectorAll<Control>("[data-offered]") ?? []) {
    delete control.dataset["offered"];
    control.removeAttribute("placeholder");
    control.removeAttribute("aria-description");
  }
  for (const marked of form()?.querySelectorAll(".offered") ?? []) {
    marked.classList.remove("offered");
  }
}

function note(offer: DOMStringMap, isSeenInField: boolean): HTMLElement {
  const made = document.createElement("span");
  made.className = "offer-note";
  made.dataset["offerNote"] = "";
  const said = offer["said"] ? `⟵ “${offer["said"]}” ${offer["at"] ?? ""}` : "";
  made.textContent = isSeenInField ? said : `${offer["shown"] ?? ""} ${said}`;
  return made;
}

function offerIn(name: string, offer: DOMStringMap): void {
  const all = controls(name);
  const first = all[0];
  const value = offer["value"] ?? "";
  const isUsual = first instanceof HTMLSelectElement && first.value === value;
  if (!first || !isEmpty(name) || isUsual || declined.has(key(name))) {
    return;
  }
  const hasPlaceholder = first instanceof HTMLTextAreaElement || (first instanceof HTMLInputElement && first.type === "text");
  for (const control of all) {
    control.dataset["offered"] = value;
    control.setAttribute("aria-description", offer["says"] ?? "");
    if (isRadio(control) && control.value === value) {
      control.closest("label")?.classList.add("offered");
    }
  }
  if (hasPlaceholder) {
    first.placeholder = value;
  }
  const label = first.closest(".field")?.querySelector(isRadio(first) ? "legend" : "label");
  label?.append(note(offer, hasPlaceholder || isRadio(first)));
}

function show(): void {
  clear();
  for (const row of document.querySelectorAll<HTMLElement>("[data-offers] [data-field]")) {
    offerIn(row.dataset["field"] ?? "", row.dataset);
  }
}

function take(control: Control): void {
  const value = control.dataset["offered"] ?? "";
  const target = isRadio(control) ? controls(control.name).find((other) => other.value === value) : control;
  if (!target) {
    return;
  }
  if (isRadio(target)) {
    target.checked = true;
    target.focus(); // or Tab would only lead to it, being the group's chosen one
  } else {
    target.value = value;
  }
  target.dispatchEvent(new Event("input", { bubbles: true }));
  target.dispatchEvent(new Event("change", { bubbles: true }));
}

function offeredControl(event: Event): Control | undefined {
  const target = event.target;
  const isControl =
    target instanceof HTMLInputElement || target instanceof HTMLTextAreaElement || target instanceof HTMLSelectElement;
  return isControl && target.dataset["offered"] !== undefined ? target : undefined;
}

function onKey(event: KeyboardEvent): void {
  const control = offeredControl(event);
  if (!control || event.isComposing) {
    return;
  }
  const plain = !event.shiftKey && !event.ctrlKey && !event.altKey && !event.metaKey;
  if (event.key === "Tab" && plain && isEmpty(control.name)) {
    take(control); // and the focus goes on to the next field, as Tab does
  } else if (event.key === "Escape") {
    declined.add(key(control.name));
    show();
  }
}

export function startSuggestions(): void {
  document.addEventListener("keydown", onKey);
  document.addEventListener("input", (event) => {
    const control = offeredControl(event);
    if (control) {
      control.dataset["touched"] = "";
      show();
    }
  });
  document.addEventListener("change", (event) => {
    if (event.target instanceof HTMLSelectElement && event.target.closest("#draft-form")) {
      event.target.dataset["touched"] = "";
      show();
    }
  });
  // Whatever was swapped: the offers themselves, or the draft that they are for.
  document.addEventListener("htmx:afterSettle", show);
}
