/** What can be asked for, and under which policy: the applied configuration as the rules see it. */
import type { Duration } from "./duration.ts";
import type { Group, GroupId, Notify, People, PersonId } from "./people.ts";

export type Risk = "low" | "medium" | "high";
/** Shown on every approval card, so that nobody approves an administrator's account for a reader's. */
export type AccountType = "standard" | "privileged" | "shared" | "service";

export interface Entitlement {
  readonly id: string;
  readonly name: string;
  readonly description: string;
  /** Policy of its own; null means the application's. */
  readonly policy: string | null;
  readonly risk: Risk;
  readonly accountType: AccountType | null;
  /** The longest that one grant may last; null means no limit. Always elapsed time. */
  readonly maxDuration: Duration | null;
  /** What to do to give just this entitlement, shown below the application's own; null when those say it. */
  readonly instructions: string | null;
}

/** What the fulfiller has to do, by what the order does: empty where nothing is said. Shown as written, no templates. */
export interface Instructions {
  readonly create: string;
  /** To add something to an account that is there. */
  readonly update: string;
}

export type FieldType = "text" | "long_text" | "choice" | "choices" | "number" | "date" | "checkbox";

/** One question of an application's own request form. */
export interface FormField {
  readonly id: string;
  readonly label: string;
  readonly type: FieldType;
  /** For `choice` and `choices` only, else empty. */
  readonly options: readonly string[];
  readonly required: boolean;
  readonly hint: string | null;
  /** Characters; for `text` and `long_text`. */
  readonly maxLength: number | null;
}

/** What the fulfiller is told to enter. Values are templates: `{{ person.email }}`, `{{ form.region }}`. */
export interface AccountTemplate {
  readonly login: string;
  readonly type: AccountType;
  /** In the order in which they are to be entered: a list, because jsonb doesn't keep the order of keys. */
  readonly attributes: readonly { readonly name: string; readonly value: string }[];
}

export interface ServiceLevel {
  /** The work is due that long after its approval. */
  readonly fulfilWithin: Duration | null;
  readonly visible: "at_approval" | "before_start";
  readonly leadTime: Duration | null;
  /** null: the policy's rhythm, once the work is overdue. */
  readonly remind: Reminding | null;
  readonly escalate: Escalating | null;
}

/** Reminders: the first after that long, then every so long, each pause `grow` times the one before, at most so many. */
export interface Reminding {
  readonly after: Duration;
  readonly every: Duration;
  readonly grow: number;
  readonly atMost: number;
}

/** A ladder: one rung each `after`. */
export interface Escalating {
  readonly after: Duration;
  readonly to: readonly Rung[];
}

/** Whom to turn to. `manager`: of everybody who is asked and hasn't acted; a group's task goes to each member's manager. */
export type Rung =
  | { readonly kind: "manager" }
  | { readonly kind: "business-owner" }
  | { readonly kind: "technical-owner" }
  | { readonly kind: "administrators" }
  | { readonly kind: "person"; readonly person: PersonId }
  | { readonly kind: "group"; readonly group: GroupId };

export interface Application {
  readonly id: string;
  readonly name: string;
  readonly description: string;
  readonly keywords: readonly string[];
  /** `disconnected` (by hand) or the name of a connector. */
  readonly kind: string;
  readonly businessOwner: PersonId;
  readonly technicalOwner: PersonId;
  readonly fulfillers: People;
  readonly policy: string;
  /** Attribute -> allowed values, all of them must match; null: everybody may ask. */
  readonly requestableBy: Readonly<Record<string, readonly string[]>> | null;
  readonly risk: Risk;
  readonly maxDuration: Duration | null;
  readonly serviceLevel: ServiceLevel;
  readonly form: readonly FormField[];
  readonly account: AccountTemplate;
  readonly instructions: Instructions;
  readonly entitlements: readonly Entitlement[];
  readonly notify: Notify | null;
  readonly slackChannel: string | null;
}

/** Who decides one step: the beneficiary's manager, or members of a group. */
export type Approvers = { readonly kind: "manager" } | { readonly kind: "group"; readonly group: GroupId };

export interface Step {
  readonly approvers: Approvers;
  /** How many of them have to approve; one rejection ends it. */
  readonly needed: number;
  /** True: who approved an earlier step needn't be asked again, their approval counts here too. */
  readonly once: boolean;
}

export interface Policy {
  readonly id: string;
  /** In the order in which they decide. */
  readonly steps: readonly Step[];
  readonly remind: Reminding | null;
  readonly escalate: Escalating | null;
  /** An approval that nobody decides that long expires. */
  readonly expireAfter: Duration | null;
}

/** One stretch of working time. */
export interface Opening {
  /** 1 is Monday, 7 is Sunday. */
  readonly day: number;
  /** Minutes after midnight, wall clock; `until` is at most 1440. */
  readonly from: number;
  readonly until: number;
}

export interface Calendar {
  readonly id: string;
  readonly timeZone: string;
  /** As written, such as `Mon-Fri 09:00-17:30`. */
  readonly hours: string;
  /** What the hours come to, by day and time; they don't overlap. */
  readonly openings: readonly Opening[];
  /** ISO dates. */
  readonly holidays: readonly string[];
}

/** A workspace or tenant from which people may act. */
export interface Home {
  readonly platform: "slack" | "teams";
  /** Slack team id or Entra tenant id. */
  readonly id: string;
  /** True where its accounts come from the company's own directory, so that an e-mail address is proof enough. */
  readonly trustEmail: boolean;
}

export interface Settings {
  readonly homes: readonly Home[];
  /** null: the technical owners of the applications. */
  readonly administrators: People | null;
  /** null: business owner, technical owner, administrators. */
  readonly fallbackApprovers: People | null;
}

/** The whole folder, read and checked; people.csv is kept apart, since it changes daily. */
export interface Catalogue {
  readonly settings: Settings;
  readonly calendars: readonly Calendar[];
  readonly groups: readonly Group[];
  readonly policies: readonly Policy[];
  readonly applications: readonly Application[];
  /** Access profiles, roles and segregation rules: checked for their shape and kept as written until they are built. */
  readonly later: Readonly<Record<string, unknown>>;
}
