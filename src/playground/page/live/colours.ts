/** Light or dark: as the system has it, until the person at the page chooses. */
import { useSyncExternalStore } from "react";

export const CHOICES = ["system", "light", "dark"] as const;
export type Colours = (typeof CHOICES)[number];

const KEY = "latchkey.playground.colours";
const system = window.matchMedia("(prefers-color-scheme: dark)");
const listeners = new Set<() => void>();
let chosen: Colours = "system";

/** Before the first drawing, so that nothing flashes. */
export function applyColours(): void {
  try {
    chosen = CHOICES.find((each) => each === localStorage.getItem(KEY)) ?? "system";
  } catch {
    // A browser that keeps nothing follows the system.
  }
  show();
  system.addEventListener("change", show);
}

export function choose(colours: Colours): void {
  chosen = colours;
  try {
    localStorage.setItem(KEY, colours);
  } catch {
    // Then it holds for this visit.
  }
  show();
}

export const useColours = (): { readonly chosen: Colours; readonly isDark: boolean } => ({
  chosen: useSyncExternalStore(subscribe, () => chosen),
  isDark: useSyncExternalStore(subscribe, isDark),
});

const isDark = () => (chosen === "system" ? system.matches : chosen === "dark");

function show(): void {
  const root = document.documentElement;
  if (chosen === "system") delete root.dataset.colours;
  else root.dataset.colours = chosen;
  for (const meta of document.querySelectorAll<HTMLMetaElement>('meta[name="theme-color"]')) {
    meta.content = isDark() ? "#111517" : "#e4e9ea";
  }
  for (const listener of listeners) listener();
}

const subscribe = (listener: () => void) => {
  listeners.add(listener);
  return () => listeners.delete(listener);
};
