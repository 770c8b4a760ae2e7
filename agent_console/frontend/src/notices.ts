// One honest sentence when the console itself cannot be reached, taken away when it can again.

export function show(id: string, visible: boolean): void {
  const notice = document.getElementById(id);
  if (notice) {
    notice.hidden = !visible;
  }
}

export function startNotices(): void {
  document.addEventListener("htmx:sendError", () => show("notice-offline", true));
  document.addEventListener("htmx:responseError", () => show("notice-refused", true));
  document.addEventListener("htmx:afterOnLoad", () => {
    show("notice-offline", false);
    show("notice-refused", false);
  });
}
