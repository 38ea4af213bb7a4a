import { afterAll, beforeAll, expect, test } from "vitest";
import { describeWithDatabase } from "../setup/database.ts";
import { application, type Company, company, file, on, once, openTask, PEOPLE, person } from "./company.ts";

const NOTHING = { words: "", application: null, entitlements: [], asksDate: false } as const;

describeWithDatabase("asking for somebody else", () => {
  let it: Company;
  beforeAll(async () => {
    const people = [
      ...PEOPLE,
      person("fay", "max", { department: "Finance", timeZone: "Pacific/Auckland", name: "Fay Müller-Lüdenscheidt" }),
      person("gone", "max", { state: "left" }),
    ];
    const bank = application("bank", { requestableBy: { department: ["Finance"] } });
    const wiki = application("wiki", {
      entitlements: [
        {
          id: "editor",
          name: "Editor",
          description: "",
          policy: null,
          risk: "low",
          accountType: null,
          maxDuration: null,
          instructions: null,
        },
      ],
    });
    it = await company({ people, catalogue: { applications: [bank, wiki, application("crm"), application("notes")] } });
  });
  afterAll(() => it.close());

  const ask = (actor: string, beneficiary: string, to: string, entitlements: readonly string[] = []) =>
    it.operations.ask({
      actor,
      beneficiary,
      application: to,
      submission: { entitlements, justification: "New in the team", until: null, values: {} },
      once: once(),
    });
  const number = async (asked: ReturnType<typeof ask>) => {
    const answer = await asked;
    if (!answer.ok) throw new Error(JSON.stringify(answer.refusal));
    return Number(answer.value.about.numbers);
  };

  test("ASK-18: requester and beneficiary are both recorded, and both are told", async () => {
    const n = await number(ask("rita", "fay", "bank"));
    const [row] = await it.connection.sql`select requester_id, beneficiary_id, justification from line where number = ${n}`;
    expect(row).toEqual({ requester_id: "rita", beneficiary_id: "fay", justification: "New in the team" });
    expect(await on(it, n, "max", { verb: "reject", reason: "Not yet" })).toMatchObject({ ok: true });
    const told = await it.connection
      .sql`select body from effect where kind = 'tell' and body->>'line' = (select id::text from line where number = ${n})`;
    expect(told.map(({ body }) => body.to ?? body.person).sort()).toEqual(["fay", "rita"]);
    for (const who of ["rita", "fay"]) {
      const { rows } = (await it.operations.home(who, { tasks: 0, requests: 0, access: 0 })).requests;
      expect(rows.map((line) => line.number)).toContain(n);
    }
  });

  test("ASK-18: who may have the application counts, not who asks; and somebody else's standing is what is said", async () => {
    expect(await ask("fay", "rita", "bank")).toMatchObject({
      ok: false,
      refusal: { name: "not-requestable", about: { application: "Bank", name: "Rita" } },
    });
    expect((await it.operations.searchApplications("fay", "bank", 10)).length).toBe(1);
    expect((await it.operations.searchApplications("rita", "bank", 10)).length).toBe(0);
    const view = await it.operations.askView("rita", { ...NOTHING, application: "bank", beneficiary: "fay" });
    expect(view).toMatchObject({
      beneficiary: { id: "fay", self: false, active: true },
      chosen: { open: true, application: { id: "bank" } },
    });

    const n = await number(ask("rita", "stan", "wiki", ["editor"]));
    expect((await it.operations.searchEntitlements("stan", "wiki", "", 10)).length).toBe(0);
    expect((await it.operations.searchEntitlements("rita", "wiki", "", 10)).length).toBe(1);
    const asked = await it.operations.askView("rita", { ...NOTHING, application: "wiki", beneficiary: "stan" });
    expect(asked.chosen?.asked).toEqual([{ entitlement: "editor", number: n }]);
    expect(await ask("max", "stan", "wiki", ["editor"])).toMatchObject({
      refusal: { name: "faulty-form", fields: { entitlements: { name: "already-asked", about: { name: "Stan", number: String(n) } } } },
    });
  });

  test("ASK-18: an application closed to the one chosen later stays in the form that shows it, and can't be sent", async () => {
    const closed = { ...NOTHING, application: "bank", beneficiary: "rita" };
    expect((await it.operations.askView("fay", closed)).chosen).toBeNull();
    expect((await it.operations.askView("fay", { ...closed, shown: "bank" })).chosen).toMatchObject({ open: false });
    expect(await ask("fay", "rita", "bank")).toMatchObject({ ok: false });
  });

  test("ASK-18: a person who left, or nobody, can't be asked for; the refusal stands at the field and files nothing", async () => {
    const before = await it.connection.sql`select count(*) from line`;
    expect(await ask("rita", "gone", "crm")).toMatchObject({
      refusal: { name: "faulty-form", fields: { for: { name: "not-active", about: { name: "Gone" } } } },
    });
    expect(await ask("rita", "no-such-person", "crm")).toMatchObject({
      refusal: { name: "faulty-form", fields: { for: { name: "not-an-option" } } },
    });
    expect(await ask("gone", "rita", "crm")).toMatchObject({ refusal: { name: "not-active" } });
    expect(await it.connection.sql`select count(*) from line`).toEqual(before);
    expect((await it.operations.searchPeople("rita", "gone", 10)).length).toBe(0);
    expect((await it.operations.searchApplications("gone", "", 10)).length).toBe(0);
  });

  test("ASK-18: the beneficiary's manager who asks doesn't approve, nor does the beneficiary; the manager's manager does", async () => {
    const n = await number(ask("max", "rita", "crm"));
    const task = await it.operations.task((await openTask(it, n)).id, null);
    expect(task?.task.assignees).toMatchObject([{ person: "cleo", because: "manager-of-manager" }]);
    for (const party of ["max", "rita"])
      expect(await on(it, n, party, { verb: "approve", comment: null })).toMatchObject({ ok: false, refusal: { name: "own-request" } });
    expect(await on(it, n, "cleo", { verb: "approve", comment: null })).toMatchObject({ ok: true });
  });

  test("the steps that will decide are the beneficiary's, before anything is sent", async () => {
    const view = await it.operations.askView("max", { ...NOTHING, application: "notes", beneficiary: "rita" });
    expect(view.chosen?.ahead).toMatchObject([
      {
        steps: [{ asked: { assignees: [{ person: "cleo" }], fellBack: "own-request" }, enough: true }],
        setup: { assignees: [{ group: "hands" }] },
      },
    ]);
    expect(view.chosen?.directory.people.cleo?.name).toBe("Cleo");
    expect(view.chosen?.directory.groups.hands).toBe("Salesforce admins");
  });

  test("an account that comes with an open request isn't asked for alone", async () => {
    const [n = 0] = await file(it, "ines", "wiki", ["editor"], {});
    expect(await ask("ines", "ines", "wiki")).toMatchObject({
      refusal: { name: "faulty-form", fields: { application: { name: "comes-with", about: { number: String(n) } } } },
    });
  });

  test("asked for again, the form is the old line's: for its requester and its beneficiary, and for nobody else", async () => {
    const n = await number(ask("rita", "fay", "notes"));
    const [{ id } = { id: "" }] = await it.connection.sql<{ id: string }[]>`select id from line where number = ${n}`;
    for (const who of ["rita", "fay"]) {
      const view = await it.operations.askView(who, { ...NOTHING, line: id });
      expect(view, who).toMatchObject({ again: { number: n, justification: "New in the team" }, chosen: { application: { id: "notes" } } });
      expect(view.beneficiary, who).toMatchObject({ id: "fay", self: who === "fay" });
      // What is on its way by now is said.
      expect(view.chosen?.asked, who).toEqual([{ entitlement: null, number: n }]);
    }
    for (const who of ["stan", "max", "cleo"]) {
      const view = await it.operations.askView(who, { ...NOTHING, line: id });
      expect(view, who).toMatchObject({ again: null, chosen: null, beneficiary: { id: who } });
    }
    for (const line of ["", "x", "' or 1=1 --", "00000000-0000-4000-8000-000000000000"])
      expect((await it.operations.askView("rita", { ...NOTHING, line })).again, line).toBeNull();
  });
});
