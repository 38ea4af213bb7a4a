import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Submission } from "../../src/domain/asking.ts";
import { anyCharacter } from "../setup/characters.ts";
import { describeWithDatabase } from "../setup/database.ts";
import { openTaskOf } from "../setup/tasks.ts";
import { rounds } from "../setup/thorough.ts";
import { everything } from "./changes.ts";
import { APPLICATIONS, application, type Company, company, file, on, once, openTask, PEOPLE, person } from "./company.ts";

let it: Company;
const sql = () => it.connection.sql;

const role = (id: string, name: string, description = "") => ({
  id,
  name,
  description,
  policy: null,
  risk: "low" as const,
  accountType: null,
  maxDuration: null,
  instructions: null,
});

const NAMES: readonly (readonly [id: string, name: string, more: Parameters<typeof application>[1]])[] = [
  ["git", "Git", { description: "Source code" }],
  ["github", "GitHub", { keywords: ["git", "code review"] }],
  ["legit", "Legit", { description: "Contracts" }],
  ["new-git", "New Git", {}],
  ["cloud", "Cloud", { description: "Runs what stands in git" }],
  ["books", "Bücherei", { keywords: ["Übersicht"] }],
  ["overview", "Übersicht", {}],
  ["percent", "100%_\\", { description: "50% off" }],
  ["party", "Party 🎉", { entitlements: [role("dj", "DJ 🎧", "plays"), role("guest", "Guest"), role("host", "Host of guests")] }],
];

const ask = (actor: string, to: string, more: Partial<Submission> = {}, beneficiary = actor) =>
  it.operations.ask({
    actor,
    beneficiary,
    application: to,
    submission: { entitlements: [], justification: "I need it", until: null, values: {}, ...more },
    once: once(),
  });

const names = async (words: string, who = "rita") => (await it.operations.searchApplications(who, words, 100)).map(({ name }) => name);

describeWithDatabase("asking", () => {
  beforeAll(async () => {
    const more = NAMES.map(([id, name, rest]) => application(id, { name, description: "", ...rest }));
    const bank = application("bank", { requestableBy: { department: ["Finance", "IT"], location: ["Berlin"] } });
    const people = [
      ...PEOPLE,
      person("fay", "max", { department: "Finance" }),
      person("fred", "max", { department: "Finance", location: "Rome" }),
    ];
    it = await company({ people, catalogue: { applications: [...APPLICATIONS, ...more, bank] } });
  });
  afterAll(() => it.close());

  test("IDH-2 the name itself comes first, then names that begin so, words that begin so, names that hold it, keywords, and the rest", async () => {
    expect(await names("git")).toEqual(["Git", "GitHub", "New Git", "Legit", "Cloud"]);
    expect(await names("  GIT ")).toEqual(await names("git"));
    expect(await names("code git")).toEqual(["Git", "GitHub"]);
    expect(await names("git nowhere")).toEqual([]);
    expect(await names("ÜBERSICHT")).toEqual(["Übersicht", "Bücherei"]);
    expect(await names("büch")).toEqual(["Bücherei"]);
    expect((await names("")).slice(0, 3)).toEqual(["100%_\\", "Bücherei", "Cloud"]);
    expect(await it.operations.searchApplications("rita", "", 2)).toHaveLength(2);
  });

  test.each([
    ["%", ["100%_\\"]],
    ["_", ["100%_\\"]],
    ["\\", ["100%_\\"]],
    ["50%", ["100%_\\"]],
    ["%_\\", ["100%_\\"]],
    ["🎉", ["Party 🎉"]],
    ["party 🎉", ["Party 🎉"]],
    ["\0git\0hub", ["GitHub"]],
    ["git\ud83c", ["Git", "GitHub", "New Git", "Legit", "Cloud"]],
    ["\udf89", null],
    ["' or 1=1 --", []],
    ["*", []],
  ])("pattern characters, emoji and broken ones are only characters: %j", async (typed, found) => {
    expect(await names(typed)).toEqual(found ?? (await names("")));
  });

  test("any input of 1 to 64 characters is answered, with applications that hold every word of it", async () => {
    const plain = (text: string) => text.toLowerCase();
    const texts = (await it.operations.searchApplications("rita", "", 100)).map(({ name }) => name);
    await fc.assert(
      fc.asyncProperty(
        fc.oneof(
          fc.string({ minLength: 1, maxLength: 64, unit: anyCharacter }),
          fc.string({ minLength: 1, maxLength: 64 }),
          fc.string({
            minLength: 1,
            maxLength: 12,
            unit: fc.constantFrom("%", "_", "\\", "g", "i", "t", " ", "🎉", "\0", "\ud800", "'", '"', "\n"),
          }),
          fc.uint16Array({ minLength: 1, maxLength: 64 }).map((units) => String.fromCharCode(...units)),
        ),
        async (typed) => {
          const found = await it.operations.searchApplications("rita", typed, 100);
          for (const { name } of found) expect(texts).toContain(name);
          const view = await it.operations.askView("rita", { words: typed, application: null, entitlements: [], asksDate: false });
          expect(view.matches.length).toBeLessThanOrEqual(5);
          expect(Array.isArray(await it.operations.searchEntitlements("rita", "party", typed, 100))).toBe(true);
          if (/^[a-z]+$/i.test(typed))
            for (const one of texts.filter((name) => plain(name).includes(plain(typed))))
              expect(found.map(({ name }) => name)).toContain(one);
        },
      ),
      { numRuns: rounds(60, 600), seed: 20260302 },
    );
  });

  test("IDH-2 entitlements are found the same way, without those that are held or asked for already", async () => {
    const free = async (words: string) => (await it.operations.searchEntitlements("rita", "party", words, 100)).map(({ name }) => name);
    expect(await free("guest")).toEqual(["Guest", "Host of guests"]);
    expect(await free("plays")).toEqual(["DJ 🎧"]);
    await file(it, "rita", "party", ["guest"], {});
    expect(await free("guest")).toEqual(["Host of guests"]);
    expect(await it.operations.searchEntitlements("rita", "bank", "", 100)).toEqual([]);
    expect(await it.operations.searchEntitlements("rita", "no such thing\0", "", 100)).toEqual([]);
  });

  test("only those may ask whom the application names: in the list, in the form, and again at the submit", async () => {
    for (const [who, may] of [
      ["rita", false],
      ["fay", true],
      ["fred", false],
      ["ines", true],
    ] as const) {
      expect((await names("bank", who)).length, who).toBe(may ? 1 : 0);
      const view = await it.operations.askView(who, { words: "", application: "bank", entitlements: [], asksDate: false });
      expect(view.chosen !== null, who).toBe(may);
    }
    const before = await everything(it);
    const refused = await ask("fred", "bank");
    expect(refused).toMatchObject({ ok: false, refusal: { name: "not-requestable", about: { application: "Bank" } } });
    const after = await everything(it);
    expect({ ...after, event: [], inbound: [] }).toEqual({ ...before, event: [], inbound: [] });
    const [event] = await sql()`select actor_id, data from event where kind = 'refused' order by seq desc limit 1`;
    expect(event).toEqual({ actor_id: "fred", data: { verb: "ask bank", refusal: "not-requestable" } });
    expect(await ask("fay", "bank")).toMatchObject({ ok: true });
    // Asking for somebody else counts as their asking.
    expect(await ask("fay", "bank", {}, "fred")).toMatchObject({ ok: false, refusal: { name: "not-requestable" } });
  });

  test("a request is all of it or nothing: one faulty item files none, and every faulty field is named", async () => {
    const before = await everything(it);
    expect(await ask("stan", "party", { entitlements: ["dj", "no-such-role"] })).toMatchObject({
      ok: false,
      refusal: { name: "faulty-form" },
    });
    const faulty = await ask("stan", "salesforce", {
      entitlements: ["reports", "admin"],
      justification: " ",
      until: { kind: "date", date: "2020-02-30" },
      values: { region: "Mars" },
    });
    expect(faulty).toMatchObject({ ok: false, refusal: { name: "faulty-form" } });
    expect(faulty.ok ? [] : Object.keys(faulty.refusal.fields ?? {}).sort()).toEqual(["form.region", "justification", "until_date"]);
    expect(await everything(it)).toEqual(before);
    expect(await ask("stan", "party", { entitlements: ["dj", "guest", "dj"] })).toMatchObject({ ok: true });
    expect(await sql()`select from line where beneficiary_id = 'stan'`).toHaveLength(2);
  });

  test("text that Postgres can't hold is taken all the same: nothing that was typed is lost for one character", async () => {
    const typed = "I need\0 it \ud83c now 🎉 \udf89";
    expect(await ask("lena", "git", { justification: typed })).toMatchObject({ ok: true });
    const [line] = await sql()`select number, justification from line where beneficiary_id = 'lena'`;
    expect(line?.justification).toBe("I need it \ufffd now 🎉 \ufffd");
    const number = Number(line?.number);
    expect(await on(it, number, "cleo", { verb: "reject", reason: "No\0\ud800!" })).toMatchObject({ ok: true });
    const [task] = await sql()`select reason from task t join line l on l.id = t.line_id where l.number = ${number}`;
    expect(task?.reason).toBe("No\ufffd!");
  });

  test.each([Number.NaN, 1.5, -1, 2 ** 63, Number.POSITIVE_INFINITY, 0])("the number %s names no line", async (number) => {
    expect(await openTaskOf(it.operations, number)).toBeNull();
  });

  test.each(["", "x", "00000000-0000-4000-8000-000000000000", "1; drop table line", "\0"])(
    "%j names no task and no request",
    async (id) => {
      expect(await it.operations.task(id, null)).toBeNull();
      expect(await it.operations.request(id)).toBeNull();
      const acted = await it.operations.act({
        actor: "rita",
        aim: { task: id, face: null },
        command: { verb: "claim" },
        once: once(),
        seen: null,
      });
      expect(acted).toMatchObject({ ok: false, refusal: { name: "no-such-task" } });
    },
  );

  test("the form says what one holds and what one has asked for, and chooses what the words name", async () => {
    const form = (words: string) => it.operations.askView("rita", { words, application: null, entitlements: [], asksDate: false });
    expect((await form("git")).chosen?.application.id).toBe("git");
    expect((await form("code review")).chosen?.application.id).toBe("github");
    expect((await form("gi")).chosen).toBeNull();
    expect((await form("party")).chosen).toMatchObject({ asked: [{ entitlement: "guest" }], held: [], login: null });
    expect((await form("zzz")).matches).toEqual([]);
  });

  test("THREAT-20 who has a hundred open requests is refused the next one, which changes nothing; others aren't", async () => {
    const [number = 0] = await file(it, "uma", "git", [], {});
    // as many again as are missing, filed with as little as the tables demand
    await sql()`insert into line (id, number, request_id, requester_id, beneficiary_id, application_id, application_definition, policy_definition,
        justification, values, approval, step, open, submitted_at, version)
      select gen_random_uuid(), nextval('line_number'), request_id, requester_id, beneficiary_id, 'copy' || n, application_definition, policy_definition,
        justification, values, approval, step, open, submitted_at, version from line, generate_series(2, 100) n where number = ${number}`;
    const before = await everything(it);
    const refused = { name: "too-many-open", about: { most: "100" } };
    expect(await ask("uma", "cloud")).toMatchObject({ ok: false, refusal: refused });
    expect(await everything(it)).toEqual(before);
    expect(await ask("omar", "cloud", {}, "uma")).toMatchObject({ ok: true });
    await sql()`update line set open = false where application_id = 'copy2'`;
    expect(await ask("uma", "legit")).toMatchObject({ ok: true });
  });

  test("nobody to ask is refused before anything is filed", async () => {
    const lonely = await company({
      people: [person("rita", null)],
      catalogue: {
        applications: [
          application("wiki", { businessOwner: "rita", technicalOwner: "rita", fulfillers: { kind: "person", person: "rita" } }),
        ],
        groups: [{ id: "administrators", name: "Administrators", members: ["rita"], calendar: null, notify: null, slackChannel: null }],
        policies: [
          {
            id: "by-manager",
            steps: [{ approvers: { kind: "manager" }, needed: 1, once: false }],
            remind: null,
            escalate: null,
            expireAfter: null,
          },
        ],
      },
    });
    const before = await everything(lonely);
    const asked = await lonely.operations.ask({
      actor: "rita",
      beneficiary: "rita",
      application: "wiki",
      submission: { entitlements: [], justification: "I need it", until: null, values: {} },
      once: once(),
    });
    expect(asked).toMatchObject({ ok: false, refusal: { name: "nobody-can-approve" } });
    // Told to an administrator, perhaps; but nothing is filed.
    const told = { event: [], effect: [], inbound: [] };
    expect({ ...(await everything(lonely)), ...told }).toEqual({ ...before, ...told });
    await lonely.close();
  });

  test("somebody without a usable manager is decided by the fallback, and an administrator is told", async () => {
    const [number = 0] = await file(it, "cleo", "git", [], {});
    const task = await it.operations.task((await openTask(it, number)).id, null);
    expect(task?.task.assignees).toMatchObject([{ person: "tom", because: "technical-owner" }]);
    const alerts = await sql()`select body from effect where kind = 'alert'`;
    expect(alerts.map(({ body }) => body)).toMatchObject([{ alert: "fallback-used", about: { number: String(number) } }]);
  });
});
