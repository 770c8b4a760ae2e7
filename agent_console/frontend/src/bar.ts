// The bar at the top: what does not fit moves into the menu beside it, and a menu closes when one goes elsewhere.

function fits(bar: HTMLElement): boolean {
  return bar.scrollWidth <= bar.clientWidth;
}

// The page where one is stays in the bar. `moved` are links that an earlier, narrower window had no room for.
function fit(bar: HTMLElement, menu: HTMLElement, moved: HTMLElement[]): void {
  const list = menu.querySelector("nav");
  bar.append(...moved.splice(0).reverse());
  menu.hidden = !list?.children.length;
  const inOrder = [...bar.querySelectorAll<HTMLElement>("a:not([aria-current])")].reverse();
  for (const link of inOrder) {
    if (fits(bar)) {
      return;
    }
    menu.hidden = false;
    list?.prepend(link);
    moved.push(link);
  }
}

function startFitting(): void {
  const bar = document.querySelector<HTMLElement>(".top .nav");
  const menu = document.querySelector<HTMLElement>(".top .further");
  if (bar && menu) {
    const moved: HTMLElement[] = [];
    fit(bar, menu, moved);
    window.addEventListener("resize", () => fit(bar, menu, moved));
  }
}

function closeMenus(but: Element | null): HTMLDetailsElement[] {
  const open = [...document.querySelectorAll<HTMLDetailsElement>(".top details[open]")].filter((menu) => menu !== but);
  for (const menu of open) {
    menu.open = false;
  }
  return open;
}

function menuOf(target: EventTarget | null): Element | null {
  return target instanceof Element ? target.closest(".top details") : null;
}

export function startBar(): void {
  startFitting();
  document.addEventListener("click", (event) => closeMenus(menuOf(event.target)));
  document.addEventListener("focusin", (event) => closeMenus(menuOf(event.target)));
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") {
      closeMenus(null)[0]?.querySelector("summary")?.focus();
    }
  });
}
