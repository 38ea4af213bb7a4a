import { afterAll, beforeAll, expect, test } from "vitest";
import { statusOf } from "../../src/domain/status.ts";
import { transmit } from "../../src/operations/transmit.ts";
import { describeWithDatabase } from "../setup/database.ts";
import { openTaskOf } from "../setup/tasks.ts";
import { APPLICATIONS, application, type Company, company, file, folder, on, openTask } from "./company.ts";

let it: Company;
const sql = () => it.connection.sql;

async function idOf(number: number): Promise<string> {
  const [line] = await sql()`select id from line where number = ${number}`;
  return String(line?.id);
}

async function approved(number: number, by = "max"): Promise<void> {
  expect(await on(it, number, by, { verb: "approve", comment: null })).toMatchObject({ ok: true });
}

async function transmitted(number: number, by = "max"): Promise<void> {
  await approved(number, by);
  expect(await transmit(it.world, await idOf(number))).toBe("transmitted");
}

/** The line as its requester sees it. */
async function seen(number: number) {
  const [row] = await sql()`select request_id from line where number = ${number}`;
  const view = await it.operations.request(String(row?.request_id));
  const line = view?.lines.find((one) => one.number === number);
  if (!line) throw new Error(`no line ${number}`);
  return line;
}

const state = async (number: number) => {
  const line = await seen(number);
  return [line.approval, line.order?.state ?? null, statusOf(line).status];
};

const moves = async (number: number, life: string) =>
  (await sql()`select from_state, to_state from event where line_id = ${await idOf(number)} and life = ${life} order by seq`).map(
    ({ from_state, to_state }) => `${from_state ?? ""}>${to_state}`,
  );

const role = (id: string) => ({
  id,
  name: id,
  description: "",
  policy: null,
  risk: "low" as const,
  accountType: null,
  maxDuration: null,
  instructions: null,
});

describeWithDatabase("the work by hand", () => {
  beforeAll(async () => {
    const applications = [
      ...APPLICATIONS,
      application("ledger", { entitlements: [role("read"), role("post"), role("close")], fulfillers: { kind: "person", person: "lena" } }),
      application("depot", { fulfillers: { kind: "group", group: "approvers" }, technicalOwner: "uma" }),
    ];
    it = await company({ catalogue: { applications } });
  });
  afterAll(() => it.close());

  test("IDH-9 a group's task must be claimed first; others see who claimed it, and release gives it back to all", async () => {
    const [number = 0] = await file(it, "rita", "salesforce");
    await transmitted(number);
    expect(await on(it, number, "lena", { verb: "confirm", login: "rita" })).toMatchObject({ ok: false, refusal: { name: "not-claimed" } });
    await on(it, number, "tom", { verb: "claim" });
    const byOthers = [
      await on(it, number, "lena", { verb: "confirm", login: "rita" }),
      await on(it, number, "lena", { verb: "release", reason: null }),
      await on(it, number, "lena", { verb: "report-error", reason: "no" }),
    ];
    for (const refused of byOthers) expect(refused).toMatchObject({ ok: false, refusal: { name: "not-claimer", about: { by: "Tom" } } });
    expect(await on(it, number, "lena", { verb: "claim" })).toMatchObject({
      ok: false,
      refusal: { name: "already-claimed", about: { by: "Tom", at: expect.stringMatching(/^\d{4}-/) } },
    });
    expect(statusOf(await seen(number))).toMatchObject({ status: "being-done", holder: "tom" });
    await on(it, number, "tom", { verb: "release", reason: null });
    expect(statusOf(await seen(number))).toMatchObject({ status: "waiting-for-fulfilment", group: "hands", holder: null });
    expect(await on(it, number, "lena", { verb: "claim" })).toMatchObject({ ok: true });
    expect(await on(it, number, "lena", { verb: "confirm", login: "rita@acme.example" })).toMatchObject({ ok: true });
  });

  test("IDH-10 the fulfiller is given every form value; the line is complete only once the work is confirmed", async () => {
    const [number = 0] = await file(it, "stan", "salesforce", [], { region: "APAC" });
    await transmitted(number);
    const task = await it.operations.task((await openTask(it, number)).id, "lena");
    expect(task?.line.values).toEqual({ region: "APAC" });
    expect(task?.line.order).toMatchObject({
      operation: "create",
      login: "stan@acme.example",
      attributes: [
        { name: "Profile", current: null, proposed: "Standard User" },
        { name: "Region", current: null, proposed: "APAC" },
      ],
    });
    await on(it, number, "lena", { verb: "claim" });
    expect((await state(number))[2]).toBe("being-done");
    await on(it, number, "lena", { verb: "confirm", login: "stan@acme.example" });
    expect((await state(number))[2]).toBe("complete");
  });

  test("IDH-12 a line reads as waiting for approval, approved, waiting for its hands, being done, failed, complete; or rejected with its reason", async () => {
    const [number = 0] = await file(it, "tom", "depot", [], {});
    const read: string[] = [];
    const note = async () => read.push(String((await state(number))[2]));
    await note();
    await approved(number, "cleo");
    await note();
    await transmit(it.world, await idOf(number));
    await note();
    await on(it, number, "ines", { verb: "claim" });
    await note();
    await on(it, number, "ines", { verb: "report-error", reason: "no licence left" });
    await note();
    await on(it, number, "uma", { verb: "retry" });
    await transmit(it.world, await idOf(number));
    await on(it, number, "omar", { verb: "claim" });
    await on(it, number, "omar", { verb: "confirm", login: "tom" });
    await note();
    expect(read).toEqual(["waiting-for-approval", "approved", "waiting-for-fulfilment", "being-done", "failed", "complete"]);
    const [other = 0] = await file(it, "stan", "depot", [], {});
    await on(it, other, "max", { verb: "reject", reason: "  Ask me in May  " });
    expect((await seen(other)).tasks).toMatchObject([{ outcome: "rejected", decidedBy: "max", reason: "Ask me in May" }]);
    expect((await state(other))[2]).toBe("rejected");
  });

  test("NWX-1 a line keeps an approval state and a provisioning state apart, and its requester sees both", async () => {
    const [number = 0] = await file(it, "ines", "depot", [], {});
    expect((await state(number)).slice(0, 2)).toEqual(["pending", null]);
    await approved(number, "cleo");
    expect((await state(number)).slice(0, 2)).toEqual(["approved", "pending"]);
    await transmit(it.world, await idOf(number));
    expect((await state(number)).slice(0, 2)).toEqual(["approved", "transmitted"]);
    await on(it, number, "omar", { verb: "claim" });
    await on(it, number, "omar", { verb: "report-error", reason: "no" });
    expect((await state(number)).slice(0, 2)).toEqual(["approved", "errored"]);
    const home = await it.operations.home("ines", { tasks: 0, requests: 0, access: 0 });
    expect(home.requests.rows.find((line) => line.number === number)).toMatchObject({ approval: "approved", order: { state: "errored" } });
    expect(await moves(number, "approval")).toEqual(["draft>pending", "pending>approved"]);
    expect(await moves(number, "provisioning")).toEqual([">pending", "pending>transmitted", "transmitted>errored"]);
  });

  test("NWX-3 an order reaches the list only when it is transmitted: a recorded move with its time and its recipients", async () => {
    const [number = 0] = await file(it, "uma", "salesforce");
    await approved(number, "cleo");
    expect(await openTaskOf(it.operations, number)).toBeNull();
    expect(
      (await it.operations.home("lena", { tasks: 0, requests: 0, access: 0 })).tasks.rows.map(({ line }) => line.number),
    ).not.toContain(number);
    const ended = await Promise.all(Array.from({ length: 8 }, async () => transmit(it.world, await idOf(number))));
    expect(ended.sort()).toEqual([...Array.from({ length: 7 }, () => "nothing-to-do"), "transmitted"]);
    const moved =
      await sql()`select e.at, e.from_state, e.to_state, e.data, o.transmitted_at, o.id as order_id, e.order_id as said from event e
      join "order" o on o.line_id = e.line_id where e.line_id = ${await idOf(number)} and e.kind = 'order-transmitted'`;
    expect(moved).toMatchObject([{ from_state: "pending", to_state: "transmitted", data: { to: ["lena", "tom"] } }]);
    expect(moved[0]?.at).toBe(moved[0]?.transmitted_at);
    expect(moved[0]?.said).toBe(moved[0]?.order_id);
    const { id } = await openTask(it, number);
    expect(moved[0]?.data.task).toBe(id);
    expect((await it.operations.home("lena", { tasks: 0, requests: 0, access: 0 })).tasks.rows.map(({ line }) => line.number)).toContain(
      number,
    );
  });

  test("NWX-5 an error needs its reason, goes to the technical owner, comes back as a new task when tried again, and is confirmed in the end", async () => {
    const [number = 0] = await file(it, "rita", "ledger", ["read"], {});
    await transmitted(number);
    expect(await on(it, number, "lena", { verb: "report-error", reason: " \n " })).toMatchObject({
      ok: false,
      refusal: { name: "reason-missing" },
    });
    const first = await openTask(it, number);
    expect(await on(it, number, "lena", { verb: "report-error", reason: "The licence ran out" })).toMatchObject({ ok: true });
    const review = await it.operations.task((await openTask(it, number)).id, null);
    expect(review?.task).toMatchObject({ kind: "review", assignees: [{ kind: "person", person: "tom", because: "technical-owner" }] });
    expect(review?.line.order).toMatchObject({ state: "errored", error: "The licence ran out" });
    const told =
      await sql()`select body->>'person' as person from effect where body->>'notice' = 'errored' and body->>'line' = ${await idOf(number)}`;
    expect(told.map(({ person }) => person)).toEqual(["rita"]);
    expect(await on(it, number, "lena", { verb: "retry" })).toMatchObject({ ok: false, refusal: { name: "not-yours" } });
    await on(it, number, "tom", { verb: "retry" });
    expect((await state(number)).slice(0, 2)).toEqual(["approved", "pending"]);
    expect(await transmit(it.world, await idOf(number))).toBe("transmitted");
    const second = await openTask(it, number);
    expect(second.id).not.toBe(first.id);
    expect(await on(it, number, "lena", { verb: "confirm", login: "rita.l" })).toMatchObject({ ok: true });
    expect(await moves(number, "provisioning")).toEqual([
      ">pending",
      "pending>transmitted",
      "transmitted>errored",
      "errored>pending",
      "pending>transmitted",
      "transmitted>executed",
    ]);
    expect((await seen(number)).order).toMatchObject({ state: "executed", error: null, login: "rita.l" });
  });

  test("NWX-5 an order that can't be carried out is given up with a reason, and may then be asked for anew", async () => {
    const [number = 0] = await file(it, "stan", "ledger", ["read"], {});
    await transmitted(number);
    await on(it, number, "lena", { verb: "report-error", reason: "No such role" });
    expect(await on(it, number, "tom", { verb: "cancel-order", reason: "" })).toMatchObject({
      ok: false,
      refusal: { name: "reason-missing" },
    });
    expect(await on(it, number, "tom", { verb: "cancel-order", reason: "It was renamed" })).toMatchObject({ ok: true });
    expect(await state(number)).toEqual(["approved", "cancelled", "cancelled"]);
    const [row] = await sql()`select open from line where number = ${number}`;
    expect(row?.open).toBe(false);
    expect(await openTaskOf(it.operations, number)).toBeNull();
    expect(await file(it, "stan", "ledger", ["read"], {})).toHaveLength(1);
  });

  test("OIM-14 whoever looks after an application is found by one rule: its group, its one person, else its technical owner", async () => {
    const asked: string[] = [];
    const applications = folder().catalogue.applications;
    const lone = await company({
      catalogue: {
        applications: applications.map((one) =>
          one.id === "payroll" ? { ...one, requestableBy: null, fulfillers: { kind: "group", group: "nobody" } } : one,
        ),
        groups: [
          ...folder().catalogue.groups,
          { id: "nobody", name: "Nobody", members: [], calendar: null, notify: null, slackChannel: null },
        ],
      },
    });
    for (const [to, entitlements] of [
      ["salesforce", ["reports"]],
      ["wiki", []],
      ["payroll", []],
    ] as const) {
      const [number = 0] = await file(lone, "rita", to, entitlements, to === "salesforce" ? { region: "EMEA" } : {});
      await on(lone, number, "max", { verb: "approve", comment: null });
      const [line] = await lone.connection.sql`select id from line where number = ${number}`;
      await transmit(lone.world, String(line?.id));
      const task = await lone.operations.task((await openTask(lone, number)).id, null);
      for (const assignee of task?.task.assignees ?? [])
        asked.push(`${to}: ${assignee.kind === "group" ? assignee.group : assignee.person} (${assignee.because})`);
    }
    expect(asked).toEqual(["salesforce: hands (fulfiller)", "wiki: lena (fulfiller)", "payroll: tom (technical-owner)"]);
    const alerts = await lone.connection.sql`select body->>'alert' as alert from effect where kind = 'alert'`;
    expect(alerts.map(({ alert }) => alert)).toEqual(["fallback-used"]);
    await lone.close();
  });

  test("two entitlements of one application at once: the second is entered on the account that is on its way, and both hang on one account", async () => {
    const [read = 0, post = 0] = await file(it, "max", "ledger", ["read", "post"], {});
    await approved(read, "cleo");
    await approved(post, "cleo");
    const orders = await sql()`select l.number, o.operation, o.login, o.account_id from "order" o join line l on l.id = o.line_id
      where l.number in (${read}, ${post}) order by l.number`;
    expect(orders.map(({ operation, login, account_id }) => [operation, login, account_id])).toEqual([
      ["create", "max@acme.example", null],
      ["update", "max@acme.example", null],
    ]);
    for (const number of [read, post]) await transmit(it.world, await idOf(number));
    await on(it, read, "lena", { verb: "confirm", login: "max.m" });
    await on(it, post, "lena", { verb: "confirm", login: "MAX.M" });
    const held = await sql()`select a.entitlement_id, c.login, c.person_id from assignment a join account c on c.id = a.account_id
      where a.person_id = 'max' and a.application_id = 'ledger' order by 1`;
    expect(held).toMatchObject([
      { entitlement_id: "post", login: "max.m", person_id: "max" },
      { entitlement_id: "read", login: "max.m", person_id: "max" },
    ]);
    expect(await sql()`select from account where person_id = 'max' and application_id = 'ledger'`).toHaveLength(1);
    const [close = 0] = await file(it, "max", "ledger", ["close"], {});
    await approved(close, "cleo");
    expect((await seen(close)).order).toMatchObject({ operation: "update", login: "max.m", accountId: expect.any(String) });
  });

  test("a login that belongs to somebody else is refused by that person's name, whatever its letters", async () => {
    const [number = 0] = await file(it, "lena", "ledger", ["read"], {});
    await transmitted(number, "cleo");
    for (const login of ["max.m", " MAX.m "]) {
      expect(await on(it, number, "lena", { verb: "confirm", login })).toMatchObject({
        ok: false,
        refusal: { name: "login-taken", about: { by: "Max" } },
      });
    }
    expect(await on(it, number, "lena", { verb: "confirm", login: "lena.l" })).toMatchObject({ ok: true });
    expect((await it.operations.home("lena", { tasks: 0, requests: 0, access: 0 })).access.rows).toMatchObject([{ login: "lena.l" }]);
  });

  test("two logins confirmed at the same moment for two people: one has it, the other is told whose it is", async () => {
    const [a = 0] = await file(it, "omar", "ledger", ["read"], {});
    const [b = 0] = await file(it, "uma", "ledger", ["read"], {});
    await transmitted(a, "cleo");
    await transmitted(b, "cleo");
    const ended = await Promise.all([a, b].map((number) => on(it, number, "lena", { verb: "confirm", login: "first.come" })));
    const lost = ended.flatMap((one) => (one.ok ? [] : [one.refusal]));
    expect(lost).toMatchObject([{ name: "login-taken", about: { by: ended[0]?.ok ? "Omar" : "Uma" } }]);
  });

  test("ASK-13 access begins when the work is confirmed, and its end is counted from there", async () => {
    const [number = 0] = await file(it, "cleo", "ledger", ["post"], {});
    await transmitted(number, "tom");
    await sql()`insert into clock (ahead) values ('5 days') on conflict (one) do update set ahead = excluded.ahead`;
    await on(it, number, "lena", { verb: "confirm", login: "cleo" });
    const [held] = await sql()`select a.from_at = o.executed_at as since, a.until_at - a.from_at = interval '30 days' as until,
      a.from_at - l.submitted_at > interval '4 days' as later from assignment a join "order" o on o.line_id = a.line_id join line l on l.id = a.line_id
      where l.number = ${number}`;
    expect(held).toEqual({ since: true, until: true, later: true });
    await sql()`delete from clock`;
  });
});
