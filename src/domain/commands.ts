/** What people may do to a line, and the facts a decision needs beside its state. */

import type { Candidates } from "./candidates.ts";
import type { Person, PersonId } from "./people.ts";

/** One act on one task. `face` is the version of the task that the person saw; null for typed commands, which see no card. */
export type TaskCommand =
  | { readonly verb: "approve"; readonly comment: string | null }
  | { readonly verb: "reject"; readonly reason: string }
  | { readonly verb: "claim" }
  /** `reason`: needed when somebody else's claim is taken away. */
  | { readonly verb: "release"; readonly reason: string | null }
  | { readonly verb: "confirm"; readonly login: string }
  | { readonly verb: "report-error"; readonly reason: string }
  | { readonly verb: "retry" }
  | { readonly verb: "cancel-order"; readonly reason: string }
  /** An administrator's: asks these people instead. */
  | { readonly verb: "reassign"; readonly to: readonly PersonId[]; readonly reason: string };

/** One act on a line as a whole. */
export type LineCommand =
  | { readonly verb: "withdraw"; readonly reason: string | null }
  | { readonly verb: "nudge" }
  /** An administrator's. */
  | { readonly verb: "cancel"; readonly reason: string };

export type Verb = TaskCommand["verb"];
export type LineVerb = LineCommand["verb"];

export interface Aim {
  readonly task: string;
  readonly face: number | null;
}

/** What an existing account says about who owns a login. */
export interface KnownAccount {
  readonly id: string;
  readonly login: string;
  readonly owner: PersonId;
}

export interface Facts {
  readonly now: Date;
  readonly actor: Person;
  readonly beneficiary: Person;
  readonly candidates: Candidates;
  /** The beneficiary's live accounts on the application, oldest first. */
  readonly accounts: readonly KnownAccount[];
  /** True while another order is about to create the beneficiary's account there. */
  readonly accountOnItsWay: boolean;
  /** Who owns the login that is being confirmed, if Latchkey knows it. */
  readonly ownerOfLogin: KnownAccount | null;
  /** What the account template comes to for this line. */
  readonly filledIn: { readonly login: string; readonly attributes: readonly { readonly name: string; readonly value: string }[] };
  /** A new id each time; ids are made by the application, because one SQL statement can't pass its own on. */
  readonly newId: () => string;
}

/** Longest texts taken from people, in characters: Slack's own input limit (3,000 for plain_text_input). */
export const LONGEST_TEXT = 3000;
/** Longest login: e-mail addresses end at 254 (RFC 5321). */
export const LONGEST_LOGIN = 254;
