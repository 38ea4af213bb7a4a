import { v7 } from "uuid";
import { afterEach, beforeEach, expect, test } from "vitest";
import { applyFolder, type Folder } from "../../src/db/apply.ts";
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

const apply = (it: Company, next: Folder, manyMayLeave = false) =>
  applyFolder(it.database.url, next, { by: "max", newId: v7, manyMayLeave });

/** The people, each as the changes say. */
const peopleWith = (changes: Record<string, Partial<Person>>): readonly Person[] => PEOPLE.map((one) => ({ ...one, ...changes[one.id] }));

const definitions = async () =>
  (await it.connection.sql`select kind, key, since, until from definition order by kind, key, since`).map(
    ({ kind, key, since, until }) => `${kind} ${key} ${since}-${until ?? ""}`,
  );

const sql = () => it.connection.sql;

describeWithDatabase("an applied configuration", () => {
  beforeEach(async () => {
    it = await company({ digest: "first" });
  });
  afterEach(() => it.close());

  test("that is the same as the one in force writes nothing at all", async () => {
    const before = await everything(it);
    expect(await apply(it, folder({ digest: "first" }))).toEqual({ type: "unchanged", version: 1 });
    expect(await everything(it)).toEqual(before);
  });

  test("that changed one application makes the next version and ends that application's definition only", async () => {
    const before = await definitions();
    const applications = APPLICATIONS.map((one) =>
      one.id === "wiki" ? { ...one, instructions: { create: "Ask Lena first.", update: "" } } : one,
    );
    expect(await apply(it, folder({ catalogue: { applications } }))).toEqual({
      type: "applied",
      version: 2,
      erased: [],
      changed: 1,
      missing: [],
      linkedOtherwise: [],
    });
    const after = await definitions();
    expect(after.filter((one) => !before.includes(one))).toEqual(["application wiki 1-2", "application wiki 2-"]);
    expect(before.filter((one) => !after.includes(one))).toEqual(["application wiki 1-"]);
    const versions = await sql()`select version, digest, applied_by from configuration order by version`;
    expect(versions).toMatchObject([
      { version: 1, digest: "first", applied_by: "test" },
      { version: 2, applied_by: "max" },
    ]);
    const said = await sql()`select data from event where kind = 'configuration-applied' order by seq`;
    expect(said.map(({ data }) => data)).toMatchObject([{ version: 1 }, { version: 2, by: "max", changed: 1, people: 0 }]);
  });

  test("goes back to what it was before under a third version, and each is kept", async () => {
    await apply(it, folder({ catalogue: { policies: POLICIES.slice(0, 1) } }));
    await apply(it, folder({ digest: "first" }));
    expect((await definitions()).filter((one) => one.startsWith("policy"))).toEqual([
      "policy by-manager 1-",
      "policy by-two 1-2",
      "policy by-two 3-",
    ]);
    expect((await sql()`select version from configuration order by 1`).map(({ version }) => version)).toEqual([1, 2, 3]);
  });

  test("that the database won't take changes nothing, however far it had got", async () => {
    const before = await everything(it);
    const faulty = folder({
      people: [...peopleWith({ rita: { title: "Chief clerk" } }), person("nina", "max")],
      catalogue: { groups: [{ id: "hands", name: "Hands", members: ["ghost"], calendar: null, notify: null, slackChannel: null }] },
    });
    await expect(apply(it, faulty)).rejects.toMatchObject({ code: "23503" });
    expect(await everything(it)).toEqual(before);
  });

  test("by which more than one in twenty would leave at once changes nothing, unless somebody says that it is right", async () => {
    const before = await everything(it);
    const leaving = folder({ people: peopleWith({ stan: { state: "left" }, uma: { state: "left" } }) });
    expect(await apply(it, leaving)).toEqual({ type: "too-many-leavers", leaving: 2, active: PEOPLE.length });
    expect(await everything(it)).toEqual(before);
    expect(await apply(it, leaving, true)).toMatchObject({ type: "applied", changed: 2 });
    const moved = await sql()`select data from event where kind = 'person-moved' order by data->>'person'`;
    expect(moved.map(({ data }) => data)).toEqual([
      { person: "stan", from: "active", to: "left" },
      { person: "uma", from: "active", to: "left" },
    ]);
  });

  test("of a hundred people lets five leave, and not six", async () => {
    const crowd = (leavers: number) => [
      ...PEOPLE,
      ...Array.from({ length: 100 - PEOPLE.length }, (_, n) => person(`p${n}`, "max", { state: n < leavers ? "left" : "active" })),
    ];
    expect(await apply(it, folder({ people: crowd(0) }))).toMatchObject({ type: "applied" });
    expect(await apply(it, folder({ people: crowd(6) }))).toEqual({ type: "too-many-leavers", leaving: 6, active: 100 });
    expect(await apply(it, folder({ people: crowd(5) }))).toMatchObject({ type: "applied", changed: 5 });
  });

  test("reports who is missing from the people and leaves them as they are", async () => {
    const [number = 0] = await file(it, "stan", "salesforce");
    const without = PEOPLE.filter(({ id }) => id !== "stan" && id !== "uma");
    expect(await apply(it, folder({ people: without, catalogue: { groups: folder().catalogue.groups.slice(1) } }))).toMatchObject({
      type: "applied",
      missing: ["stan", "uma"],
    });
    expect((await sql()`select state from person where id in ('stan', 'uma')`).map(({ state }) => state)).toEqual(["active", "active"]);
    expect(await on(it, number, "max", { verb: "approve", comment: null })).toMatchObject({ ok: true });
  });

  test("in which two people swap their addresses, one only changes its letters, and one passes on to somebody new", async () => {
    const swapped = peopleWith({
      rita: { email: "stan@acme.example" },
      stan: { email: "Rita@acme.example" },
      max: { email: "MAX@acme.example" },
    });
    const people = [...swapped.filter(({ id }) => id !== "uma"), person("ursula", "cleo", { email: "Uma@acme.example" })];
    expect(await apply(it, folder({ people }))).toMatchObject({ type: "applied", changed: 4, missing: ["uma"] });
    const addresses = await sql()`select id, email from person where id in ('rita', 'stan', 'max', 'ursula') order by id`;
    expect(addresses.map(({ email }) => email)).toEqual(["MAX@acme.example", "stan@acme.example", "Rita@acme.example", "Uma@acme.example"]);
    // A link stays with its person, wherever the address went.
    const links = await sql()`select "user", person_id from chat_account where person_id in ('rita', 'stan') order by 2`;
    expect(links).toMatchObject([
      { user: "URITA", person_id: "rita" },
      { user: "USTAN", person_id: "stan" },
    ]);
  });

  test("without an application takes it off the list, and its open line goes on under what it was filed under", async () => {
    const [number = 0] = await file(it, "rita", "salesforce", ["reports"]);
    const applications = APPLICATIONS.filter(({ id }) => id !== "salesforce");
    await apply(it, folder({ catalogue: { applications } }));
    expect(await it.operations.searchApplications("rita", "salesforce", 10)).toEqual([]);
    const again = await it.operations.ask({
      actor: "rita",
      beneficiary: "rita",
      application: "salesforce",
      submission: { entitlements: [], justification: "again", until: null, values: {} },
      once: { key: v7(), fingerprint: "" },
    });
    expect(again).toMatchObject({ ok: false, refusal: { name: "no-such-application" } });
    await on(it, number, "max", { verb: "approve", comment: null });
    const [line] = await sql()`select id from line where number = ${number}`;
    expect(await transmit(it.world, String(line?.id))).toBe("transmitted");
    await on(it, number, "tom", { verb: "claim" });
    expect(await on(it, number, "tom", { verb: "confirm", login: "rita" })).toMatchObject({ ok: true });
    const home = await it.operations.home("rita", { tasks: 0, requests: 0, access: 0 });
    expect(home.access.rows).toMatchObject([{ application: "Salesforce", entitlement: "Report builder" }]);
  });

  test("that changes a policy leaves a filed line under the one it was filed under; a new line follows the new one", async () => {
    const [old = 0] = await file(it, "rita", "wiki", [], {});
    const byGroup = {
      id: "by-manager",
      steps: [{ approvers: { kind: "group", group: "approvers" }, needed: 2, once: false }],
      remind: null,
      escalate: null,
      expireAfter: null,
    } as const;
    const renamed = APPLICATIONS.map((one) => (one.id === "wiki" ? { ...one, name: "Knowledge base" } : one));
    await apply(it, folder({ catalogue: { policies: [byGroup], applications: renamed.map((one) => ({ ...one, entitlements: [] })) } }));
    const [fresh = 0] = await file(it, "stan", "wiki", [], {});
    const taskOf = async (number: number) => it.operations.task((await openTask(it, number)).id, null);
    expect(await taskOf(old)).toMatchObject({
      line: { application: { name: "Wiki" }, policy: { steps: [{ approvers: { kind: "manager" } }] } },
      task: { needed: 1, assignees: [{ kind: "person", person: "max" }] },
    });
    expect(await taskOf(fresh)).toMatchObject({
      line: { application: { name: "Knowledge base" }, policy: { steps: [{ needed: 2 }] } },
      task: { needed: 2, assignees: [{ kind: "group", group: "approvers" }] },
    });
    expect(await on(it, old, "max", { verb: "approve", comment: null })).toMatchObject({ ok: true, value: { said: "approved" } });
    const versions =
      await sql()`select r.configuration_version as version from request r join line l on l.request_id = r.id order by l.number`;
    expect(versions.map(({ version }) => version)).toEqual([1, 2]);
  });

  test("with other members in a group has that group's open cards put before whoever joined", async () => {
    const [number = 0] = await file(it, "rita", "salesforce", ["admin"]);
    const [untouched = 0] = await file(it, "stan", "wiki", [], {});
    await sql()`update effect set state = 'done'`;
    const groups = folder().catalogue.groups.map((one) => (one.id === "approvers" ? { ...one, members: ["ines", "max"] } : one));
    await apply(it, folder({ catalogue: { groups } }));
    const due = (await sql()`select body->>'subject' as subject, body->>'id' as id from effect where state = 'due' and kind = 'show'`).map(
      ({ subject, id }) => `${subject} ${id}`,
    );
    expect(due).toContain(`task ${(await openTask(it, number)).id}`);
    expect(due).not.toContain(`task ${(await openTask(it, untouched)).id}`);
    expect(await on(it, number, "max", { verb: "approve", comment: null })).toMatchObject({ ok: true });
    expect(await on(it, number, "omar", { verb: "approve", comment: null })).toMatchObject({ ok: false, refusal: { name: "not-yours" } });
  });

  test("that leaves nobody to act on an open task tells the administrators, once", async () => {
    const [number = 0] = await file(it, "stan", "wiki", [], {});
    const gone = { people: peopleWith({ max: { state: "left" }, cleo: { state: "leave" }, tom: { state: "leave" } }) };
    await apply(it, folder(gone));
    await carried(it);
    for (const id of ["another", "and-another"]) {
      await apply(it, folder({ ...gone, catalogue: { applications: [...APPLICATIONS, application(id)] } }));
      await carried(it);
    }
    const alerts = await sql()`select body from effect where kind = 'alert' order by id`;
    expect(alerts.map(({ body }) => body)).toMatchObject([
      { alert: "nobody-to-ask", about: { number: String(number), cause: "not-active" } },
    ]);
  });

  test("that leaves fewer voices than are missing tells the administrators too, and the requester's card follows", async () => {
    const [number = 0] = await file(it, "rita", "salesforce", ["admin"]);
    await on(it, number, "ines", { verb: "approve", comment: null });
    await sql()`update effect set state = 'done'`;
    const away = { omar: { state: "left" }, uma: { state: "left" }, cleo: { state: "leave" }, tom: { state: "leave" } } as const;
    await apply(it, folder({ people: peopleWith(away) }), true);
    await carried(it);
    const alerts = await sql()`select body from effect where kind = 'alert' and state = 'due'`;
    expect(alerts.map(({ body }) => body)).toMatchObject([{ alert: "nobody-to-ask", about: { number: String(number) } }]);
    const shown = await sql()`select body->>'subject' as subject from effect where state = 'due' and kind = 'show'`;
    expect(shown.map(({ subject }) => subject)).toContain("request");
  });

  test("applied by four processes at once becomes one version", async () => {
    const next = folder({ digest: "second", catalogue: { applications: APPLICATIONS.slice(0, 2) } });
    const ended = await Promise.all(Array.from({ length: 4 }, () => apply(it, next)));
    expect(ended.map(({ type }) => type).sort()).toEqual(["applied", "unchanged", "unchanged", "unchanged"]);
    expect((await sql()`select version from configuration order by 1`).map(({ version }) => version)).toEqual([1, 2]);
  });

  test("doesn't keep people waiting who aren't touched by it", async () => {
    // xmax names the last transaction that as much as locked a row.
    const versions = async () => await sql()`select id, xmin::text, xmax::text from person where id <> 'rita' order by id`;
    const before = await versions();
    expect(await apply(it, folder({ people: peopleWith({ rita: { title: "Chief clerk" } }) }))).toMatchObject({ changed: 1 });
    expect(await versions()).toEqual(before);
  });

  test("links the logins that people.csv names, says so once, and never moves one", async () => {
    const linked = async () =>
      await sql()`select "user", person_id, because from chat_account where "user" in ('URITA', 'USTAN', 'UNEW') order by 1`;
    expect(await linked()).toMatchObject([
      { user: "URITA", person_id: "rita", because: "people.csv" },
      { user: "USTAN", person_id: "stan", because: "people.csv" },
    ]);
    const next = folder();
    const people = next.people.map((entry) =>
      entry.person.id === "stan" ? { ...entry, slack: { teamId: "T0ACME", userId: "URITA" } } : entry,
    );
    const withNina = [...people, { person: person("nina", "max"), slack: { teamId: "T0ACME", userId: "UNEW" } }];
    expect(await apply(it, { ...next, people: withNina })).toMatchObject({
      linkedOtherwise: [{ user: "URITA", person: "stan", linkedTo: "rita" }],
    });
    expect(await linked()).toMatchObject([
      { user: "UNEW", person_id: "nina", because: "people.csv" },
      { user: "URITA", person_id: "rita" },
      { user: "USTAN", person_id: "stan" },
    ]);
    const said =
      await sql()`select data->>'user' as "user" from event where kind = 'account-linked' and data->>'person' in ('nina', 'stan', 'rita')`;
    expect(said.map(({ user }) => user).sort()).toEqual(["UNEW", "URITA", "USTAN"]);
  });
});
