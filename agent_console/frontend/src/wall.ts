// The wall: full screen and back, where the browser can. Its key presses the button, as everywhere.
import { show } from "./notices";

async function toggle(): Promise<void> {
  try {
    await (document.fullscreenElement ? document.exitFullscreen() : document.documentElement.requestFullscreen());
  } catch {
    show("notice-refused", true);
  }
}

export function startWall(): void {
  const button = document.querySelector<HTMLButtonElement>("[data-full-screen]");
  if (!button || !document.fullscreenEnabled) {
    return;
  }
  button.hidden = false;
  button.addEventListener("click", () => void toggle());
  document.addEventListener("fullscreenchange", () => {
    button.setAttribute("aria-pressed", String(document.fullscreenElement !== null));
  });
}
