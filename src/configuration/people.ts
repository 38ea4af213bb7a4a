/** people.csv: who works here, under whom, where, and in which state. */
import type { Person, PersonState } from "../domain/people.ts";
import type { Row } from "./csv.ts";
import { readCsv } from "./csv.ts";
import type { Fault, Note } from "./fault.ts";
import { managerFaults } from "./managers.ts";
import { UUID } from "./organisation.ts";
import type { Directory, Outline } from "./outline.ts";
import { dateProblem } from "./shapes.ts";
import { nearest, oneOf, quote, unknown } from "./suggest.ts";
import { zoneProblem } from "./time-zones.ts";

/** A person, and the chat accounts that the file says are theirs. */
export interface ListedPerson {
  readonly person: Person;
  readonly slack: { readonly teamId: string; readonly userId: string } | null;
  /** Entra object id, in small letters. */
  readonly teamsObjectId: string | null;
}

export interface ReadPeople {
  readonly people: readonly ListedPerson[];
  readonly faults: readonly Fault[];
  readonly notes: readonly Note[];
  /** undefined: the file has no rows that could be read, so that nobody can be looked up. */
  readonly directory: Directory | undefined;
}

const REQUIRED = ["id", "email", "name", "manager_id", "department", "title", "location", "time_zone", "state"] as const;
const OPTIONAL = ["start_date", "end_date", "calendar", "slack_user_id", "teams_object_id"] as const;
type Column = (typeof REQUIRED)[number] | (typeof OPTIONAL)[number];
const COLUMNS: readonly string[] = [...REQUIRED, ...OPTIONAL];
const STATES: readonly PersonState[] = ["future", "active", "leave", "left"];
const MOST_CHARACTERS = 300;

/** A row with its columns named. */
export interface Entry {
  readonly row: Row;
  readonly person: Person;
  readonly columnOf: (column: string) => number;
}

/** Reads the file; `outline` undefined: latchkey.yaml couldn't be read, so calendars and workspaces aren't looked up. */
export function readPeople(file: string, text: string, outline: Outline | undefined): ReadPeople {
  const csv = readCsv(file, text);
  const nothing = { people: [], notes: [], directory: undefined };
  if (!csv.ok) return { ...nothing, faults: [csv.fault] };
  const [heading, ...rows] = csv.rows;
  if (!heading)
    return {
      ...nothing,
      faults: [{ file, line: 1, column: 1, message: `the file is empty: start with the columns ${REQUIRED.join(",")}` }],
    };
  const faults: Fault[] = [];
  const names = heading.cells.map((cell) => cell.trim());
  const headingFaults = faultsOfHeading(names).map(({ index, message }) => ({ file, ...heading.at(index), message }));
  if (headingFaults.length > 0) return { ...nothing, faults: headingFaults };

  const index = new Map(names.map((name, at) => [name, at]));
  const columnOf = (column: string) => index.get(column) ?? 0;
  const attributes = names.filter((name) => !COLUMNS.includes(name));
  const entries: Entry[] = [];
  const people: ListedPerson[] = [];
  for (const row of rows) {
    const say = (column: string, message: string) => faults.push({ file, ...row.at(columnOf(column)), message });
    const cells = row.cells.map((one) => one.trim());
    const cell = (column: string) => cells[index.get(column) ?? -1] ?? "";
    if (row.cells.length === names.length) {
      checkCells(cell, names, say, outline);
      const slack = slackOf(cell("slack_user_id"), outline);
      people.push({ person: personOf(cell, attributes), slack, teamsObjectId: cell("teams_object_id").toLowerCase() || null });
    } else {
      // The cells may stand under the wrong headings: they aren't judged, and only who it is is taken from them, for references.
      const counts = `this row has ${row.cells.length} cells where the heading has ${names.length}`;
      faults.push({ file, ...row.at(0), message: `${counts}: look for a missing comma, or put a cell with a comma in quotes` });
      const email =
        row.cells
          .find((one) => one.includes("@"))
          ?.trim()
          .toLowerCase() ?? "";
      people.push({ person: { ...personOf(cell, attributes), email, managerId: null }, slack: null, teamsObjectId: null });
    }
    entries.push({ row, person: people.at(-1)!.person, columnOf });
  }
  if (rows.length === 0)
    faults.push({ file, ...heading.at(0), message: "nobody stands below the heading: write one line for each person" });
  faults.push(...twice(file, entries, people));
  const managers = managerFaults(file, entries);
  const directory = rows.length > 0 ? directoryOf(entries, attributes) : undefined;
  return { people, faults: [...faults, ...managers.faults], notes: managers.notes, directory };
}

function faultsOfHeading(names: readonly string[]): { index: number; message: string }[] {
  if (names.length === 1 && /[;\t]/.test(names[0]!)) {
    return [{ index: 0, message: "the columns aren't separated by commas: save the file as CSV with commas" }];
  }
  const missing = REQUIRED.filter((column) => !names.includes(column));
  const slips = new Map<string, string>();
  const faults = names.flatMap((name, index) => {
    if (COLUMNS.includes(name))
      return names.indexOf(name) < index ? [{ index, message: `column ${quote(name)} stands here twice: keep one` }] : [];
    const meant = nearest(
      name.replaceAll(" ", "_"),
      COLUMNS.filter((column) => !names.includes(column)),
    );
    if (meant !== undefined) {
      slips.set(meant, name);
      return [{ index, message: `unknown column ${quote(name)}: did you mean ${quote(meant)}?` }];
    }
    if (names.indexOf(name) < index) return [{ index, message: `column ${quote(name)} stands here twice: keep one` }];
    if (/^[a-z][a-z0-9_]{0,63}$/.test(name)) return [];
    const better = name
      .toLowerCase()
      .replace(/[^a-z0-9]+/g, "_")
      .replace(/^[_0-9]+|_+$/g, "");
    return [
      {
        index,
        message: `${quote(name)} can't name a column: use small letters, digits and _${better ? `, such as ${quote(better)}` : ""}`,
      },
    ];
  });
  const left = missing.filter((column) => !slips.has(column));
  if (left.length > 0)
    faults.unshift({
      index: 0,
      message: `missing column${left.length > 1 ? "s" : ""} ${left.join(", ")}: add ${left.length > 1 ? "them" : "it"} to the first line`,
    });
  return faults;
}

type Cell = (column: string) => string;
type Say = (column: Column | string, message: string) => void;

function checkCells(cell: Cell, names: readonly string[], say: Say, outline: Outline | undefined): void {
  for (const column of ["id", "email", "name", "time_zone", "state"] as const) {
    if (cell(column) === "") say(column, `${column} is empty: everybody needs one`);
  }
  for (const name of names)
    if (cell(name).length > MOST_CHARACTERS) say(name, `this cell is longer than ${MOST_CHARACTERS} characters: shorten it`);
  const [email, zone, state, calendar] = [cell("email"), cell("time_zone"), cell("state"), cell("calendar")];
  if (email && !/^[^\s@,<>"]+@[^\s@,<>"]+$/.test(email))
    say("email", `${quote(email)} is no e-mail address: write one such as ines@acme.example`);
  const wrongZone = zone && zoneProblem(zone);
  if (wrongZone) say("time_zone", wrongZone);
  if (state && !STATES.includes(state as PersonState)) say("state", unknown("state", state, STATES, `write ${oneOf(STATES)}`));
  if (calendar && outline && !outline.unread.has("calendars") && !outline.calendars.has(calendar)) {
    say("calendar", unknown("calendar", calendar, outline.calendars, "add it to calendars in latchkey.yaml, or leave the cell empty"));
  }
  for (const column of ["start_date", "end_date"] as const) {
    const wrong = cell(column) && dateProblem(cell(column));
    if (wrong) say(column, wrong);
  }
  if (cell("start_date") && cell("end_date") && cell("end_date") < cell("start_date")) {
    say("end_date", "this person ends before they start: correct start_date or end_date");
  }
  const slack = slackProblem(cell("slack_user_id"), outline);
  if (slack) say("slack_user_id", slack);
  const teams = cell("teams_object_id");
  if (teams && !UUID.test(teams))
    say("teams_object_id", `${quote(teams)} is no Entra object id: it looks like 00000000-0000-0000-0000-000000000000`);
}

const SLACK_USER = /^(?:([TE][A-Z0-9]{2,20})\/)?([UW][A-Z0-9]{2,20})$/;

function slackProblem(written: string, outline: Outline | undefined): string | undefined {
  if (written === "") return undefined;
  const match = SLACK_USER.exec(written);
  if (!match) return `${quote(written)} is no Slack user id: write it as in U012AB3CD, or with its workspace T0ACME/U012AB3CD`;
  if (!outline) return undefined;
  const [, team] = match;
  if (outline.slackTeams.length === 0)
    return "no Slack workspace stands under chat in latchkey.yaml: add it there, or leave this cell empty";
  if (team === undefined) {
    const first = outline.slackTeams[0]!;
    return outline.slackTeams.length === 1
      ? undefined
      : `several workspaces are listed: write which, such as ${quote(`${first}/${written}`)}`;
  }
  return outline.slackTeams.includes(team)
    ? undefined
    : unknown("Slack workspace", team, outline.slackTeams, "add it under chat in latchkey.yaml");
}

function slackOf(written: string, outline: Outline | undefined): ListedPerson["slack"] {
  const match = SLACK_USER.exec(written);
  const teamId = match?.[1] ?? outline?.slackTeams[0];
  return match?.[2] && teamId ? { teamId, userId: match[2] } : null;
}

function personOf(cell: Cell, attributes: readonly string[]): Person {
  return {
    id: cell("id"),
    email: cell("email").toLowerCase(),
    name: cell("name"),
    managerId: cell("manager_id") || null,
    department: cell("department"),
    title: cell("title"),
    location: cell("location"),
    timeZone: cell("time_zone"),
    state: cell("state") as PersonState,
    calendar: cell("calendar") || null,
    startDate: cell("start_date") || null,
    endDate: cell("end_date") || null,
    attributes: Object.fromEntries(attributes.map((name) => [name, cell(name)])),
  };
}

/** Ids, addresses and chat accounts that two people share; a chat account is one human's. */
function twice(file: string, entries: readonly Entry[], people: readonly ListedPerson[]): Fault[] {
  const faults: Fault[] = [];
  const seen = { id: new Map(), email: new Map(), slack_user_id: new Map(), teams_object_id: new Map() } satisfies Partial<
    Record<Column, Map<string, Row>>
  >;
  for (const [index, { row, person, columnOf }] of entries.entries()) {
    const { slack, teamsObjectId } = people[index]!;
    const once = (column: keyof typeof seen, value: string) => {
      if (value === "") return;
      const first: Row | undefined = seen[column].get(value);
      if (first === undefined) seen[column].set(value, row);
      else {
        const message = `${column} ${quote(value)} is already that of line ${first.at(0).line}: give each person their own`;
        faults.push({ file, ...row.at(columnOf(column)), message });
      }
    };
    once("id", person.id);
    once("email", person.email);
    if (slack) once("slack_user_id", `${slack.teamId}/${slack.userId}`);
    if (teamsObjectId) once("teams_object_id", teamsObjectId);
  }
  return faults;
}

function directoryOf(entries: readonly Entry[], attributes: readonly string[]): Directory {
  const emails = entries.flatMap(({ person }): [string, string][] => (person.email ? [[person.email, person.id]] : []));
  const ids = entries.map(({ person }): [string, string] => [person.id, person.id]);
  const [known, hrIds] = [new Set(emails.map(([email]) => email)), new Set(ids.map(([id]) => id))];
  return { ids: new Map([...emails, ...ids]), emails: known, hrIds, attributes };
}
