import type { en } from "./en.ts";

/** The shape of a catalogue: a translation is a file beside en.ts that satisfies it. */
export type Texts = typeof en;
