// "Answer by this": an entry's words go into the draft's answer, where the agent may still change them.

function fill(name: string, words: string): void {
  const field = document.querySelector<HTMLInputElement | HTMLTextAreaElement>(`#draft-form [name="${name}"]`);
  if (!field) {
    return;
  }
  const before = field.value.trim();
  field.value = before && !before.includes(words) ? `${before}\n${words}` : words;
  field.dispatchEvent(new Event("input", { bubbles: true }));
}

export function startKnowledge(): void {
  document.addEventListener("click", (event) => {
    const button = event.target instanceof Element ? event.target.closest<HTMLElement>("[data-answer]") : null;
    const place = document.getElementById("direct-answer");
    if (button && place instanceof HTMLDetailsElement) {
      place.open = true;
      fill("answer", button.dataset["answer"] ?? "");
      fill("answer_basis", button.dataset["basis"] ?? "");
      place.querySelector<HTMLElement>("[name=answer]")?.focus();
    }
  });
}
