import postgres from "postgres";
import { v7 } from "uuid";
import { afterAll, beforeAll, expect, test } from "vitest";
import { applyFolder } from "../../src/db/apply.ts";
import { standingOf } from "../../src/db/health.ts";
import { checkInvariants } from "../../src/db/invariants.ts";
import { planFolder } from "../../src/db/plan.ts";
import { eraseHindrance } from "../../src/domain/erasing.ts";
import { type EraseBy, erase } from "../../src/operations/erase.ts";
import { en } from "../../src/texts/en.ts";
import { describeWithDatabase } from "../setup/database.ts";
import { type Company, company, file, folder, on, once, openTask, PEOPLE, person } from "./company.ts";
import { carried } from "./outbox.ts";

const ZOE = person("zoe-7", "max", {
  name: "Zoé Abendroth",
  email: "zoe.abendroth@acme.example",
  department: "Quantum sales",
  title: "Director of quanta",
  location: "Reykjavik",
  timeZone: "Atlantic/Reykjavik",
  startDate: "2020-02-03",
  attributes: { badge: "B-4711-zoe" },
});
/** Words that nobody else has: after the erasing none of them may stand anywhere. */
const CANARIES = ["Abendroth", "abendroth", "Quantum sales", "Director of quanta", "Reykjavik", "B-4711-zoe", "UZOE", "zoe-types"];

let it: Company;
let admin: postgres.Sql;
const erasing = (more: Partial<EraseBy> = {}) =>
  erase({
    ownerUrl: it.database.ownerUrl,
    person: "zoe-7",
    reason: "ticket 4711",
    by: "cli:ops",
    accessIsRemoved: false,
    words: en.erased,
    ...more,
  });
const staffed = (zoe: typeof ZOE) =>
  folder({
    people: [...PEOPLE, zoe],
    catalogue: {
      groups: folder().catalogue.groups.map((one) => (one.id === "hands" ? { ...one, members: ["lena", "tom", "zoe-7"] } : one)),
    },
  });
const apply = (zoe: typeof ZOE) => applyFolder(it.database.url, staffed(zoe), { by: "test", newId: v7, manyMayLeave: true });

/** Every row of every table that holds one of the words, as text. */
async function rowsWith(words: readonly string[]): Promise<readonly string[]> {
  const tables = await admin`select tablename as name from pg_tables where schemaname = 'public' order by 1`;
  const found: string[] = [];
  for (const { name } of tables) {
    const rows = await admin`select to_jsonb(x)::text as row from ${admin(String(name))} x`;
    found.push(...rows.map(({ row }) => `${name} ${row}`).filter((row) => words.some((word) => row.includes(word))));
  }
  return found;
}

describeWithDatabase("erasing a person", () => {
  let done = 0;
  let forRita = 0;
  beforeAll(async () => {
    it = await company({ people: [...PEOPLE, ZOE] });
    admin = postgres(it.database.adminUrl, { max: 1, onnotice: () => {} });
    await apply(ZOE);
    // Zoé asks and is given access: her words, the approver's about her, her login and her attributes stand in lines, tasks, votes, orders and events.
    const asked = await it.operations.ask({
      actor: "zoe-7",
      beneficiary: "zoe-7",
      application: "wiki",
      submission: { entitlements: [], justification: "zoe-types this", until: null, values: {} },
      once: { key: "slack:T0ACME:form:V1:UZOE-7", fingerprint: "" },
    });
    if (!asked.ok) throw new Error(JSON.stringify(asked));
    done = Number(asked.value.about.numbers);
    // A long form of hers that isn't sent yet.
    const login = { platform: "slack", home: "T0ACME", user: "UZOE" } as const;
    const answers = { justification: "zoe-types more" };
    await it.operations.beginUnsent({ login, person: "zoe-7", view: "V1", application: "wiki", answers });
    await on(it, done, "max", { verb: "approve", comment: "Zoé Abendroth needs it" });
    await carried(it);
    await on(it, done, "lena", { verb: "claim" });
    // What is for somebody else, done by her, in whose words she is named.
    [forRita = 0] = await file(it, "rita", "salesforce", ["reports"]);
    await on(it, forRita, "max", { verb: "approve", comment: "ask Zoé Abendroth how" });
    await carried(it);
    await on(it, forRita, "zoe-7", { verb: "claim" });
    // Somebody who came too late read her name, and would read it again if Slack delivered their click again.
    const { id, face } = await openTask(it, forRita);
    const late = await it.operations.act({
      actor: "lena",
      aim: { task: id, face },
      command: { verb: "claim" },
      once: { ...once(), delivery: "lena:late" },
      seen: null,
    });
    expect(late).toMatchObject({ ok: false, refusal: { about: { by: "Zoé Abendroth" } } });
    await on(it, forRita, "zoe-7", { verb: "confirm", login: "rita.sales" });
    await admin`insert into message (id, subject, platform, home, place, conversation, message, state, posted_at)
      select ${v7()}, 'task:' || t.id, 'slack', 'T0ACME', 'channel:hands', 'C1', '1.1', 'posted', now() from task t join line l on l.id = t.line_id
      where l.number = ${done} and t.kind = 'fulfilment'`;
    await admin`insert into message (id, subject, platform, home, place, conversation, message, state, posted_at)
      values (${v7()}, 'request:x', 'slack', 'T0ACME', 'person:zoe-7', 'D1', '1.2', 'posted', now())`;
    await admin`insert into message (id, subject, platform, home, place, conversation, message, state, posted_at)
      values (${v7()}, 'home:zoe-7', 'slack', 'T0ACME', 'home:UZOE-7', null, null, 'posted', now())`;
    await admin`insert into unreachable (person_id, platform, why, since) values ('zoe-7', 'slack', 'user_disabled', now())`;
    await admin`insert into event (at, kind, data) values (now(), 'nobody-can-approve', ${admin.json({ by: "Zoé Abendroth", application: "Wiki" })})`;
  });
  afterAll(async () => {
    await admin.end();
    await it.close();
  });

  test("whoever is here, has open requests or an account that stands is refused, each with its reason, and nothing changes", async () => {
    expect(await erasing()).toMatchObject({ ok: false, why: "not-left" });
    await apply({ ...ZOE, state: "left" });
    expect(await erasing()).toMatchObject({ ok: false, why: "open-requests", found: { open: [done] } });
    await on(it, done, "lena", { verb: "confirm", login: "zoe.abendroth@acme.example" });
    expect(await erasing()).toMatchObject({
      ok: false,
      why: "has-accounts",
      found: { accounts: [{ application: "wiki", login: ZOE.email }] },
    });
    expect(await erasing({ reason: "  " })).toMatchObject({ ok: false, why: "reason-missing" });
    expect(await erasing({ person: "nobody" })).toMatchObject({ ok: false, why: "no-such-person" });
    expect(await admin`select from event where kind = 'person-erased'`).toHaveLength(0);
  });

  test("the role that runs Latchkey can't do it: the owner of the evidence has to", async () => {
    expect(await erasing({ ownerUrl: it.database.url, accessIsRemoved: true })).toMatchObject({ ok: false, why: "not-the-owner" });
    expect(await admin`select name from person where id = 'zoe-7'`).toMatchObject([{ name: "Zoé Abendroth" }]);
  });

  test("it waits for whoever is writing, briefly, and gives up before they are held up; then it goes through", async () => {
    const writer = postgres(it.database.url, { max: 1, onnotice: () => {} });
    let erased: ReturnType<typeof erasing> | undefined;
    await writer.begin(async (tx) => {
      await tx`update line set version = version + 1 where number = ${forRita}`;
      erased = erasing({ person: "ZOE.ABENDROTH@acme.example", accessIsRemoved: true });
      await expect.poll(async () => (await admin`select from pg_locks where not granted`).length, { timeout: 10_000 }).toBeGreaterThan(0);
    });
    await writer.end();
    expect(await erased).toMatchObject({ ok: true, person: "zoe-7", named: [forRita], lines: 1, links: 1, accounts: 1 });
  });

  test("whoever acts meanwhile isn't refused and doesn't fail, however many they are", async () => {
    const leaver = person("kim-8", "max", { state: "left" });
    await admin`insert into person (id, email, name, department, title, location, time_zone, state)
      values (${leaver.id}, ${leaver.email}, ${leaver.name}, 'x', 'x', 'x', 'UTC', 'left')`;
    const asks = { rita: "max", stan: "max", tom: "cleo", max: "cleo", lena: "cleo" };
    const walks = Object.entries(asks).flatMap(([actor, manager]) => [
      { actor, items: ["admin"], approver: "ines" },
      ...(actor === "rita" ? [] : [{ actor, items: ["reports"], approver: manager }]),
    ]);
    const erased = Promise.all([1, 2, 3].map(() => erasing({ person: "kim-8" })));
    const said = await Promise.all(
      walks.map(async ({ actor, items, approver }) => {
        const [number = 0] = await file(it, actor, "salesforce", items);
        const decided = await on(it, number, approver, { verb: "approve", comment: null });
        return decided.ok ? decided.value.said : decided.refusal.name;
      }),
    );
    expect(said.filter((one) => one !== "approved" && one !== "vote-counted")).toEqual([]);
    expect((await erased).map((one) => (one.ok ? "erased" : one.why)).toSorted()).toEqual(["erased", "erased-already", "erased-already"]);
  });

  test("afterwards nothing in the database names her, but for the words of a request for somebody else, which were reported", async () => {
    const rows = await rowsWith(CANARIES);
    const [line] = await admin`select id from line where number = ${forRita}`;
    expect(rows.length).toBeGreaterThan(0);
    expect(rows.filter((row) => !row.includes(String(line?.id)))).toEqual([]);
    expect(rows.every((row) => row.includes("ask Zoé Abendroth how"))).toBe(true);
    const [zoe] = await admin`select * from person where id = 'zoe-7'`;
    expect(zoe).toMatchObject({
      name: "Former employee zoe-7",
      email: "erased:zoe-7",
      manager_id: null,
      state: "left",
      attributes: {},
      time_zone: "UTC",
    });
  });

  test("who decided what and when stays, every guard is on again, and every invariant holds", async () => {
    const events =
      await admin`select kind, actor_id, data from event where line_id = (select id from line where number = ${done}) order by seq`;
    expect(events.map(({ kind }) => kind)).toEqual([
      ...[
        "submitted",
        "task-opened",
        "voted",
        "task-decided",
        "step-passed",
        "approved",
        "order-created",
        "task-opened",
        "order-transmitted",
      ],
      ...["claimed", "task-decided", "order-executed", "assignment-started", "assignment-ended"],
    ]);
    expect(events[2]).toMatchObject({ actor_id: "max", data: { vote: { by: "max", vote: "approved", reason: "(erased)" } } });
    expect(
      await admin`select actor_id from event where kind = 'claimed' and line_id = (select id from line where number = ${forRita})`,
    ).toMatchObject([{ actor_id: "zoe-7" }]);
    const [erased] = await admin`select data from event where kind = 'person-erased' order by seq`;
    expect(erased?.data).toMatchObject({ person: "zoe-7", by: "cli:ops", reason: "ticket 4711", lines: 1 });
    expect((await standingOf(it.connection.db)).asleep).toEqual([]);
    await expect(admin`update event set data = '{}'`).rejects.toThrow("only ever added");
    await expect(admin`update vote set reason = null`).rejects.toThrow("only ever added");
    expect((await checkInvariants(it.connection.sql)).filter(({ type }) => type !== "holds")).toEqual([]);
  });

  test("the copies of her cards that stand elsewhere are redrawn, without the words", async () => {
    const shows = await admin`select body->>'id' as id from effect where kind = 'show' and state = 'due' and priority = 3`;
    expect(shows).toHaveLength(1);
    const task = JSON.stringify(await it.operations.task(String(shows[0]?.id), null));
    expect(task).toContain("Former employee zoe-7");
    expect(task).toContain("(erased)");
    for (const word of CANARIES) expect(task).not.toContain(word);
  });

  test("a folder that still holds her brings nothing back, says so in the plan too, and a second erasing is refused", async () => {
    const again = { ...ZOE, state: "active" as const, title: "Back again" };
    expect((await planFolder(it.database.url, staffed(again))).people).toMatchObject({ erased: ["zoe-7"], joining: [], changing: [] });
    expect(await apply(again)).toMatchObject({ type: "applied", erased: ["zoe-7"], linkedOtherwise: [] });
    expect(await admin`select name, state from person where id = 'zoe-7'`).toMatchObject([
      { name: "Former employee zoe-7", state: "left" },
    ]);
    expect(await admin`select from chat_account where person_id = 'zoe-7'`).toHaveLength(0);
    expect(await erasing()).toMatchObject({ ok: false, why: "erased-already" });
    expect((await checkInvariants(it.connection.sql)).filter(({ type }) => type !== "holds")).toEqual([]);
  });
});

test("the reasons against erasing are asked in the order in which they can be mended", () => {
  const base = { person: { id: "zoe", name: "Zoé", state: "left" }, isErased: false, open: [], accounts: [] } as const;
  const account = { application: "wiki", login: "zoe" };
  expect(eraseHindrance(base, false)).toBeNull();
  expect(eraseHindrance({ ...base, person: { ...base.person, state: "leave" }, open: [4], accounts: [account] }, true)).toBe("not-left");
  expect(eraseHindrance({ ...base, open: [4], accounts: [account] }, true)).toBe("open-requests");
  expect(eraseHindrance({ ...base, accounts: [account] }, false)).toBe("has-accounts");
  expect(eraseHindrance({ ...base, accounts: [account] }, true)).toBeNull();
  expect(eraseHindrance({ ...base, isErased: true, open: [4] }, true)).toBe("erased-already");
});
