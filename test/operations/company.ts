/** A small company for tests of the operations, and a world to act in: real Postgres, real rules. */
import { v7 } from "uuid";
import { applyFolder, type Folder } from "../../src/db/apply.ts";
import type { Connection } from "../../src/db/connect.ts";
import type { Application, Catalogue, Policy } from "../../src/domain/catalogue.ts";
import type { TaskCommand } from "../../src/domain/commands.ts";
import type { Person, PersonState } from "../../src/domain/people.ts";
import type { Operations } from "../../src/operations/operations.ts";
import { operations } from "../../src/operations/wire.ts";
import type { World } from "../../src/operations/world.ts";
import type { TestDatabase } from "../setup/database.ts";
import { reusedDatabase } from "../setup/reused.ts";
import { openTaskOf } from "../setup/tasks.ts";

export function person(id: string, managerId: string | null, more: Partial<Person> = {}): Person {
  return {
    id,
    email: `${id}@acme.example`,
    name: id[0]?.toUpperCase() + id.slice(1),
    managerId,
    department: "Sales",
    title: "Clerk",
    location: "Berlin",
    timeZone: "Europe/Berlin",
    state: "active" as PersonState,
    calendar: null,
    startDate: null,
    endDate: null,
    attributes: {},
    ...more,
  };
}

/** Rita asks, Max manages her, Cleo manages Max; Ines, Omar and Uma approve in a group; Lena and Tom do the work. */
export const PEOPLE: readonly Person[] = [
  person("cleo", null, { title: "Chief" }),
  person("max", "cleo", { title: "Head of Sales" }),
  person("rita", "max"),
  person("ines", "cleo", { department: "IT" }),
  person("omar", "cleo", { department: "IT" }),
  person("uma", "cleo", { department: "IT" }),
  person("lena", "cleo", { department: "IT" }),
  person("tom", "cleo", { department: "IT" }),
  person("stan", "max"),
];

export function application(id: string, more: Partial<Application> = {}): Application {
  return {
    id,
    name: id[0]?.toUpperCase() + id.slice(1),
    description: `The ${id} system`,
    keywords: [],
    kind: "disconnected",
    businessOwner: "cleo",
    technicalOwner: "tom",
    fulfillers: { kind: "group", group: "hands" },
    policy: "by-manager",
    requestableBy: null,
    risk: "low",
    maxDuration: null,
    serviceLevel: { fulfilWithin: null, visible: "at_approval", leadTime: null, remind: null, escalate: null },
    form: [],
    account: { login: "{{ person.email }}", type: "standard", attributes: [{ name: "Name", value: "{{ person.name }}" }] },
    instructions: { create: "Create the user.", update: "Open the user." },
    entitlements: [],
    notify: null,
    slackChannel: null,
    ...more,
  };
}

const entitlement = { description: "", policy: null, risk: "low" as const, accountType: null, maxDuration: null, instructions: null };

export const APPLICATIONS: readonly Application[] = [
  application("salesforce", {
    keywords: ["crm"],
    form: [{ id: "region", label: "Sales region", type: "choice", options: ["EMEA", "APAC"], required: true, hint: null, maxLength: null }],
    account: {
      login: "{{ person.email }}",
      type: "standard",
      attributes: [
        { name: "Profile", value: "Standard User" },
        { name: "Region", value: "{{ form.region }}" },
      ],
    },
    entitlements: [
      { ...entitlement, id: "reports", name: "Report builder" },
      {
        ...entitlement,
        id: "admin",
        name: "System administrator",
        policy: "by-two",
        risk: "high",
        maxDuration: { kind: "elapsed", seconds: 30 * 86_400 },
      },
    ],
  }),
  application("wiki", { fulfillers: { kind: "person", person: "lena" } }),
  application("payroll", { requestableBy: { department: ["Finance"] } }),
];

export const POLICIES: readonly Policy[] = [
  {
    id: "by-manager",
    steps: [{ approvers: { kind: "manager" }, needed: 1, once: false }],
    remind: null,
    escalate: null,
    expireAfter: null,
  },
  {
    id: "by-two",
    steps: [{ approvers: { kind: "group", group: "approvers" }, needed: 2, once: false }],
    remind: null,
    escalate: null,
    expireAfter: null,
  },
];

export function folder(more: { people?: readonly Person[]; catalogue?: Partial<Catalogue>; digest?: string } = {}): Folder {
  const group = { calendar: null, notify: null };
  return {
    digest: more.digest ?? v7(),
    people: (more.people ?? PEOPLE).map((one) => ({ person: one, slack: { teamId: "T0ACME", userId: `U${one.id.toUpperCase()}` } })),
    catalogue: {
      settings: {
        homes: [{ platform: "slack", id: "T0ACME", trustEmail: true }],
        administrators: { kind: "group", group: "administrators" },
        fallbackApprovers: null,
      },
      calendars: [],
      groups: [
        { ...group, id: "approvers", name: "Approvers", members: ["ines", "omar", "uma"], slackChannel: "approvals" },
        { ...group, id: "hands", name: "Salesforce admins", members: ["lena", "tom"], slackChannel: "hands" },
        { ...group, id: "administrators", name: "Administrators", members: ["cleo"], slackChannel: null },
      ],
      policies: POLICIES,
      applications: APPLICATIONS,
      later: {},
      ...more.catalogue,
    },
  };
}

export interface Company {
  readonly database: TestDatabase;
  readonly connection: Connection;
  readonly world: World;
  readonly operations: Operations;
  close(): Promise<void>;
}

export async function company(more: Parameters<typeof folder>[0] = {}): Promise<Company> {
  const key = JSON.stringify(["company", more]);
  const { database, connection, giveBack } = await reusedDatabase(key, async ({ url }) => {
    const applied = await applyFolder(url, folder(more), { by: "test", newId: v7 });
    if (applied.type !== "applied") throw new Error(`the folder was not applied: ${applied.type}`);
  });
  const world: World = { db: connection.db, newId: v7, wake: () => {} };
  return { database, connection, world, operations: operations(world), close: giveBack };
}

let count = 0;
/** A key that no other command has. */
export function once(content = "") {
  return { key: `test:${++count}:${process.pid}`, fingerprint: content };
}

/** Files a request and gives the numbers of its lines. */
export async function file(
  it: Company,
  actor: string,
  to: string,
  entitlements: readonly string[] = [],
  values: Record<string, string> = { region: "EMEA" },
): Promise<readonly number[]> {
  const asked = await it.operations.ask({
    actor,
    beneficiary: actor,
    application: to,
    submission: { entitlements, justification: "I sell things", until: { kind: "days", days: 30 }, values },
    once: once(),
  });
  if (!asked.ok) throw new Error(`refused: ${JSON.stringify(asked.refusal)}`);
  return (asked.value.about.numbers ?? "").split(", ").map(Number);
}

/** The face of the open task of a line. */
export async function openTask(it: Company, number: number): Promise<{ id: string; face: number }> {
  const open = await openTaskOf(it.operations, number);
  if (!open) throw new Error(`line ${number} has no open task`);
  const view = await it.operations.task(open.id, null);
  return { id: open.id, face: view?.task.face ?? 0 };
}

/** Acts on the open task of a line, as it stands now. */
export async function on(it: Company, number: number, actor: string, command: TaskCommand) {
  const { id, face } = await openTask(it, number);
  return it.operations.act({ actor, aim: { task: id, face }, command, once: once(), seen: null });
}
