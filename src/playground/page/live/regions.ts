/** The ways from one part of the page to another. */
import { useEffect, useSyncExternalStore } from "react";
import { flushSync } from "react-dom";
import { goToRegion } from "./focus.ts";

/** As wide as in narrow.css. */
const phone = window.matchMedia("(max-width: 719px)");
const onPhone = (listener: () => void) => {
  phone.addEventListener("change", listener);
  return () => phone.removeEventListener("change", listener);
};
export const useIsPhone = () => useSyncExternalStore(onPhone, () => phone.matches);

/** F6 goes on to the next part of the page, as in Slack. */
export function useRegionKeys(): void {
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.key !== "F6" || document.querySelector("dialog[open]")) return;
      event.preventDefault();
      goToRegion(event.shiftKey ? -1 : 1);
    };
    window.addEventListener("keydown", onKey);
    return () => window.removeEventListener("keydown", onKey);
  }, []);
}

export function skipToMessages(show: () => void): void {
  flushSync(show);
  document.querySelector<HTMLElement>('[data-testid="messages"], [data-testid="home"], [data-testid="thread"]')?.focus();
}
