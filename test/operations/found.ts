/** Walks on which a fault was found, shortened, as the failing test printed their steps: walked again each time. */
import type { Step } from "./walking.ts";

export const FOUND: readonly { readonly what: string; readonly steps: readonly Step[] }[] = [];
