/** The office that the random walk plays in: a folder that changes, what stands in the tables, and who may do what by them. */
import { v7 } from "uuid";
import { type Folder, writeFolder } from "../../src/db/apply.ts";
import type { Escalating, Policy, Reminding } from "../../src/domain/catalogue.ts";
import type { LineVerb, Verb } from "../../src/domain/commands.ts";
import type { PersonState } from "../../src/domain/people.ts";
import type { Result } from "../../src/domain/refusals.ts";
import type { Answer } from "../../src/operations/operations.ts";
import { BERLIN, KOLKATA } from "./acts.ts";
import { application, type Company, folder, PEOPLE, person } from "./company.ts";

export const EVERYBODY = [...PEOPLE.map(({ id, managerId }) => ({ id, managerId })), { id: "anna", managerId: "cleo" }];
export const IDS = EVERYBODY.map(({ id }) => id);
export const GROUPS = ["approvers", "hands", "administrators"] as const;
export const APPS = ["plain", "two", "once", "late"] as const;
export type App = (typeof APPS)[number];

/** What the company looks like now, as far as it can change during a walk. */
export interface Shape {
  readonly states: Readonly<Record<string, PersonState>>;
  readonly managers: Readonly<Record<string, string | null>>;
  readonly members: Readonly<Record<string, readonly string[]>>;
  /** Which of the settings of clocks is in force. */
  readonly clocks: number;
  /** Who left and was erased: the file that still holds them is passed over. */
  readonly erased: readonly string[];
}

export const SHAPE: Shape = {
  states: Object.fromEntries(IDS.map((id) => [id, "active"])),
  managers: Object.fromEntries(EVERYBODY.map(({ id, managerId }) => [id, managerId])),
  members: { approvers: ["ines", "omar", "uma"], hands: ["lena", "tom"], administrators: ["cleo", "anna"] },
  clocks: 0,
  erased: [],
};

const HOUR = { kind: "elapsed", seconds: 3600 } as const;
const remind: Reminding = { after: { kind: "working-hours", hours: 2 }, every: HOUR, grow: 2, atMost: 3 };
const escalate: Escalating = { after: HOUR, to: [{ kind: "manager" }, { kind: "group", group: "approvers" }, { kind: "administrators" }] };
const CLOCKS = [
  { remind: null, escalate: null, expireAfter: null },
  { remind, escalate, expireAfter: { kind: "working-days", days: 3 } },
  { remind: null, escalate: { after: HOUR, to: [{ kind: "business-owner" }, { kind: "person", person: "stan" }] }, expireAfter: null },
] as const;

function policies(clocks: number): readonly Policy[] {
  const set = CLOCKS[clocks % CLOCKS.length] ?? CLOCKS[0];
  const manager = { approvers: { kind: "manager" }, needed: 1, once: false } as const;
  const group = (needed: number, once = false) => ({ approvers: { kind: "group", group: "approvers" }, needed, once }) as const;
  return [
    { id: "plain", steps: [manager], ...set },
    { id: "two", steps: [manager, group(2)], ...set },
    { id: "once", steps: [group(1), { ...manager, once: true }, group(2, true)], ...set },
    { id: "late", steps: [manager], ...CLOCKS[1], expireAfter: HOUR },
  ];
}

/** As `applyFolder` does it, but over a connection that is there already: a walk has dozens of folders. */
export async function applyShape({ connection }: Company, shape: Shape): Promise<void> {
  await connection.sql.begin(async (sql) => {
    await sql`select pg_advisory_xact_lock(hashtext('latchkey configuration'))`;
    await writeFolder(sql, folderOf(shape), { by: "test", newId: v7 });
  });
}

function folderOf(shape: Shape): Folder {
  const base = folder();
  const level = { fulfilWithin: HOUR, visible: "at_approval", leadTime: null, remind, escalate } as const;
  return folder({
    people: EVERYBODY.map(({ id }) =>
      person(id, shape.managers[id] ?? null, {
        state: shape.states[id] ?? "active",
        ...(id === "omar" ? { calendar: "kolkata", timeZone: "Asia/Kolkata" } : {}),
      }),
    ),
    catalogue: {
      calendars: [BERLIN, KOLKATA],
      groups: base.catalogue.groups.map((one) => ({ ...one, members: shape.members[one.id] ?? [] })),
      policies: policies(shape.clocks),
      applications: APPS.map((app) =>
        application(app, {
          policy: app,
          fulfillers: app === "plain" ? { kind: "person", person: "lena" } : { kind: "group", group: "hands" },
          ...(app === "late" ? { serviceLevel: level } : {}),
        }),
      ),
    },
  });
}

/** A line as it stands in the tables. */
export interface Stood {
  readonly id: string;
  readonly number: number;
  readonly requester: string;
  readonly beneficiary: string;
  readonly application: string;
  readonly approval: string;
  readonly order: string | null;
  readonly open: boolean;
  readonly version: number;
  readonly once: boolean;
  readonly task: StoodTask | null;
  /** All of its tasks, the oldest first. */
  readonly tasks: readonly string[];
  readonly votes: readonly { readonly task: string; readonly step: number; readonly person: string }[];
}

export interface StoodTask {
  readonly id: string;
  readonly kind: string;
  readonly face: number;
  readonly step: number | null;
  readonly needed: number;
  readonly claimed: string | null;
  readonly nudged: boolean;
  readonly people: readonly string[];
  readonly escalated: readonly string[];
  readonly groups: number;
  /** Active members of the groups that are asked. */
  readonly members: readonly string[];
}

/** All lines, by number. */
export async function look({ connection: { sql } }: Company): Promise<readonly Stood[]> {
  const rows = await sql<{ row: Stood }[]>`
    select jsonb_build_object('id', l.id, 'number', l.number, 'requester', l.requester_id, 'beneficiary', l.beneficiary_id, 'application', l.application_id,
      'approval', l.approval, 'order', o.state, 'open', l.open, 'version', l.version,
      'once', coalesce((d.content->'steps'->t.step->>'once')::boolean, false),
      'tasks', (select jsonb_agg(x.id order by x.opened_at, x.id) from task x where x.line_id = l.id),
      'votes', coalesce((select jsonb_agg(jsonb_build_object('task', v.task_id, 'step', x.step, 'person', v.person_id) order by v.at, v.person_id) from vote v join task x on x.id = v.task_id
        where v.line_id = l.id), '[]'),
      'task', case when t.id is not null then jsonb_build_object('id', t.id, 'kind', t.kind, 'face', t.face, 'step', t.step, 'needed', t.needed, 'claimed', t.claimed_by,
        'nudged', t.nudged_at is not null,
        'people', coalesce((select jsonb_agg(a.person_id order by a.position) from task_assignee a where a.task_id = t.id and a.person_id is not null), '[]'),
        'escalated', coalesce((select jsonb_agg(a.person_id order by a.position) from task_assignee a where a.task_id = t.id and a.person_id is not null and a.because = 'escalated'), '[]'),
        'groups', (select count(*) from task_assignee a where a.task_id = t.id and a.group_id is not null),
        'members', coalesce((select jsonb_agg(distinct m.person_id) from task_assignee a join member m on m.group_id = a.group_id
          join person x on x.id = m.person_id and x.state = 'active' where a.task_id = t.id), '[]')) end) as row
    from line l join definition d on d.id = l.policy_definition left join "order" o on o.line_id = l.id left join task t on t.line_id = l.id and t.state = 'open'
    order by l.number`;
  return rows.map(({ row }) => row);
}

export interface Wish {
  readonly actor: string;
  readonly verb: Verb;
  readonly task: string;
  readonly face: number | null;
  readonly to: readonly string[];
}

/** Whether the act must be accepted, by the tables and the shape alone. */
export function must(shape: Shape, line: Stood, { actor, verb, task, face, to }: Wish): boolean {
  const open = line.task;
  if (shape.states[actor] !== "active" || !open || open.id !== task || (face !== null && face !== open.face)) return false;
  const approval = open.kind === "approval";
  const party = (one: string) => one === line.requester || one === line.beneficiary;
  const earlier = line.votes.filter((vote) => line.once && vote.step !== null && vote.step < (open.step ?? 0)).map((vote) => vote.person);
  const spoken = [...line.votes.filter((vote) => vote.task === open.id).map((vote) => vote.person), ...(approval ? earlier : [])];
  const holders = [...open.people, ...open.members].filter((one) => !approval || !party(one));
  const claimed = open.claimed !== null && holders.includes(open.claimed) ? open.claimed : null;
  const administrator = isAdministrator(shape, actor);
  const alone = open.groups === 0 && open.people.length === 1 ? open.people[0] : null;
  const missing = approval ? open.needed - line.votes.filter((vote) => vote.task === open.id).length : 1;
  switch (verb) {
    case "approve":
    case "reject":
      return approval && holders.includes(actor) && !spoken.includes(actor);
    case "claim":
      return open.kind === "fulfilment" && holders.includes(actor) && claimed === null;
    case "release":
      return (
        open.kind === "fulfilment" &&
        claimed !== null &&
        (claimed === actor || administrator || (holders.includes(actor) && open.escalated.includes(actor)))
      );
    case "confirm":
    case "report-error":
      return open.kind === "fulfilment" && holders.includes(actor) && (claimed ?? alone) === actor;
    case "retry":
    case "cancel-order":
      return open.kind === "review" && holders.includes(actor);
    case "reassign": {
      const named = [...new Set(to)];
      const fit = named.every((one) => shape.states[one] === "active" && !(approval && (party(one) || spoken.includes(one))));
      return administrator && !(approval && party(actor)) && fit && named.length >= missing;
    }
  }
}

/** Whether the act on the line as a whole must be accepted; a nudge may also come too soon after another one. */
export function mayOnLine(shape: Shape, line: Stood, actor: string, verb: LineVerb): boolean {
  if (!line.open || shape.states[actor] !== "active") return false;
  if (verb === "cancel") return isAdministrator(shape, actor);
  return actor === line.requester && (verb !== "nudge" || line.task !== null);
}

export function isAdministrator(shape: Shape, actor: string): boolean {
  return shape.states[actor] === "active" && (shape.members.administrators ?? []).includes(actor);
}

export function said(result: Result<Answer> | Result<object>): string {
  return result.ok ? ("said" in result.value ? String(result.value.said) : "allowed") : result.refusal.name;
}
