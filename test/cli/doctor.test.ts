import { cp, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import postgres from "postgres";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { parse } from "yaml";
import { SCOPES } from "../../src/channels/slack/inspect.ts";
import { configApply } from "../../src/cli/config-commands.ts";
import { type DoctorOptions, doctor } from "../../src/cli/doctor-command.ts";
import type { Finding } from "../../src/cli/doctor-finding.ts";
import { migrateCommand } from "../../src/cli/migrate-command.ts";
import { peopleLink, peopleUnlink } from "../../src/cli/people-commands.ts";
import type { User } from "../../src/playground/slack/world.ts";
import { ACME, environmentOf, type Slack, slackOfAcme } from "../product/stage.ts";
import { describeWithDatabase, emptyDatabase, type TestDatabase } from "../setup/database.ts";
import { socketFront } from "../setup/socket-front.ts";

let database: TestDatabase;
let slack: Slack;
let sql: postgres.Sql;
let env: Record<string, string>;
const undo: (() => Promise<unknown> | unknown)[] = [];

const scopes: readonly string[] = Object.keys(SCOPES);

async function findings(options: DoctorOptions = {}, more: Record<string, string> = {}): Promise<readonly Finding[]> {
  const said = await doctor({ ...env, ...more }, options);
  const found = said.json.findings as readonly Finding[];
  expect(said.ok).toBe(found.every(({ weight }) => weight === "note"));
  return found;
}

const wanting = async (...of: Parameters<typeof findings>) =>
  (await findings(...of)).filter(({ weight }) => weight === "wanting").map(({ area, what }) => `${area}: ${what}`);

/** Does something to the database as its superuser, and takes it back after the test. */
async function damage(done: (sql: postgres.Sql) => Promise<unknown>, undone: (sql: postgres.Sql) => Promise<unknown>): Promise<void> {
  undo.push(() => undone(sql));
  await done(sql);
}

/** Somebody of the workspace, to be changed as Slack's own administrators would. */
const user = (name: string): { -readonly [key in keyof User]: User[key] } => {
  const found = [...slack.world.world.users.values()].find((one) => one.name === name);
  if (!found) throw new Error(`nobody is called ${name}`);
  return found;
};

describeWithDatabase("latchkey doctor", () => {
  beforeAll(async () => {
    database = await emptyDatabase();
    slack = await slackOfAcme({}, { app: { scopes } });
    env = environmentOf(slack, database);
    sql = postgres(database.adminUrl, { max: 1, onnotice: () => {} });
  });
  afterAll(async () => {
    await sql.end();
    await slack.close();
    await database.drop();
  });
  afterEach(async () => {
    for (const step of undo.splice(0).reverse()) await step();
  });

  describe("on a database that isn't ready", () => {
    test("says that it isn't migrated and which command does it, and migrates nothing", async () => {
      expect(await wanting()).toEqual([expect.stringMatching(/^database: The database lacks the migrations 0000_/)]);
      expect(await sql`select from pg_tables where schemaname = 'public'`).toHaveLength(0);
      await migrateCommand(env);
    });

    test("says that nothing is in force yet, and that the workspace isn't let in", async () => {
      expect(await wanting()).toEqual(
        expect.arrayContaining([
          "configuration: No configuration was applied yet.",
          "slack: The token's workspace T0ACME is not listed under chat.slack.",
          "people: No administrator is active.",
        ]),
      );
      expect(await configApply(env, undefined)).toMatchObject({ ok: true });
    });

    test("names what stands in the way of the database itself", async () => {
      const said = await doctor({ ...env, DATABASE_URL: "postgres://latchkey@127.0.0.1:1/latchkey" });
      expect(said).toMatchObject({ ok: false, lines: [expect.stringContaining("No Postgres answers at 127.0.0.1:1")] });
    });
  });

  test("finds nothing wanting where everything is in order, with a line for each area", async () => {
    const said = await doctor(env);
    expect(said.lines).toEqual([
      expect.stringMatching(/^ok configuration: version 1 is in force since \d{4}-/),
      expect.stringMatching(/^ok database: PostgreSQL [\d.]+.*, migrated, real, owner \w+, runs as \w+$/),
      "ok slack: the bot U0STANDIN of T0ACME answers, with 8 scopes",
      expect.stringMatching(/^ok channels: (\d+) of \1 that the configuration names take cards$/),
      expect.stringMatching(/^ok people: \d+ people whom open work or the configuration counts on were looked at$/),
      "ok delivery: nothing waits longer than ten minutes, nothing was given up",
      "ok invariants: 11 of 11 hold",
      "Nothing is found wanting.",
    ]);
    expect(said.ok).toBe(true);
    expect(await sql`select from chat_account`).toHaveLength(0);
  });

  test("its list of scopes is the manifest's", async () => {
    const manifest = parse(await readFile("manifests/slack.yaml", "utf8"));
    expect([...scopes].sort()).toEqual([...manifest.oauth_config.scopes.bot].sort());
  });

  describe("configuration", () => {
    test("a folder that differs from what is in force, and one with a mistake", async () => {
      const folder = await mkdtemp(path.join(tmpdir(), "latchkey-folder-"));
      undo.push(() => rm(folder, { recursive: true }));
      await cp(ACME, folder, { recursive: true });
      const people = path.join(folder, "people.csv");
      const text = await readFile(people, "utf8");
      await writeFile(people, text.replace("Anna Lindqvist", "Anna Lindquist"));
      expect(await wanting({}, { LATCHKEY_CONFIG: folder })).toEqual([
        `configuration: The folder ${folder} differs from version 1, which is in force.`,
      ]);
      await writeFile(people, text.replace(",active", ",asleep"));
      expect(await wanting({}, { LATCHKEY_CONFIG: folder })).toEqual([expect.stringMatching(/^configuration: people\.csv.*asleep/)]);
    });
  });

  describe("database", () => {
    test("one role for owner and process is noted, a superuser is found wanting", async () => {
      const one = { DATABASE_URL: database.ownerUrl, DATABASE_OWNER_URL: database.ownerUrl };
      expect((await findings({}, one)).map(({ weight, what }) => `${weight} ${what}`)).toEqual([
        expect.stringMatching(/^note One role, \w+, owns the schema and runs Latchkey\.$/),
      ]);
      expect(await wanting({}, { DATABASE_URL: database.adminUrl, DATABASE_OWNER_URL: database.ownerUrl })).toEqual([
        expect.stringMatching(/^database: Latchkey works as \w+, a superuser of the database\.$/),
      ]);
    });

    test("rights that the run-time role has on evidence or lacks, and guards that are switched off", async () => {
      const role = sql(new URL(database.url).username);
      await damage(
        (it) => it`grant update on event to ${role}`,
        (it) => it`revoke update on event from ${role}`,
      );
      await damage(
        (it) => it`revoke select on member from ${role}`,
        (it) => it`grant select on member to ${role}`,
      );
      await damage(
        (it) => it`alter table vote disable trigger vote_append_only`,
        (it) => it`alter table vote enable trigger vote_append_only`,
      );
      expect(await wanting()).toEqual([
        expect.stringMatching(/^database: The role \w+ may update event\.$/),
        expect.stringMatching(/^database: The role \w+ has no right to member\.$/),
        "database: Guards of the database are switched off: vote_append_only on vote.",
      ]);
    });

    test("settings of the playground on a real installation's database", async () => {
      const { DATABASE_URL = "", DATABASE_OWNER_URL = "" } = env;
      const said = await doctor({ DATABASE_URL, DATABASE_OWNER_URL, LATCHKEY_CONFIG: ACME });
      expect(said.lines.join("\n")).toContain("The database is marked real, and these settings are for the playground.");
      expect(said.lines.join("\n")).toContain("slack: off: no Slack credentials are set");
    });
  });

  describe("Slack", () => {
    test("a token that Slack refuses, and a Slack that doesn't answer", async () => {
      expect(await wanting({}, { SLACK_BOT_TOKEN: "xoxb-wrong" })).toEqual(["slack: Slack refuses the bot token (invalid_auth)."]);
      slack.world.world.faults.push({ method: "auth.test", type: "fail", status: 503, times: 1 });
      expect(await wanting()).toEqual(["slack: Slack did not answer (http_503)."]);
    });

    test("each scope that is missing, with what doesn't work without it, and those that are too many", async () => {
      const app = slack.world.world.app as { scopes?: readonly string[] };
      undo.push(() => {
        app.scopes = scopes;
      });
      app.scopes = [...scopes.filter((scope) => scope !== "im:write"), "channels:history", "admin"];
      const found = (await findings()).filter(({ area }) => area === "slack");
      expect(found).toMatchObject([
        { weight: "wanting", what: "The token lacks the scope im:write.", why: "Without it no direct message can be opened." },
        { weight: "note", what: "The token has scopes that Latchkey doesn't use: admin." },
      ]);
    });

    test("over Socket Mode, an app token that may open no link", async () => {
      const front = await socketFront(() => env.SLACK_API_URL ?? "");
      undo.push(() => front.close());
      const socket = { SLACK_API_URL: front.apiUrl, SLACK_APP_TOKEN: "xapp-of-the-doctor", SLACK_SIGNING_SECRET: "" };
      expect(await wanting({}, socket)).toEqual([]);
      expect(front.asked).toEqual(["xapp-of-the-doctor"]);
      expect((await doctor({ ...env, ...socket })).lines).toContain(
        "ok slack: the bot U0STANDIN of T0ACME answers, with 8 scopes, over Socket Mode",
      );
      front.refusals.push({ error: "missing_scope" });
      const [found] = await findings({}, socket);
      expect(found).toMatchObject({ weight: "wanting", what: "Slack refuses the app token (missing_scope)." });
      expect(found?.todo).toContain("connections:write");
      front.refusals.push({ status: 503 });
      expect(await wanting({}, socket)).toEqual(["slack: Slack gave no address for a link (http_503)."]);
      expect(front.links).toEqual([]);
    });

    test("a workspace that isn't listed", async () => {
      await damage(
        (it) => it`update configuration set settings = jsonb_set(settings, '{homes,0,id}', '"T0OTHER"')`,
        (it) => it`update configuration set settings = jsonb_set(settings, '{homes,0,id}', '"T0ACME"')`,
      );
      expect(await wanting()).toContain("slack: The token's workspace T0ACME is not listed under chat.slack (listed: T0OTHER).");
    });

    test("channels that the bot isn't in, and those that aren't there", async () => {
      const { channels, app } = slack.world.world;
      const [named] = await sql`select slack_channel as name from "group" where slack_channel is not null order by id limit 1`;
      const channel = [...channels.values()].find(({ name }) => name === named?.name);
      if (!channel) throw new Error("the stand-in has no such channel");
      undo.push(() => channel.members.add(app.botUser));
      channel.members.delete(app.botUser);
      expect(await wanting()).toEqual([expect.stringMatching(new RegExp(`^channels: The bot is not in #${named?.name} \\(group `))]);
      channel.is_archived = true;
      undo.push(() => {
        channel.is_archived = false;
      });
      expect(await wanting()).toEqual([expect.stringMatching(`^channels: There is no channel "${named?.name}" that the bot could see`)]);
    });
  });

  describe("people", () => {
    const lenas = (found: readonly string[]) => found.filter((what) => what.startsWith("people: Lena"));

    test("who is counted on and has no account with that address, a guest's or a deactivated one", async () => {
      const lena = user("lena");
      const email = lena.email;
      undo.push(() => Object.assign(lena, { email, is_restricted: false }));
      lena.is_restricted = true;
      expect(lenas(await wanting())).toEqual([
        expect.stringMatching(/fulfiller, owner\) can't be reached in Slack: the account with that address is guest, not a full member\.$/),
      ]);
      Object.assign(lena, { email: "lena@elsewhere.example" });
      expect(lenas(await wanting())).toEqual([
        expect.stringMatching(/can't be reached in Slack: no Slack account has that e-mail address\.$/),
      ]);
    });

    test("whose login was taken away, and whose login only a file names and is no full member's", async () => {
      const lena = user("lena");
      const [row] = await sql`select id from person where email = 'lena@acme.example'`;
      await sql`insert into chat_account (id, platform, home, "user", person_id, because, linked_at)
        values (gen_random_uuid(), 'slack', 'T0ACME', ${lena.id}, ${row?.id}, 'people.csv', now())`;
      expect(lenas(await wanting())).toEqual([]);
      undo.push(() => Object.assign(lena, { deleted: false }));
      lena.deleted = true;
      expect(lenas(await wanting())).toEqual([expect.stringContaining(`${lena.id} is deactivated, not a full member`)]);
      lena.deleted = false;
      await peopleUnlink(env, lena.id);
      const found = (await findings()).filter(({ what }) => what.startsWith("Lena"));
      expect(found).toMatchObject([{ weight: "wanting", todo: `Run: latchkey people link ${row?.id} <member id>` }]);
      expect(found[0]?.what).toContain(`an administrator took the login ${lena.id} away`);
      expect(await peopleLink(env, "lena@acme.example", lena.id)).toMatchObject({ ok: true });
      expect(lenas(await wanting())).toEqual([]);
    });

    test("everybody active is looked up with --directory, and nobody is without Slack", async () => {
      const counted = await doctor(env);
      const all = await doctor(env, { directory: true });
      const number = ({ lines }: { readonly lines: readonly string[] }) => Number(/people: (\d+)/.exec(lines.join("\n"))?.[1]);
      const [row] = await sql`select count(*)::int as active from person where state = 'active'`;
      expect(number(all)).toBe(row?.active);
      expect(number(counted)).toBeLessThan(number(all));
      const { SLACK_BOT_TOKEN: _, SLACK_SIGNING_SECRET: __, ...silent } = env;
      const said = await doctor(silent);
      expect((said.json.findings as readonly Finding[]).filter(({ area }) => area === "people")).toMatchObject([
        { weight: "note", todo: "Run doctor where the Slack credentials are set." },
      ]);
    });

    test("a group that has fewer active members than a policy demands of it", async () => {
      const [step] =
        await sql`select s.step->'approvers'->>'group' as name from definition d, jsonb_array_elements(d.content->'steps') s(step)
        where d.kind = 'policy' and d.until is null and s.step->'approvers'->>'kind' = 'group' limit 1`;
      const name = String(step?.name);
      const members = await sql`select person_id as id from member where group_id = ${name}`;
      const ids = members.map(({ id }) => String(id));
      await damage(
        (it) => it`update person set state = 'leave' where id = any(${ids})`,
        (it) => it`update person set state = 'active' where id = any(${ids})`,
      );
      expect(await wanting()).toContainEqual(expect.stringContaining(`people: The group ${name} has 0 active members, and the policy`));
    });
  });

  describe("delivery and invariants", () => {
    const effect = (state: string, why: string, age: string) => (it: postgres.Sql) =>
      it`insert into effect (kind, priority, subject, body, state, run_at, leased_until, why)
        values ('show', 2, 'task:lost', '{}', ${state}, now() - ${age}::interval, clock_timestamp() + interval '1 minute', ${why})`;
    const gone = (it: postgres.Sql) => it`delete from effect where subject = 'task:lost'`;

    test("what has waited for more than an hour, and what was given up", async () => {
      await damage(effect("due", "ratelimited", "3 hours"), gone);
      expect(await wanting()).toEqual([
        "delivery: 1 effects of the kind show have been waiting (ratelimited), the oldest since 3 hours ago.",
      ]);
      await sql`delete from effect where subject = 'task:lost'`;
      await effect("dead", "is_archived", "1 day")(sql);
      await sql`insert into event (at, kind, data) values (now(), 'not-delivered', '{"why": "is_archived"}')`;
      expect(await wanting()).toEqual([expect.stringContaining("delivery: 1 effects of the kind show were given up (is_archived)")]);
      await sql`update effect set run_at = now() - interval '30 days' where subject = 'task:lost'`;
      expect(await wanting()).toEqual([]);
    });

    test("an invariant that is broken, with what it means and what to do", async () => {
      await damage(
        (it) =>
          it`insert into event (at, kind, data, life, from_state, to_state, line_id) values (now(), 'odd', '{}', 'approval', 'draft', 'pending', gen_random_uuid())`,
        async (it) => {
          await it.begin(async (tx) => {
            await tx`set local session_replication_role = replica`;
            await tx`delete from event where kind = 'odd'`;
          });
        },
      );
      const [found] = (await findings()).filter(({ area }) => area === "invariants");
      expect(found).toMatchObject({ weight: "wanting", what: expect.stringMatching(/^I4 is broken 1 times\./) });
      expect(found?.why).toMatch(/^Something was changed behind Latchkey's back/);
      expect(found?.todo).toMatch(/^Compare with a backup/);
    });
  });
});
