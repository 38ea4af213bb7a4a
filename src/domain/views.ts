/** What cards are drawn from: a thing's state with the names that go with it. Filled by queries; no card reads the database. */
import type { LineVerb, Verb } from "./commands.ts";
import type { Line, Task } from "./line.ts";
import type { GroupId, PersonId } from "./people.ts";
import type { Ahead } from "./steps-ahead.ts";

/** Names by id: of people, and of groups. */
export interface Directory {
  readonly people: Readonly<Record<PersonId, PersonName>>;
  readonly groups: Readonly<Record<GroupId, string>>;
}

export interface PersonName {
  readonly name: string;
  readonly title: string;
  readonly department: string;
  readonly email: string;
}

export interface TaskView {
  readonly line: Line;
  readonly task: Task;
  /** The other lines of the same request, by their numbers. */
  readonly siblings: readonly Sibling[];
  readonly directory: Directory;
  /** Whose copy it is: a person's direct message; null: a channel, the same for everybody. */
  readonly viewer: PersonId | null;
}

export interface Sibling {
  readonly number: number;
  /** The entitlement's name, or the application's where an account alone was asked for. */
  readonly item: string;
}

export interface RequestView {
  readonly requester: PersonId;
  readonly lines: readonly Line[];
  readonly directory: Directory;
  /** End of the assignments that came of the lines, by line id; null: for good. */
  readonly ends: Readonly<Record<string, Date | null>>;
}

export interface HeldAccess {
  readonly application: string;
  readonly entitlement: string | null;
  readonly login: string;
  readonly from: Date;
  readonly until: Date | null;
  /** Provisioning state of the order behind it: `executed` is the hands' word, `verified` has evidence. */
  readonly state: "executed" | "verified";
  readonly lineNumber: number;
}

/** One page of a long list. Pages count from 0; `size` is the number of rows on a full one, `total` of rows in all. */
export interface Page<T> {
  readonly rows: readonly T[];
  readonly total: number;
  readonly page: number;
  readonly size: number;
}

/** Tasks: the most urgent first. Requests: the open ones first, the newest first. */
export interface HomeView {
  readonly person: PersonId;
  readonly directory: Directory;
  /** When it was read: ages are counted to it. */
  readonly now: Date;
  readonly tasks: Page<TaskRow>;
  readonly requests: Page<Line>;
  readonly access: Page<HeldAccess>;
  /** Open tasks that are past due, whoever they wait for, the oldest first; null: the person is no administrator. */
  readonly late: Page<TaskRow> | null;
  /** What the person did in the last minutes, so that the page acknowledges it. */
  readonly last: LastAct | null;
}

export interface TaskRow {
  readonly line: Line;
  readonly task: Task;
}

/** Many tasks that came to one place at once, on one card. */
export interface DigestView {
  /** Whose copy it is; null: a channel, the same for everybody. */
  readonly viewer: PersonId | null;
  readonly directory: Directory;
  /** When it was read. */
  readonly now: Date;
  /** The most urgent of those that are open, as many as were read of `openCount`. */
  readonly open: readonly TaskRow[];
  readonly openCount: number;
  /** Those that are over, the newest first, as many as were read of `overCount`. */
  readonly over: readonly TaskRow[];
  readonly overCount: number;
}

export interface LastAct {
  readonly did: Verb | LineVerb | "ask";
  readonly number: number;
  readonly application: string;
  readonly at: Date;
}

/** One line of a request as somebody sees it who asked for it by its number. */
export interface StatusView {
  readonly line: Line;
  readonly request: RequestView;
  readonly viewer: PersonId;
  /** True: the viewer may reassign, release and cancel. Only for drawing; the right is worked out again at each act. */
  readonly administrator: boolean;
  readonly now: Date;
}

/** What the request form is drawn from, before and after an application is chosen. Everything in it is worked out for the beneficiary. */
export interface AskView {
  /** What the slash command was given, already searched. */
  readonly words: string;
  readonly matches: readonly { readonly id: string; readonly name: string }[];
  /** What was probably meant, when nothing fits. */
  readonly near: readonly { readonly id: string; readonly name: string }[];
  /** What fits and isn't open to the beneficiary, with whom to ask; null: nobody known. */
  readonly barred: readonly { readonly name: string; readonly owner: string | null }[];
  readonly beneficiary: AskedFor;
  readonly chosen: {
    readonly application: Line["application"];
    readonly held: readonly (string | null)[];
    readonly asked: readonly { readonly entitlement: string | null; readonly number: number }[];
    /** Of the account that the beneficiary has there; null: none. */
    readonly login: string | null;
    /** False: chosen while it was for somebody else, and kept so that nothing typed is lost; it can't be sent so. */
    readonly open: boolean;
    /** Who will decide what is chosen so far, and who will do the work. */
    readonly ahead: readonly Ahead[];
    /** The names that go with `ahead`. */
    readonly directory: Directory;
  } | null;
  /** True while "until a date" is chosen, so that a date is asked for. */
  readonly asksDate: boolean;
  /** The entitlements chosen so far, for the limits they set. */
  readonly entitlements: readonly string[];
  /** The line that is asked for again, from which the form is filled in; null: none, or none of theirs. */
  readonly again: Line | null;
}

/** Whom a request is for. */
export interface AskedFor {
  readonly id: PersonId;
  readonly name: string;
  readonly email: string;
  readonly title: string;
  readonly department: string;
  /** True when it is the person who asks. */
  readonly self: boolean;
  readonly active: boolean;
}
