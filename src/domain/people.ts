/** People and groups: the humans whom rules speak of, never their logins. */

export type PersonId = string;
export type GroupId = string;

/** `future`: hired, not started. `leave`: away for long. `left`: gone; never deleted, since decisions name them. */
export type PersonState = "future" | "active" | "leave" | "left";

export interface Person {
  /** The HR system's id, the key of a human everywhere in Latchkey. */
  readonly id: PersonId;
  readonly email: string;
  readonly name: string;
  readonly managerId: PersonId | null;
  readonly department: string;
  readonly title: string;
  readonly location: string;
  /** IANA name, such as Europe/Berlin. */
  readonly timeZone: string;
  readonly state: PersonState;
  /** Id of a calendar of the configuration; null means the first one. */
  readonly calendar: string | null;
  /** ISO dates (YYYY-MM-DD). */
  readonly startDate: string | null;
  readonly endDate: string | null;
  /** Further columns of people.csv, by their heading. */
  readonly attributes: Readonly<Record<string, string>>;
}

/** Where cards for a group go; left out: its channel if it has one, else direct. */
export type Notify = "channel" | "direct" | "both";

export interface Group {
  readonly id: GroupId;
  readonly name: string;
  readonly members: readonly PersonId[];
  readonly calendar: string | null;
  /** A channel's name (without #) or id. */
  readonly slackChannel: string | null;
  readonly notify: Notify | null;
}

/** One named person or a group: how the configuration says "whoever looks after this". */
export type People = { readonly kind: "person"; readonly person: PersonId } | { readonly kind: "group"; readonly group: GroupId };

/** Only an active person may ask, decide or do the work. */
export function isActive(person: Person): boolean {
  return person.state === "active";
}

/** The attribute a rule such as `requestable_by: { department: [...] }` names; undefined when the person has no such attribute. */
export function attributeOf(person: Person, name: string): string | undefined {
  switch (name) {
    case "id":
      return person.id;
    case "email":
      return person.email;
    case "name":
      return person.name;
    case "department":
      return person.department;
    case "title":
      return person.title;
    case "location":
      return person.location;
    case "time_zone":
      return person.timeZone;
    default:
      // Not something that every object has, such as `constructor`.
      return Object.hasOwn(person.attributes, name) ? person.attributes[name] : undefined;
  }
}
