/** What cards are drawn from: a thing's state with the names that go with it. Filled by queries; no card reads the database. */
import type { Line, Task } from "./line.ts";
import type { GroupId, PersonId } from "./people.ts";

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
  readonly directory: Directory;
  /** Whose copy it is: a person's direct message; null: a channel, the same for everybody. */
  readonly viewer: PersonId | null;
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

/** The newest first, except tasks: those that wait longest come first. */
export interface HomeView {
  readonly person: PersonId;
  readonly directory: Directory;
  readonly tasks: Page<{ readonly line: Line; readonly task: Task }>;
  readonly requests: Page<Line>;
  readonly access: Page<HeldAccess>;
}

/** What the request form is drawn from, before and after an application is chosen. */
export interface AskView {
  /** What the slash command was given, already searched. */
  readonly words: string;
  readonly matches: readonly { readonly id: string; readonly name: string }[];
  readonly chosen: {
    readonly application: Line["application"];
    readonly held: readonly (string | null)[];
    readonly asked: readonly { readonly entitlement: string | null; readonly number: number }[];
    /** Of the account that the person has there; null: none. */
    readonly login: string | null;
  } | null;
  /** True while "until a date" is chosen, so that a date is asked for. */
  readonly asksDate: boolean;
  /** The entitlements chosen so far, for the limits they set. */
  readonly entitlements: readonly string[];
}
