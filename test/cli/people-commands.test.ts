import { userInfo } from "node:os";
import postgres from "postgres";
import { afterAll, beforeAll, expect, test } from "vitest";
import { configApply } from "../../src/cli/config-commands.ts";
import { peopleLink, peopleLinks, peopleUnlink } from "../../src/cli/people-commands.ts";
import { environmentOf, type Slack, slackOfAcme } from "../product/stage.ts";
import { describeWithDatabase, emptyDatabase, type TestDatabase } from "../setup/database.ts";

let database: TestDatabase;
let slack: Slack;
let sql: postgres.Sql;
let env: Record<string, string>;

describeWithDatabase("latchkey people", () => {
  beforeAll(async () => {
    database = await emptyDatabase();
    slack = await slackOfAcme();
    env = environmentOf(slack, database);
    sql = postgres(database.adminUrl, { max: 1, onnotice: () => {} });
  });
  afterAll(async () => {
    await sql.end();
    await slack.close();
    await database.drop();
  });

  test("says what to do on a database that isn't migrated, and migrates nothing itself", async () => {
    expect(await peopleLinks(env, undefined)).toMatchObject({ ok: false, lines: [expect.stringContaining('"latchkey migrate"')] });
    expect(await sql`select from pg_tables where schemaname = 'public'`).toHaveLength(0);
    expect(await configApply(env, undefined)).toMatchObject({ ok: true });
  });

  test("links whom Slack calls a full member, says whose the login is, and the event names the operating system's user", async () => {
    const said = await peopleLink(env, "anna@acme.example", "UNORA");
    expect(said).toMatchObject({ ok: true, lines: [expect.stringMatching(/^UNORA \(T0ACME\) is Anna Lindqvist's \(E\d+\) now\.$/)] });
    expect(said.json).toMatchObject({ home: "T0ACME", user: "UNORA", changed: true, proved: true });
    const [event] = await sql`select data->>'by' as by from event where kind = 'account-linked' and data->>'user' = 'UNORA'`;
    expect(event?.by).toBe(`cli:${userInfo().username}`);
    expect((await peopleLinks(env, "anna@acme.example")).lines.join()).toMatch(/UNORA in T0ACME, by an administrator, \d{4}-\d\d-\d\d$/);
  });

  test("refuses a login that is somebody else's, and names the command that frees it", async () => {
    const said = await peopleLink(env, "ines@acme.example", "UNORA");
    expect(said).toMatchObject({ ok: false, json: { why: "linked-otherwise" } });
    expect(said.lines.join()).toContain("latchkey people unlink UNORA");
    expect(await peopleUnlink(env, "UNORA")).toMatchObject({ ok: true });
    expect((await peopleLinks(env, undefined)).lines.join("\n")).toMatch(/nobody any more: UNORA in T0ACME, taken from Anna Lindqvist/);
    expect(await peopleLink(env, "ines@acme.example", "UNORA")).toMatchObject({ ok: true });
  });

  test.each([
    ["UGUEST", "is a guest in Slack"],
    ["U0NOWHERE", "Slack knows no user U0NOWHERE"],
    ["anna", "is no Slack user id"],
  ])("refuses %s: %s", async (user, sentence) => {
    const said = await peopleLink(env, "omar@acme.example", user);
    expect(said.ok).toBe(false);
    expect(said.lines.join()).toContain(sentence);
    expect(await sql`select from chat_account where "user" = ${user}`).toHaveLength(0);
  });

  test("links unproved when Slack can't be asked, and says so", async () => {
    slack.world.world.faults.push({ method: "users.info", type: "fail", status: 503, times: 1 });
    const said = await peopleLink(env, "omar@acme.example", "U0OTHER");
    expect(said).toMatchObject({ ok: true, json: { proved: false } });
    expect(said.lines.join("\n")).toContain("Slack could not be asked whether it is a full member (Slack said http_503)");
    expect((await peopleLinks(env, "omar@acme.example")).lines.join()).toContain("Slack is asked at its first use");
    const [row] = await sql`select proved_at from chat_account where "user" = 'U0OTHER'`;
    expect(row?.proved_at).toBeNull();
  });
});
