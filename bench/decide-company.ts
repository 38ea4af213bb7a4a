/** A company with enough people and requests that each click of a bench decides a task of its own, as its approver. */
import { v7 } from "uuid";
import { applyFolder, type Folder } from "../src/db/apply.ts";
import type { Sql } from "../src/db/connect.ts";
import type { Application, Calendar, Policy } from "../src/domain/catalogue.ts";
import type { Person } from "../src/domain/people.ts";
import type { Database } from "./server.ts";

export const TEAM = "T0BENCH";

/** More managers than connections, and each has staff of their own: whoever clicks next has nothing else under way. */
const MANAGERS = 500;
const STAFF = 4_000;
const APPLICATIONS = 100;
/** Each person may ask for each application once. */
export const MOST_LINES = STAFF * APPLICATIONS;

/** Everything that the click on one line needs. */
export interface Waiting {
  readonly line: string;
  readonly task: string;
  readonly approver: string;
}

/** The nth request, counted from 0. */
export function waiting(n: number): Waiting {
  return { line: idOf(1, n), task: idOf(2, n), approver: `m${n % MANAGERS}` };
}

export function userOf(person: string): string {
  return `U${person.toUpperCase()}`;
}

/** The group that has the nth channel of the company, and the channel's id at Slack. */
export function room(n: number): { readonly group: string; readonly channel: string } {
  return { group: `room${n}`, channel: `C0ROOM${n}` };
}

/** Applies the folder and links everybody, as a database looks in which people have been working for a while; so many groups have a channel of their own. */
export async function settle(database: Database, owner: Sql, rooms = 0): Promise<void> {
  const applied = await applyFolder(database.url, folder(rooms), { by: "bench", newId: v7 });
  if (applied.type !== "applied") throw new Error(`the folder was not applied: ${applied.type}`);
  await owner`update chat_account set proved_at = app_now()`;
  await owner`analyze`;
}

/**
 * Files the requests from `from` on, each waiting for its manager, or for the groups of so many rooms in turn: in SQL, since filing a hundred thousand one by
 * one takes minutes.
 */
export async function fileLines(owner: Sql, from: number, count: number, rooms = 0): Promise<void> {
  if (from + count > MOST_LINES) throw new Error("there are no more people to ask for anything");
  const n = owner`generate_series(${from}::int, ${from + count - 1}::int) as n`;
  const id = (kind: number) => owner`('00000000-000' || ${kind}::int || '-7000-8000-' || lpad(to_hex(n), 12, '0'))::uuid`;
  const staff = owner`'p' || (n % ${STAFF}::int)`;
  const approver = owner`'m' || (n % ${MANAGERS}::int)`;
  const group = owner`'room' || (n % ${rooms}::int)`;
  await owner`insert into request (id, requester_id, submitted_at, configuration_version) select ${id(3)}, ${staff}, app_now(), 1 from ${n}`;
  await owner`
    insert into line (id, number, request_id, requester_id, beneficiary_id, application_id, application_definition, policy_definition,
      justification, "values", approval, step, open, submitted_at, version)
    select ${id(1)}, n + 1, ${id(3)}, ${staff}, ${staff}, a.key, a.id, p.id, 'I look after customers in the north', '{"region": "EMEA"}', 'pending', 0, true, app_now(), 1
    from ${n} join definition a on a.kind = 'application' and a.until is null and a.key = 'app' || (n / ${STAFF}::int)
    join definition p on p.kind = 'policy' and p.until is null and p.key = ${rooms === 0 ? owner`'standard'` : group}`;
  await owner`
    insert into task (id, line_id, kind, state, step, needed, face, opened_at, due_at, remind_at, escalate_at, expire_at)
    select ${id(2)}, ${id(1)}, 'approval', 'open', 0, 1, 1, app_now(), null, app_now() + interval '1 day', app_now() + interval '3 days', app_now() + interval '14 days' from ${n}`;
  await (rooms === 0
    ? owner`insert into task_assignee (task_id, position, person_id, because) select ${id(2)}, 0, ${approver}, 'manager' from ${n}`
    : owner`insert into task_assignee (task_id, position, group_id, because) select ${id(2)}, 0, ${group}, 'group' from ${n}`);
  await owner`
    insert into event (at, kind, actor_id, request_id, line_id, task_id, data)
    select app_now(), kind, ${staff}, ${id(3)}, ${id(1)}, case when kind = 'task-opened' then ${id(2)} end, '{}' from ${n}, (values ('submitted'), ('task-opened')) k(kind)`;
  await owner`analyze request, line, task, task_assignee, event`;
}

function idOf(kind: number, n: number): string {
  return `00000000-000${kind}-7000-8000-${n.toString(16).padStart(12, "0")}`;
}

function folder(rooms: number): Folder {
  const ids = [
    ...["chief", "lena", "tom", "ines"].map((id) => person(id, id === "chief" ? null : "chief")),
    ...Array.from({ length: MANAGERS }, (_, n) => person(`m${n}`, "chief")),
    ...Array.from({ length: STAFF }, (_, n) => person(`p${n}`, `m${n % MANAGERS}`)),
  ];
  const group = { calendar: "berlin", notify: null, slackChannel: null };
  return {
    digest: "bench",
    people: ids.map((one) => ({ person: one, slack: { teamId: TEAM, userId: userOf(one.id) } })),
    catalogue: {
      settings: {
        homes: [{ platform: "slack", id: TEAM, trustEmail: true }],
        administrators: { kind: "group", group: "it-leads" },
        fallbackApprovers: { kind: "group", group: "it-leads" },
      },
      calendars: [calendar("berlin", "Europe/Berlin"), calendar("new-york", "America/New_York"), calendar("singapore", "Asia/Singapore")],
      groups: [
        { ...group, id: "it-leads", name: "IT leads", members: ["chief", "ines"] },
        { ...group, id: "hands", name: "Hands", members: ["lena", "tom"] },
        ...Array.from({ length: rooms }, (_, n) => ({
          ...group,
          id: room(n).group,
          name: `Room ${n}`,
          members: ["lena", "tom"],
          slackChannel: room(n).channel,
        })),
      ],
      policies: [POLICY, ...Array.from({ length: rooms }, (_, n) => policyOf(room(n).group))],
      applications: Array.from({ length: APPLICATIONS }, (_, n) => application(`app${n}`)),
      later: {},
    },
  };
}

function person(id: string, managerId: string | null): Person {
  return {
    id,
    email: `${id}@bench.example`,
    name: `Person ${id}`,
    managerId,
    department: "Sales",
    title: "Clerk",
    location: "Berlin",
    timeZone: "Europe/Berlin",
    state: "active",
    calendar: null,
    startDate: null,
    endDate: null,
    attributes: {},
  };
}

const DAY = { kind: "working-days", days: 1 } as const;
/** The policy of the README, with every clock. */
const POLICY: Policy = {
  id: "standard",
  steps: [{ approvers: { kind: "manager" }, needed: 1, once: false }],
  remind: { after: DAY, every: DAY, grow: 1, atMost: 3 },
  escalate: { after: { kind: "working-days", days: 3 }, to: [{ kind: "manager" }, { kind: "group", group: "it-leads" }] },
  expireAfter: { kind: "elapsed", seconds: 14 * 86_400 },
};

function policyOf(group: string): Policy {
  return { ...POLICY, id: group, steps: [{ approvers: { kind: "group", group }, needed: 1, once: false }] };
}

function calendar(id: string, timeZone: string): Calendar {
  const openings = [1, 2, 3, 4, 5].map((day) => ({ day, from: 9 * 60, until: 17 * 60 + 30 }));
  const holidays = Array.from({ length: 20 }, (_, n) => `2027-${String((n % 12) + 1).padStart(2, "0")}-${String(n + 1).padStart(2, "0")}`);
  return { id, timeZone, hours: "Mon-Fri 09:00-17:30", openings, holidays };
}

const ENTITLEMENT = { description: "", policy: null, risk: "low", accountType: null, maxDuration: null, instructions: null } as const;

function application(id: string): Application {
  return {
    id,
    name: `Application ${id}`,
    description: "Customer relationship management",
    keywords: ["crm", "sales"],
    kind: "disconnected",
    businessOwner: "chief",
    technicalOwner: "tom",
    fulfillers: { kind: "group", group: "hands" },
    policy: "standard",
    requestableBy: null,
    risk: "low",
    maxDuration: null,
    serviceLevel: {
      fulfilWithin: { kind: "working-hours", hours: 8 },
      visible: "at_approval",
      leadTime: null,
      remind: null,
      escalate: null,
    },
    form: [{ id: "region", label: "Sales region", type: "choice", options: ["EMEA", "APAC"], required: true, hint: null, maxLength: null }],
    account: {
      login: "{{ person.email }}",
      type: "standard",
      attributes: [
        { name: "Profile", value: "Standard User" },
        { name: "Region", value: "{{ form.region }}" },
      ],
    },
    instructions: { create: "Setup > Users > New User. Licence: standard.", update: "Open the user." },
    entitlements: [
      { ...ENTITLEMENT, id: "reports", name: "Report builder" },
      { ...ENTITLEMENT, id: "admin", name: "System administrator" },
    ],
    notify: null,
    slackChannel: null,
  };
}
