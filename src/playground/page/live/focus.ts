/**
 * Keeps the keyboard's place: what had the focus is often redrawn away (a button that was pressed, a form that was sent), and the browser
 * then throws the focus to the page's top. It goes to the nearest thing around it that is still there instead.
 */
const HOME = '[data-testid="messages"], [data-testid="home"], [data-testid="composer"]';

/** Until the returned function is called. */
export function keepFocus(): () => void {
  /** What had the focus last, and what is around it, the nearest first; on the page, and in a dialog over it. */
  const around = { page: [] as readonly HTMLElement[], dialog: [] as readonly HTMLElement[] };
  let last: HTMLElement | null = null;
  const onFocus = (event: FocusEvent) => {
    if (!(event.target instanceof HTMLElement)) return;
    last = event.target;
    const inDialog = last.closest("dialog") !== null;
    around[inDialog ? "dialog" : "page"] = chainOf(last);
    if (!inDialog) around.dialog = [];
  };
  // Who clicks beside everything has left; nothing is to be brought back then.
  const onPointer = (event: PointerEvent) => {
    if (event.target instanceof Element && !event.target.closest("button, a, input, textarea, select, [tabindex]")) last = null;
  };
  const observer = new MutationObserver(() => {
    if (!last || (last.isConnected && isShown(last)) || document.activeElement !== document.body) return;
    const open = document.querySelector("dialog[open]");
    const next = [...around.dialog, ...around.page, ...document.querySelectorAll<HTMLElement>(HOME)].find(
      (each) => each.isConnected && isShown(each) && (!open || open.contains(each)),
    );
    last = null;
    next?.focus({ preventScroll: true });
  });
  document.addEventListener("focusin", onFocus);
  document.addEventListener("pointerdown", onPointer);
  observer.observe(document.body, { childList: true, subtree: true, attributes: true, attributeFilter: ["open", "data-pane"] });
  return () => {
    observer.disconnect();
    document.removeEventListener("focusin", onFocus);
    document.removeEventListener("pointerdown", onPointer);
  };
}

function chainOf(element: HTMLElement): readonly HTMLElement[] {
  const chain = [element];
  for (let at = element.parentElement; at; at = at.parentElement) if (at.hasAttribute("tabindex")) chain.push(at);
  return chain;
}

const isShown = (element: HTMLElement) => element.getClientRects().length > 0;

/** The parts of the page, in the order in which F6 goes through them; Shift+F6 goes back. */
const REGIONS = ["guide", "side", "middle", "composer", "beside"] as const;

/** Goes on to the next part of the page that is shown. */
export function goToRegion(step: 1 | -1): void {
  const shown = REGIONS.flatMap((name) => document.querySelector<HTMLElement>(`[data-region="${name}"]`) ?? []).filter(isShown);
  const now = shown.findLastIndex((region) => region.contains(document.activeElement));
  for (let tried = 1; tried <= shown.length; tried += 1) {
    const from = now < 0 && step < 0 ? 0 : now;
    const region = shown[(from + step * tried + shown.length * 2) % shown.length];
    const target = region && firstStop(region);
    if (!target) continue;
    target.focus();
    return;
  }
}

const STOPS = 'button:not([disabled]), a[href], input, textarea, select, [tabindex="0"]';
const firstStop = (region: HTMLElement) =>
  region.matches('[tabindex="0"]')
    ? region
    : [...region.querySelectorAll<HTMLElement>(STOPS)].find((each) => each.tabIndex >= 0 && isShown(each));

/** Arrow keys, Home and End in a list of things that can have the focus. Answers whether the key was one of them. */
export function walkList(items: readonly HTMLElement[], key: string): boolean {
  const now = items.findIndex((item) => item.contains(document.activeElement));
  const last = items.length - 1;
  const next = { ArrowDown: now < 0 ? last : now + 1, ArrowUp: now < 0 ? last : now - 1, Home: 0, End: last }[key];
  if (next === undefined) return false;
  items[Math.max(0, Math.min(next, last))]?.focus();
  return true;
}

/** A mouse or a trackpad is at hand: putting the caret into a field brings up no keyboard over half the screen. */
export const hasFinePointer = () => window.matchMedia("(hover: hover) and (pointer: fine)").matches;
