// Registering (or answering, or joining an incident) waits in the same queue as the saves of the draft, and of that
// queue only the last one stays: a save that came after it would push it out, and nothing would be registered.

const SAVES = "[hx-trigger*='save-now']";
const LEAVES = "#draft-form, [hx-sync='#draft-form:replace']";

/** No save is sent while something that ends the draft is on its way: it takes the draft's words with it. */
export function startDraft(): void {
  let leaving: Element | null = null;
  document.addEventListener("htmx:confirm", (event) => {
    const element = event.target instanceof Element ? event.target : null;
    if (element?.matches(LEAVES)) {
      leaving = element;
    } else if (element?.matches(SAVES) && leaving?.isConnected) {
      event.preventDefault();
    }
  });
  for (const over of ["htmx:afterRequest", "htmx:validation:halted"]) {
    document.addEventListener(over, (event) => {
      if (event.target === leaving) {
        leaving = null;
      }
    });
  }
}
