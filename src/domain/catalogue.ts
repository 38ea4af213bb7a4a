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
  readonly fulfilWithin: Duration | null;
  readonly visible: "at_approval" | "before_start";
  readonly leadTime: Duration | null;
}

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
  readonly instructions: string;
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
}

export interface Policy {
  readonly id: string;
  /** In the order in which they decide. */
  readonly steps: readonly Step[];
  /** Checked and kept as written (remind, escalate, expire_after, once): the clocks that read them come later. */
  readonly clocks: Readonly<Record<string, unknown>>;
}

export interface Calendar {
  readonly id: string;
  readonly timeZone: string;
  /** As written, such as `Mon-Fri 09:00-17:30`; checked. */
  readonly hours: string;
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
