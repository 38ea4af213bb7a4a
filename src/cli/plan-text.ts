/** A plan for people: what would change, a line each, the long lists cut. */
import type { Plan } from "../db/plan.ts";
import type { DefinitionChange, FieldChange, PartChange } from "../db/plan-definitions.ts";
import type { GroupChange } from "../db/plan-groups.ts";
import type { OtherPeople } from "../db/plan-open-work.ts";
import type { Named, PersonChange } from "../db/plan-people.ts";
import { erasedLine } from "./people-erase.ts";
import { counted } from "./said.ts";

/** Names in one line, and lines in one list: what fits a terminal. The whole is in `--json`. */
const MOST_NAMES = 5;
const MOST_LINES = 20;

export function planLines(plan: Plan): readonly string[] {
  const { erased } = plan.people;
  if (plan.unchanged)
    return [`Nothing to change: version ${plan.version} says the same.`, ...(erased.length > 0 ? [erasedLine(erased)] : [])];
  const sections = [
    section("People", peopleLines(plan.people)),
    section("Groups", plan.groups.map(groupLine)),
    section("Applications", definitionLines(plan.definitions, "application")),
    section("Policies", definitionLines(plan.definitions, "policy")),
    section("Calendars", definitionLines(plan.definitions, "calendar")),
    section("Settings", [
      ...plan.settings.map((change) => `~ ${fieldWords(change)}`),
      ...plan.definitions
        .filter(({ kind }) => kind === "later")
        .map(({ fields }) => `~ ${fields.map(({ field }) => field).join(", ") || "new sections"}`),
    ]),
  ].flat();
  const from = plan.version === null ? "Nothing is in force yet." : `Version ${plan.version} is in force.`;
  const heading = sections.length === 0 ? `${from} Nothing in it would change.` : `${from} Applying this folder would change:`;
  return [heading, ...sections, ...openLines(plan), ...stopLines(plan)];
}

function section(title: string, lines: readonly string[]): readonly string[] {
  return lines.length === 0 ? [] : ["", title, ...cut(lines).map((line) => `  ${line}`)];
}

function cut(lines: readonly string[]): readonly string[] {
  return lines.length <= MOST_LINES ? lines : [...lines.slice(0, MOST_LINES), `... and ${lines.length - MOST_LINES} more (see --json)`];
}

function peopleLines({ joining, leaving, changing, missing, erased }: Plan["people"]): readonly string[] {
  const moved = changing.filter((person) => person.was !== person.state);
  const byField = new Map<string, PersonChange[]>();
  for (const person of changing)
    for (const field of Object.keys(person.fields)) {
      if (field === "state") continue;
      const same = byField.get(field);
      if (same) same.push(person);
      else byField.set(field, [person]);
    }
  const states = ["active", "future", "leave", "left"] as const;
  return [
    ...states.flatMap((state) => {
      const of = joining.filter((person) => person.state === state);
      return of.length === 0 ? [] : [`+ ${of.length} new, ${state}: ${names(of)}`];
    }),
    ...(leaving.length === 0 ? [] : [`- ${leaving.length} ${leaving.length === 1 ? "leaves" : "leave"}: ${names(leaving)}`]),
    ...listed(moved, "state", (person) => `${person.was} -> ${person.state}`),
    ...["manager_id", "department"].flatMap((field) => listed(byField.get(field) ?? [], field, (person) => arrow(person.fields[field]))),
    ...[...byField]
      .filter(([field]) => field !== "manager_id" && field !== "department")
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([field, people]) => `~ ${field} of ${people.length}: ${names(people)}`),
    ...(missing.length === 0
      ? []
      : [
          `= ${missing.length} not in people.csv any more: ${names(missing)}. They stay as they are; who has left needs a line with the state "left"`,
        ]),
    ...(erased.length === 0 ? [] : [erasedLine(erased)]),
  ];
}

function listed(people: readonly PersonChange[], field: string, what: (person: PersonChange) => string): readonly string[] {
  if (people.length === 0) return [];
  const some = people.slice(0, MOST_NAMES).map((person) => `${person.name}: ${what(person)}`);
  return [`~ ${field} of ${people.length}: ${[...some, ...more(people)].join("; ")}`];
}

function arrow(change: readonly [string | null, string | null] | undefined): string {
  return `${change?.[0] || "none"} -> ${change?.[1] || "none"}`;
}

function names(people: readonly Named[]): string {
  return [...people.slice(0, MOST_NAMES).map(({ id, name }) => `${name} (${id})`), ...more(people)].join(", ");
}

function more(list: readonly unknown[]): readonly string[] {
  return list.length > MOST_NAMES ? [`and ${list.length - MOST_NAMES} more`] : [];
}

function groupLine({ id, change, gains, loses, fields }: GroupChange): string {
  if (change === "added") return `+ ${id}: ${names(gains)}`;
  if (change === "removed") return `- ${id}, until now ${names(loses)}`;
  const said = [
    ...(gains.length > 0 ? [`gains ${names(gains)}`] : []),
    ...(loses.length > 0 ? [`loses ${names(loses)}`] : []),
    ...(fields.length > 0 ? [fields.join(", ")] : []),
  ];
  return `~ ${id}: ${said.join("; ")}`;
}

function definitionLines(changes: readonly DefinitionChange[], kind: DefinitionChange["kind"]): readonly string[] {
  return changes.filter((one) => one.kind === kind).map(definitionLine);
}

const SIGN = { added: "+", removed: "-", changed: "~" } as const;

function definitionLine({ id, name, change, fields, parts, touches }: DefinitionChange): string {
  const title = `${SIGN[change]} ${name === id ? id : `${name} (${id})`}`;
  const what = [
    ...fields.map(fieldWords),
    ...partsWords(parts),
    ...(touches.mayAsk ? [`${touches.mayAsk[0]} -> ${touches.mayAsk[1]} people may ask`] : []),
  ];
  const hangs =
    change === "added"
      ? []
      : [
          ...(touches.open ? [`${counted(touches.open, "open request")} ${touches.open === 1 ? "keeps" : "keep"} what was filed`] : []),
          ...(touches.accounts ? [`${counted(touches.accounts, "account")} there`] : []),
        ];
  return `${title}${what.length > 0 ? `: ${what.join("; ")}` : ""}${hangs.length > 0 ? ` [${hangs.join(", ")}]` : ""}`;
}

function fieldWords({ field, was, now }: FieldChange): string {
  return was === null && now === null ? field : `${field} ${was} -> ${now}`;
}

function partsWords(parts: readonly PartChange[]): readonly string[] {
  return (["entitlement", "form field"] as const).flatMap((part) => {
    const words = parts
      .filter((one) => one.part === part)
      .map(({ change, id, fields }) => `${SIGN[change]}${id}${fields.length > 0 ? ` (${fields.map(fieldWords).join(", ")})` : ""}`);
    return words.length === 0
      ? []
      : [`${part}s ${[...words.slice(0, MOST_LINES), ...(words.length > MOST_LINES ? ["..."] : [])].join(" ")}`];
  });
}

function openLines({ open }: Plan): readonly string[] {
  if (open.total === 0) return ["", "No request is open."];
  const { others, keep } = open;
  const of = (kind: OtherPeople["kind"]) => others.filter((one) => one.kind === kind);
  const lost = of("approval").filter((one) => one.losesAll);
  const kinds = [
    ["approval", "approval", "goes to other approvers", "go to other approvers"],
    ["fulfilment", "order", "goes to other fulfillers", "go to other fulfillers"],
    ["review", "review of an error", "goes to somebody else", "go to somebody else"],
  ] as const;
  return [
    "",
    `Open requests: ${open.total}`,
    ...(keep.length === 0
      ? []
      : [
          `  ${keep.length} ${keep.length === 1 ? "keeps" : "keep"} the rules that ${keep.length === 1 ? "it was" : "they were"} filed under, although those change: ${numbers(keep)}`,
        ]),
    ...kinds.flatMap(([kind, what, one, several]) => {
      const moving = of(kind);
      if (moving.length === 0) return [];
      const title = kind === "review" && moving.length > 1 ? `${moving.length} reviews of errors` : counted(moving.length, what);
      return [`  ${title} ${moving.length === 1 ? one : several}:`, ...cut(moving.map(otherLine)).map((line) => `    ${line}`)];
    }),
    ...(lost.length === 0
      ? []
      : [
          `  ${counted(lost.length, "request")} ${lost.length === 1 ? "loses its" : "lose their"} present approver: ${numbers(lost.map((one) => one.number))}`,
        ]),
    ...(keep.length + others.length === 0 ? ["  none of them is affected"] : []),
  ];
}

function otherLine({ number, from, to, fallsBack, losesClaim }: OtherPeople): string {
  const after = `${short(to).join(", ") || "nobody"}${fallsBack ? ", since too few could act" : ""}`;
  return `#${number}: ${short(from).join(", ") || "nobody"} -> ${after}${losesClaim ? " (its claim ends)" : ""}`;
}

function short(people: readonly Named[]): readonly string[] {
  return [...people.slice(0, MOST_NAMES).map(({ name }) => name), ...more(people)];
}

function numbers(list: readonly number[]): string {
  return [
    ...list.slice(0, MOST_LINES).map((number) => `#${number}`),
    ...(list.length > MOST_LINES ? [`and ${list.length - MOST_LINES} more`] : []),
  ].join(", ");
}

function stopLines({ tooManyLeavers }: Plan): readonly string[] {
  if (!tooManyLeavers) return [];
  const { leaving, active } = tooManyLeavers;
  return [
    "",
    `STOP: ${leaving} of ${active} active people would leave at once, which looks like a broken file. "config apply" will refuse this folder; if it is right, add --many-may-leave there.`,
  ];
}
