/**
 * THREAT-4 in one place: every way there is on which somebody might come to decide what they asked for or will receive. On each of them the rule refuses
 * it, and so does the database when the rule is gone around, as the role that Latchkey runs as. Ten thousand organisations drawn by lot:
 * test/domain/self-approval.test.ts. What else the database refuses: test/db/guards.test.ts.
 */
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Policy } from "../../src/domain/catalogue.ts";
import { tick } from "../../src/operations/tick.ts";
import { type Stage, stage, TEAM, userOf } from "../channels/stage.ts";
import { describeWithDatabase } from "../setup/database.ts";
import { approve, goTo, MONDAY_TEN, reapply, word } from "./acts.ts";
import { APPLICATIONS, application, type Company, company, folder, on, once, openTask, PEOPLE, POLICIES, person } from "./company.ts";
import { carried } from "./outbox.ts";

const HOUR = { kind: "elapsed", seconds: 3600 } as const;
/** Every kind of rung, one an hour. */
const LADDER: Policy = {
  id: "ladder",
  steps: [{ approvers: { kind: "manager" }, needed: 1, once: false }],
  remind: null,
  escalate: {
    after: HOUR,
    to: [
      { kind: "manager" },
      { kind: "group", group: "approvers" },
      { kind: "person", person: "ines" },
      { kind: "business-owner" },
      { kind: "technical-owner" },
      { kind: "administrators" },
    ],
  },
  expireAfter: null,
};
const BY_ONE: Policy = {
  ...LADDER,
  id: "by-one",
  steps: [{ approvers: { kind: "group", group: "approvers" }, needed: 1, once: false }],
  escalate: null,
};
const MANY = [
  ...PEOPLE,
  person("solo", "solo"),
  person("twin", "other"),
  person("other", "twin"),
  person("tessa", "tim"),
  person("tim", "cleo"),
];
const SHAPE = {
  people: MANY,
  catalogue: {
    policies: [...POLICIES, LADDER, BY_ONE],
    applications: [
      ...APPLICATIONS,
      application("shop", { policy: "ladder", businessOwner: "ines", technicalOwner: "ines" }),
      application("vault", { policy: "by-one" }),
      application("own", { businessOwner: "cleo", technicalOwner: "cleo" }),
    ],
  },
};

let it: Company;

const sql = () => it.connection.sql;

/** Asked by one person, for themselves or for another. */
async function ask(actor: string, to: string, beneficiary = actor): Promise<number> {
  const submission = { entitlements: [], justification: "To work", until: null, values: to === "salesforce" ? { region: "EMEA" } : {} };
  const asked = await it.operations.ask({ actor, beneficiary, application: to, submission, once: once() });
  if (!asked.ok) throw new Error(JSON.stringify(asked.refusal));
  return Number(asked.value.about.numbers);
}

/** Whom the open task of the line asks, members of groups among them, as the tables say; not who may. */
async function named(number: number): Promise<readonly string[]> {
  const rows = await sql()`select coalesce(a.person_id, m.person_id) as id from line l join task t on t.line_id = l.id and t.state = 'open'
    join task_assignee a on a.task_id = t.id left join member m on m.group_id = a.group_id where l.number = ${number}`;
  return rows.map(({ id }) => String(id));
}

/** Both words, on the card as it stands and on whatever card. */
async function refusedByRule(number: number, party: string): Promise<void> {
  const { id } = await openTask(it, number);
  for (const command of [{ verb: "approve", comment: null } as const, { verb: "reject", reason: "No" } as const]) {
    expect(word(await on(it, number, party, command)), `${party} ${command.verb}`).toBe("own-request");
    const anyCard = await it.operations.act({ actor: party, aim: { task: id, face: null }, command, once: once(), seen: null });
    expect(word(anyCard)).toBe("own-request");
  }
  expect(await it.operations.mayAct({ actor: party, aim: { task: id, face: null }, verb: "approve", seen: null })).toMatchObject({
    ok: false,
  });
}

/** What the role that Latchkey runs as is told when it writes so; all of it is undone. */
async function toldByDatabase(...statements: readonly string[]): Promise<string> {
  try {
    await sql().begin(async (tx) => {
      for (const statement of statements) await tx.unsafe(statement);
      throw new Error("nothing refused it");
    });
    return "done";
  } catch (error) {
    const { constraint_name, code, message } = error as { constraint_name?: string; code?: string; message: string };
    return constraint_name ?? code ?? message;
  }
}

/** The rule is gone around: the party is put on the task, its line says whatever helps, and the vote is written. */
async function refusedByDatabase(number: number, party: string): Promise<void> {
  const [row] = await sql()`select l.id as line, l.requester_id, l.beneficiary_id, t.id as task from line l
    join task t on t.line_id = l.id and t.state = 'open' where l.number = ${number}`;
  if (!row) throw new Error("no open task");
  const asked = `insert into task_assignee (task_id, position, person_id, because) values ('${row.task}', 90, '${party}', 'administrator')`;
  const vote = (
    requester: string,
    beneficiary: string,
  ) => `insert into vote (task_id, person_id, line_id, requester_id, beneficiary_id, vote, at)
    values ('${row.task}', '${party}', '${row.line}', '${requester}', '${beneficiary}', 'approved', now())`;
  const decided = (
    approver: string,
  ) => `update task set state = 'done', outcome = 'approved', decided_by = '${party}', decided_at = now(), approver_id = ${approver}
    where id = '${row.task}'`;
  expect(await toldByDatabase(asked, vote(row.requester_id, row.beneficiary_id))).toBe("vote_not_own_request");
  const stranger = party === "uma" ? "omar" : "uma";
  expect(await toldByDatabase(asked, vote(stranger, stranger))).toBe("vote_parties");
  expect(await toldByDatabase(asked, decided(`'${party}'`))).toBe("task_approver_voted");
  expect(await toldByDatabase(asked, decided("null"))).toBe("task_approver");
}

interface Way {
  readonly title: string;
  /** Goes the way as far as it leads, and says whose request it is and who might decide it. */
  readonly go: () => Promise<{ readonly number: number; readonly parties: readonly string[] }>;
}

const WAYS: readonly Way[] = [
  { title: "the manager of oneself", go: async () => ({ number: await ask("solo", "wiki"), parties: ["solo"] }) },
  { title: "the manager asks for one of theirs", go: async () => ({ number: await ask("max", "wiki", "rita"), parties: ["max", "rita"] }) },
  { title: "a group in which one sits", go: async () => ({ number: await ask("omar", "vault"), parties: ["omar"] }) },
  {
    title: "a group in which sits for whom it is",
    go: async () => ({ number: await ask("rita", "vault", "uma"), parties: ["rita", "uma"] }),
  },
  { title: "a stand-in: the owner, where there is no manager", go: async () => ({ number: await ask("cleo", "wiki"), parties: ["cleo"] }) },
  {
    title: "a group that one joins after asking",
    go: async () => {
      const number = await ask("stan", "vault");
      await sql()`insert into member (group_id, person_id) values ('approvers', 'stan')`;
      return { number, parties: ["stan"] };
    },
  },
  {
    title: "one's manager leaves, whose manager one is",
    go: async () => {
      const number = await ask("tim", "own", "tessa");
      const people = MANY.map((one) =>
        one.id === "tessa" ? { ...one, managerId: "max" } : one.id === "max" ? { ...one, managerId: "tim", state: "left" as const } : one,
      );
      await reapply(it, { ...SHAPE, people });
      return { number, parties: ["tim", "tessa"] };
    },
  },
  {
    title: "an administrator passes it on to them, and they to themselves",
    go: async () => {
      const number = await ask("lena", "vault", "tom");
      for (const to of [["lena"], ["tom"], ["uma", "tom"]])
        expect(word(await on(it, number, "cleo", { verb: "reassign", to, reason: "They know it" }))).toBe("unfit-assignee");
      const own = await ask("cleo", "vault");
      expect(word(await on(it, own, "cleo", { verb: "reassign", to: ["uma"], reason: "She is kind" }))).toBe("own-request");
      return { number, parties: ["lena", "tom"] };
    },
  },
];

describeWithDatabase("THREAT-4 nobody decides what they asked for or will receive", () => {
  beforeAll(async () => {
    it = await company(SHAPE);
  });
  afterAll(() => it.close());

  describe.each(WAYS)("by way of $title", ({ go }) => {
    test("THREAT-4 they are not asked, the rule refuses them, and the database refuses who goes around the rule", async () => {
      const { number, parties } = await go();
      const { id } = await openTask(it, number);
      const view = await it.operations.task(id, null);
      const persons = view?.task.assignees.flatMap((one) => (one.kind === "person" ? [one.person] : [])) ?? [];
      for (const party of parties) {
        expect(persons).not.toContain(party);
        await refusedByRule(number, party);
        await refusedByDatabase(number, party);
      }
    });
  });

  test.each([
    ["every rung leads to them", "ines", ["cleo", "omar", "uma"]],
    ["their manager's manager is themselves", "twin", ["other", "ines", "omar", "uma"]],
  ] as const)("THREAT-4 by way of escalation, where %s: they are passed over", async (_, asker, others) => {
    const fresh = await company(SHAPE);
    const before = it;
    it = fresh;
    try {
      await goTo(it, MONDAY_TEN);
      const number = await ask(asker, "shop");
      const seen = new Set<string>();
      for (let hour = 1; hour <= 7; hour++) {
        await goTo(it, new Date(Date.parse(MONDAY_TEN) + hour * 3_660_000).toISOString());
        await tick(it.world);
        await carried(it);
        for (const id of await named(number)) seen.add(id);
      }
      expect([...seen]).toEqual(expect.arrayContaining([...others]));
      const [climbed] = await sql()`select count(*)::int as n from event where kind = 'escalated'`;
      expect(climbed?.n).toBeGreaterThan(1);
      const { id } = await openTask(it, number);
      const view = await it.operations.task(id, null);
      expect(view?.task.assignees.filter((one) => one.kind === "person" && one.person === asker)).toEqual([]);
      await refusedByRule(number, asker);
      await refusedByDatabase(number, asker);
    } finally {
      it = before;
      await fresh.close();
    }
  });

  test("THREAT-4 by way of the stand-ins that the configuration names: who asks is left out of them", async () => {
    const before = it;
    const base = folder().catalogue;
    it = await company({
      catalogue: {
        settings: { ...base.settings, fallbackApprovers: { kind: "group", group: "approvers" } },
        groups: base.groups.map((one) => (one.id === "approvers" ? { ...one, members: ["cleo", "omar"] } : one)),
      },
    });
    try {
      const number = await ask("cleo", "wiki");
      expect(await named(number)).toEqual(["omar"]);
      await refusedByRule(number, "cleo");
      await refusedByDatabase(number, "cleo");
      expect(await approve(it, number, "omar")).toBe("approved");
    } finally {
      await it.close();
      it = before;
    }
  });

  describe("in Slack", () => {
    let slack: Stage;
    let number = 0;
    const SECOND = "USECOND";
    beforeAll(async () => {
      slack = await stage(it.operations);
      const rita = slack.world.world.users.get(userOf("rita"));
      if (!rita) throw new Error("nobody is called rita");
      slack.world.world.users.set(SECOND, { ...rita, id: SECOND, name: "rita.second", email: "rita.second@acme.example" });
      // A second login of hers, linked by an administrator.
      await sql()`insert into chat_account (id, platform, home, "user", person_id, because, linked_at, proved_at)
        values (gen_random_uuid(), 'slack', ${TEAM}, ${SECOND}, 'rita', 'administrator', now(), now())`;
      await sql()`insert into member (group_id, person_id) values ('approvers', 'rita')`;
      number = await ask("rita", "vault");
    });
    afterAll(() => slack.close());

    const refusals = async () =>
      (await sql()`select 1 from event where kind = 'refused' and actor_id = 'rita' and data->>'refusal' = 'own-request'`).length;
    const decided = async () => (await sql()`select 1 from line where number = ${number} and approval <> 'pending'`).length;

    test.each([
      ["her own login", userOf("rita")],
      ["her second login", SECOND],
    ])("THREAT-4 by a button that is forged, by typed commands and after /access, from %s", async (_, user) => {
      const { id, face } = await openTask(it, number);
      const as = slack.world.actAs(user);
      for (const verb of ["approve", "reject"]) {
        const click = {
          type: "block_actions",
          user: { id: user, team_id: TEAM },
          team: { id: TEAM },
          trigger_id: slack.world.trigger(user),
          container: { type: "message", channel_id: "D1", message_ts: "1.1" },
          actions: [{ type: "button", block_id: "b", action_id: `do.${verb}`, value: `act:${verb}:${face}:${id}` }],
        };
        const body = new URLSearchParams({ payload: JSON.stringify(click) }).toString();
        expect((await fetch(slack.eventsUrl, { method: "POST", headers: slack.world.sign(body), body })).status).toBe(200);
        expect(await as.message(`${verb} ${number} because`)).toMatchObject({ ok: true });
        expect(await as.command(`/access ${verb} ${number} because`)).toMatchObject({ ok: true });
      }
      expect(await decided()).toBe(0);
      expect(await refusals()).toBeGreaterThan(0);
      await refusedByRule(number, "rita");
      await refusedByDatabase(number, "rita");
    });
  });

  test("THREAT-4 the command line decides nothing: no file of it can reach an act on a task", () => {
    const folderOf = fileURLToPath(new URL("../../src/cli", import.meta.url));
    const files = readdirSync(folderOf).map((name) => readFileSync(path.join(folderOf, name), "utf8"));
    expect(files.length).toBeGreaterThan(10);
    expect(files.filter((text) => /operations\/(act|change|wire|may)\.ts|db\/commit\.ts/.test(text))).toEqual([]);
  });
});
