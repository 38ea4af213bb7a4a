import { v7 } from "uuid";
import { afterEach, beforeEach, expect, test } from "vitest";
import { planLines } from "../../src/cli/plan-text.ts";
import { applyFolder } from "../../src/db/apply.ts";
import { type Plan, planFolder } from "../../src/db/plan.ts";
import { readTask } from "../../src/db/views.ts";
import { awaited } from "../../src/domain/line.ts";
import type { Person } from "../../src/domain/people.ts";
import { transmit } from "../../src/operations/transmit.ts";
import { everything } from "../operations/changes.ts";
import {
  APPLICATIONS,
  application,
  type Company,
  company,
  file,
  folder,
  on,
  openTask,
  PEOPLE,
  POLICIES,
  person,
} from "../operations/company.ts";
import { carried } from "../operations/outbox.ts";
import { describeWithDatabase } from "../setup/database.ts";

let it: Company;

type Changes = NonNullable<Parameters<typeof folder>[0]>;
const plan = (changes: Changes = {}): Promise<Plan> => planFolder(it.database.url, folder(changes));

const peopleWith = (changes: Record<string, Partial<Person>>): readonly Person[] => PEOPLE.map((one) => ({ ...one, ...changes[one.id] }));
const groupsWith = (members: Record<string, readonly string[]>) =>
  folder().catalogue.groups.map((group) => ({ ...group, members: members[group.id] ?? group.members }));
const ids = (people: readonly { readonly id: string }[]) => people.map(({ id }) => id);
const NOTHING = {
  people: { joining: [], leaving: [], changing: [], missing: [], erased: [] },
  ...{ groups: [], settings: [], definitions: [], tooManyLeavers: null },
};

const CROWD = process.env.LATCHKEY_THOROUGH ? 10_000 : 2_000;

describeWithDatabase("a plan of a folder", () => {
  beforeEach(async () => {
    it = await company({ digest: "first" });
  });
  afterEach(() => it.close());

  test("that says what is in force finds nothing to change; one that says it in other words finds no difference", async () => {
    expect(await plan({ digest: "first" })).toEqual({ version: 1, unchanged: true, ...NOTHING, open: { total: 0, keep: [], others: [] } });
    expect(await plan()).toEqual({ version: 1, unchanged: false, ...NOTHING, open: { total: 0, keep: [], others: [] } });
  });

  test("writes nothing at all, also where everything differs", async () => {
    await file(it, "rita", "wiki", [], {});
    const before = await everything(it);
    const found = await plan({
      people: [...peopleWith({ max: { state: "leave" }, tom: { managerId: "max" } }), person("nora", "cleo")],
      catalogue: { groups: groupsWith({ approvers: ["nora"] }), policies: POLICIES.slice(0, 1), applications: APPLICATIONS.slice(1) },
    });
    expect(found).toMatchObject({ unchanged: false, version: 1 });
    expect(await everything(it)).toEqual(before);
  });

  test("names who joins, leaves, is missing, and what changes of everybody else", async () => {
    const people = peopleWith({
      uma: { state: "leave" },
      stan: { managerId: "cleo", department: "IT", attributes: { cost_center: "C1" } },
    });
    const found = await plan({ people: [...people.filter(({ id }) => id !== "omar"), person("nora", "max", { state: "future" })] });
    expect(found.people).toEqual({
      joining: [{ id: "nora", name: "Nora", was: null, state: "future", fields: {} }],
      leaving: [],
      changing: [
        {
          ...{ id: "stan", name: "Stan", was: "active", state: "active" },
          fields: { manager_id: ["Max (max)", "Cleo (cleo)"], department: ["Sales", "IT"], cost_center: [null, "C1"] },
        },
        { id: "uma", name: "Uma", was: "active", state: "leave", fields: { state: ["active", "leave"] } },
      ],
      missing: [{ id: "omar", name: "Omar" }],
      erased: [],
    });
  });

  test("says in advance that too many would leave at once, by the very rule of applying it", async () => {
    const two = { people: peopleWith({ stan: { state: "left" }, uma: { state: "left" } }) };
    expect(await plan(two)).toMatchObject({
      tooManyLeavers: { leaving: 2, active: 9 },
      people: { leaving: [{ id: "stan" }, { id: "uma" }] },
    });
    expect(await applyFolder(it.database.url, folder(two), { by: "max", newId: v7 })).toEqual({
      type: "too-many-leavers",
      leaving: 2,
      active: 9,
    });
    const one = { people: peopleWith({ stan: { state: "left" } }) };
    expect(await plan(one)).toMatchObject({ tooManyLeavers: null, people: { leaving: [{ id: "stan" }] } });
  });

  test("names groups that come, go, gain, lose, or are set otherwise", async () => {
    const [approvers, hands] = folder().catalogue.groups;
    const found = await plan({
      catalogue: {
        groups: [
          { ...approvers!, members: ["ines", "omar", "stan"], slackChannel: "votes" },
          hands!,
          { ...hands!, id: "night-shift", members: ["tom"] },
        ],
      },
    });
    expect(found.groups).toEqual([
      { id: "administrators", change: "removed", gains: [], loses: [{ id: "cleo", name: "Cleo" }], fields: [] },
      {
        id: "approvers",
        change: "changed",
        gains: [{ id: "stan", name: "Stan" }],
        loses: [{ id: "uma", name: "Uma" }],
        fields: ["slack_channel"],
      },
      { id: "night-shift", change: "added", gains: [{ id: "tom", name: "Tom" }], loses: [], fields: [] },
    ]);
  });

  test("names the fields of definitions and settings that differ, and what hangs on them", async () => {
    const [number] = await file(it, "rita", "wiki", [], {});
    const [salesforce, wiki, payroll] = APPLICATIONS;
    const [reports] = salesforce!.entitlements;
    const found = await plan({
      catalogue: {
        settings: { ...folder().catalogue.settings, administrators: { kind: "person", person: "max" } },
        policies: [{ ...POLICIES[0]!, expireAfter: { kind: "elapsed", seconds: 1_209_600 } }, POLICIES[1]!],
        applications: [
          {
            ...salesforce!,
            policy: "by-two",
            entitlements: [
              { ...reports!, risk: "medium" },
              { ...reports!, id: "quotes" },
            ],
            form: [],
          },
          { ...wiki!, fulfillers: { kind: "group", group: "hands" }, instructions: { create: "New.", update: "Old." } },
          { ...payroll!, requestableBy: { department: ["IT"] } },
          application("miro"),
        ],
      },
    });
    const untouched = { open: 0, accounts: 0, mayAsk: null };
    expect(found.definitions).toEqual([
      { kind: "application", id: "miro", name: "Miro", change: "added", fields: [], parts: [], touches: untouched },
      {
        ...{ kind: "application", id: "payroll", name: "Payroll", change: "changed", parts: [] },
        fields: [{ field: "requestable_by", was: null, now: null }],
        touches: { ...untouched, mayAsk: [0, 5] },
      },
      {
        ...{ kind: "application", id: "salesforce", name: "Salesforce", change: "changed", touches: untouched },
        fields: [{ field: "policy", was: "by-manager", now: "by-two" }],
        parts: [
          { part: "entitlement", id: "reports", change: "changed", fields: [{ field: "risk", was: "low", now: "medium" }] },
          { part: "entitlement", id: "admin", change: "removed", fields: [] },
          { part: "entitlement", id: "quotes", change: "added", fields: [] },
          { part: "form field", id: "region", change: "removed", fields: [] },
        ],
      },
      {
        ...{ kind: "application", id: "wiki", name: "Wiki", change: "changed", parts: [], touches: { ...untouched, open: 1 } },
        fields: expect.arrayContaining([
          { field: "fulfillers", was: "lena", now: "group hands" },
          { field: "instructions", was: null, now: null },
        ]),
      },
      {
        ...{ kind: "policy", id: "by-manager", name: "by-manager", change: "changed", parts: [] },
        fields: [{ field: "expire_after", was: "none", now: "14 days" }],
        touches: { open: 1, accounts: null, mayAsk: null },
      },
    ]);
    expect(found.settings).toEqual([{ field: "administrators", was: "group administrators", now: "max" }]);
    expect(found.open).toEqual({ total: 1, keep: [number], others: [] });
  });

  test("tells which open approvals go to others: another manager, a manager on leave, a group that changes, and those that lose everybody", async () => {
    const [byManager] = await file(it, "rita", "wiki", [], {});
    const [byTwo] = await file(it, "rita", "salesforce", ["admin"]);
    const others = async (changes: Changes) =>
      (await plan(changes)).open.others.map(({ number, from, to, losesAll, fallsBack }) => ({
        number,
        from: ids(from),
        to: ids(to),
        losesAll,
        fallsBack,
      }));

    expect(await others({ people: peopleWith({ rita: { managerId: "cleo" } }) })).toEqual([
      { number: byManager, from: ["max"], to: ["cleo"], losesAll: true, fallsBack: false },
    ]);
    expect(await others({ people: peopleWith({ max: { state: "leave" } }) })).toEqual([
      { number: byManager, from: ["max"], to: ["cleo"], losesAll: true, fallsBack: true },
    ]);
    expect(await others({ people: peopleWith({ max: { state: "leave" }, cleo: { state: "leave" } }) })).toEqual([
      { number: byManager, from: ["max"], to: ["tom"], losesAll: true, fallsBack: true },
    ]);
    expect(await others({ catalogue: { groups: groupsWith({ approvers: ["ines", "omar", "stan"] }) } })).toEqual([
      { number: byTwo, from: ["ines", "omar", "uma"], to: ["ines", "omar", "stan"], losesAll: false, fallsBack: false },
    ]);
    expect(await others({ catalogue: { groups: groupsWith({ approvers: ["stan"] }) } })).toEqual([
      { number: byTwo, from: ["ines", "omar", "uma"], to: ["cleo", "stan"], losesAll: true, fallsBack: true },
    ]);
    const lines = planLines(await plan({ people: peopleWith({ max: { state: "leave" }, uma: { state: "leave" } }) }));
    expect(lines.slice(lines.indexOf("Open requests: 2"))).toEqual([
      "Open requests: 2",
      "  2 approvals go to other approvers:",
      `    #${byManager}: Max -> Cleo, since too few could act`,
      `    #${byTwo}: Ines, Omar, Uma -> Ines, Omar`,
      `  1 request loses its present approver: #${byManager}`,
    ]);
    // who asked never decides, so that joining the group changes nothing for this request
    expect(await others({ catalogue: { groups: groupsWith({ approvers: ["ines", "omar", "uma", "rita"] }) } })).toEqual([]);
    // Stan's manager is nobody's approver here
    expect(await others({ people: peopleWith({ stan: { managerId: "cleo" } }) })).toEqual([]);
  });

  test("who has voted already isn't counted among those who are asked", async () => {
    const [number = 0] = await file(it, "rita", "salesforce", ["admin"]);
    await on(it, number, "ines", { verb: "approve", comment: null });
    const found = await plan({ catalogue: { groups: groupsWith({ approvers: ["ines", "omar"] }) } });
    expect(found.open.others).toMatchObject([{ number, from: [{ id: "omar" }, { id: "uma" }], to: [{ id: "omar" }], fallsBack: false }]);
    const alone = await plan({ catalogue: { groups: groupsWith({ approvers: ["ines"] }) } });
    expect(alone.open.others).toMatchObject([{ number, to: [{ id: "cleo" }], losesAll: true, fallsBack: true }]);
  });

  test("tells which orders go to other hands, and whose claim ends", async () => {
    const [number = 0] = await file(it, "rita", "salesforce", ["reports"]);
    await on(it, number, "max", { verb: "approve", comment: null });
    const [line] = await it.connection.sql`select id from line where number = ${number}`;
    expect(await transmit(it.world, String(line?.id))).toBe("transmitted");
    await on(it, number, "tom", { verb: "claim" });
    const found = await plan({ catalogue: { groups: groupsWith({ hands: ["lena", "stan"] }) } });
    expect(found.open.others).toMatchObject([
      {
        number,
        kind: "fulfilment",
        from: [{ id: "lena" }, { id: "tom" }],
        to: [{ id: "lena" }, { id: "stan" }],
        losesAll: false,
        losesClaim: true,
      },
    ]);
    const away = await plan({ people: peopleWith({ lena: { state: "leave" } }) });
    expect(away.open.others).toMatchObject([{ number, to: [{ id: "tom" }], losesClaim: false, fallsBack: false }]);
  });

  test.each([
    ["a group that changes", { catalogue: { groups: groupsWith({ approvers: ["ines", "stan", "omar"] }) } }],
    ["a group that becomes too small", { catalogue: { groups: groupsWith({ approvers: ["stan"] }) } }],
    [
      "everybody of the group on leave",
      { people: peopleWith({ ines: { state: "leave" }, omar: { state: "leave" }, uma: { state: "leave" } }) },
    ],
  ] as const)("is what then happens, with %s: applied and routed anew, the request waits for just those people", async (_, change) => {
    const [number = 0] = await file(it, "rita", "salesforce", ["admin"]);
    const [told] = (await plan(change as Changes)).open.others;
    await applyFolder(it.database.url, folder(change as Changes), { by: "max", newId: v7 });
    await carried(it);
    const { id } = await openTask(it, number);
    const view = await readTask(it.world.db, id, null);
    expect(told && ids(told.to)).toEqual(view && awaited(view.line, view.task).toSorted());
  });

  test(`of ${CROWD} people who all get another manager names each of them`, async () => {
    const crowd = Array.from({ length: CROWD }, (_, index) => person(`p${index}`, index % 2 ? "max" : "cleo"));
    await applyFolder(it.database.url, folder({ people: [...PEOPLE, ...crowd] }), { by: "max", newId: v7 });
    await file(it, "rita", "wiki", [], {});
    const moved = crowd.map((one, index) => ({ ...one, managerId: index % 2 ? "cleo" : "max", department: "IT" }));
    const found = await plan({ people: [...peopleWith({ max: { state: "left" } }), ...moved] });
    expect(found.people.changing).toHaveLength(CROWD);
    expect(found.people.changing[0]?.fields).toEqual({ manager_id: ["Cleo (cleo)", "Max (max)"], department: ["Sales", "IT"] });
    expect(found.open.others).toMatchObject([{ to: [{ id: "cleo" }], losesAll: true }]);
  });
});
