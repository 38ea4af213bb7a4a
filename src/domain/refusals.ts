/** Refusals: named reasons why a command was not carried out. Their sentences stand in the catalogue of texts. */
export const REFUSALS = [
  "no-such-task",
  "not-active",
  "own-request",
  "already-decided",
  "already-claimed",
  "already-voted",
  "not-yours",
  /** The request doesn't concern whoever wants to see it. */
  "not-shown",
  "not-claimed",
  "not-claimer",
  "stale-card",
  "reason-missing",
  "too-long",
  "login-missing",
  "login-taken",
  "end-passed",
  /** Only who asked may do this. */
  "not-requester",
  /** Only an administrator may do this. */
  "not-administrator",
  /** The line is withdrawn, expired, cancelled, refused or done. */
  "already-over",
  /** `again`: when the next nudge is possible. */
  "nudged-already",
  "nothing-waits",
  "no-such-person",
  /** `by`: who can't be asked, because they asked for it, receive it, left or are away. */
  "unfit-assignee",
  /** `needed`: how many have to be named. */
  "too-few-named",
  "no-such-application",
  "not-requestable",
  "already-held",
  "already-asked",
  "nobody-can-approve",
  /** `most`: how many of theirs may be open at a time. */
  "too-many-open",
  "faulty-form",
  "busy",
  "key-reused",
] as const;

export type RefusalName = (typeof REFUSALS)[number];

/** A reason with what its sentence needs: ids of people, ISO instants, plain words. */
export interface Refusal {
  readonly name: RefusalName;
  readonly about: Readonly<Record<string, string>>;
  /** Faults of single fields, by the field's id; only for `faulty-form`. */
  readonly fields?: Readonly<Record<string, FieldFault>>;
}

/** What is wrong with one field of a form. */
export interface FieldFault {
  readonly name:
    | "missing"
    | "too-long"
    | "not-an-option"
    | "not-a-number"
    | "not-a-date"
    | "past"
    | "too-long-a-time"
    | "already-held"
    | "already-asked"
    /** The account is on its way with an open request for an entitlement. */
    | "comes-with"
    /** Whom it is for isn't active. */
    | "not-active";
  readonly about: Readonly<Record<string, string>>;
}

export type Result<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly refusal: Refusal };

export function ok<T>(value: T): Result<T> {
  return { ok: true, value };
}

export function refuse<T>(name: RefusalName, about: Readonly<Record<string, string>> = {}): Result<T> {
  return { ok: false, refusal: { name, about } };
}

/** These stay so whatever happens: the same command is refused again without anybody remembering it. */
export function isForGood(refusal: Refusal): boolean {
  return (
    refusal.name === "already-decided" ||
    refusal.name === "already-over" ||
    refusal.name === "already-voted" ||
    refusal.name === "key-reused"
  );
}

/** Refusals for want of right: these leave an event behind, since an auditor asks for them. */
export function isDenial(refusal: Refusal): boolean {
  return (
    refusal.name === "own-request" ||
    refusal.name === "not-yours" ||
    refusal.name === "not-shown" ||
    refusal.name === "not-claimer" ||
    refusal.name === "not-active" ||
    refusal.name === "stale-card" ||
    refusal.name === "not-requester" ||
    refusal.name === "not-administrator" ||
    refusal.name === "not-requestable"
  );
}
