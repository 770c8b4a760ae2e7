// <time data-since="2026-01-01T00:00:00Z"> counts up in the page: 02:13, or 1:02:13 after an hour.

function spanned(seconds: number): string {
  const whole = Math.max(0, Math.floor(seconds));
  const two = (value: number): string => String(value).padStart(2, "0");
  const hours = Math.floor(whole / 3600);
  const rest = `${two(Math.floor((whole % 3600) / 60))}:${two(whole % 60)}`;
  return hours > 0 ? `${hours}:${rest}` : rest;
}

function tick(): void {
  for (const element of document.querySelectorAll<HTMLElement>("[data-since]")) {
    const since = Date.parse(element.dataset["since"] ?? "");
    if (!Number.isNaN(since)) {
      element.textContent = spanned((Date.now() - since) / 1000);
    }
  }
}

export function startTimers(): void {
  tick();
  setInterval(tick, 1000);
  document.addEventListener("htmx:afterSwap", tick);
}
