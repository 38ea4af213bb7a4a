import { v7 } from "uuid";
import { afterAll, beforeAll, expect, test } from "vitest";
import { applyFolder } from "../../src/db/apply.ts";
import { linksOf } from "../../src/db/links.ts";
import { link, unlink, type Word } from "../../src/operations/link.ts";
import type { DirectoryEntry } from "../../src/operations/operations.ts";
import { describeWithDatabase } from "../setup/database.ts";
import { type Company, company, file, folder } from "./company.ts";

let it: Company;
const sql = () => it.connection.sql;
const ground = () => ({ db: it.connection.db, url: it.database.url, newId: v7 });

const settings = {
  ...folder().catalogue.settings,
  homes: [{ platform: "slack", id: "T0ACME", trustEmail: true }] as const,
};

const member: Word = { asked: true, entry: { email: null, standing: "member" } };
const silent: Word = { asked: false, why: "no Slack credentials" };

const linking = (person: string, user: string, word: Word = member, home: string | null = null) =>
  link(ground(), { person, user, home, by: "cli:ops", look: async () => word });
const unlinking = (user: string, home: string | null = null) => unlink(ground(), { user, home, by: "cli:ops" });
const who = (user: string, entry: DirectoryEntry | null) =>
  it.operations.identify({ platform: "slack", home: "T0ACME", user }, async () => entry);
const events = async (user: string) =>
  (
    await sql()`select kind, data from event where kind in ('account-linked', 'account-unlinked')
      and data->>'user' = ${user} and data->>'because' is distinct from 'people.csv' order by seq`
  ).map(({ kind, data }) => `${kind} ${data.person ?? ""} ${data.by ?? data.because}`);

describeWithDatabase("links between chat accounts and people", () => {
  beforeAll(async () => {
    it = await company({ catalogue: { settings } });
    await sql()`delete from chat_account`;
  });
  afterAll(() => it.close());

  test("an administrator links a login to a person by id or e-mail address, once, and the event says who ran the command", async () => {
    expect(await linking("RITA@acme.example", "URITA")).toMatchObject({ ok: true, changed: true, unproved: null, person: { id: "rita" } });
    expect(await linking("rita", "URITA")).toMatchObject({ ok: true, changed: false });
    expect(await events("URITA")).toEqual(["account-linked rita cli:ops"]);
    expect(await who("URITA", null)).toMatchObject({ ok: true, person: { id: "rita" } });
    expect((await linksOf(it.connection.db, "rita")).links).toMatchObject([{ user: "URITA", because: "administrator", proved: true }]);
  });

  test("a login that is somebody else's is refused, and stays theirs", async () => {
    expect(await linking("max", "URITA")).toEqual({
      ok: false,
      why: "linked-otherwise",
      about: { user: "URITA", person: "Rita", id: "rita" },
    });
    expect(await who("URITA", null)).toMatchObject({ ok: true, person: { id: "rita" } });
  });

  test.each(["guest", "external", "bot", "deactivated"] as const)(
    "THREAT-15 a %s is not linked by an administrator either",
    async (standing) => {
      const said = await linking("max", `U${standing.toUpperCase()}`, { asked: true, entry: { email: "max@acme.example", standing } });
      expect(said).toMatchObject({ ok: false, why: "not-a-member", about: { standing } });
      expect(await sql()`select from chat_account where person_id = 'max'`).toHaveLength(0);
    },
  );

  test("without the directory's word a link is believed only once the directory has given it, at the first use", async () => {
    expect(await linking("stan", "USTAN", silent)).toMatchObject({ ok: true, changed: true, unproved: "no Slack credentials" });
    expect(await who("USTAN", { email: null, standing: "guest" })).toEqual({ ok: false, stranger: "guest" });
    expect(await who("USTAN", { email: null, standing: "member" })).toMatchObject({ ok: true, person: { id: "stan" } });
  });

  test("what is mistyped is refused by name: the login, the person, the workspace, somebody who has left", async () => {
    expect(await linking("max", "max")).toMatchObject({ why: "no-user-id" });
    expect(await linking("nobody", "UMAX")).toMatchObject({ why: "no-such-person" });
    expect(await linking("max", "UMAX", member, "T0OTHER")).toMatchObject({ why: "foreign-home", about: { homes: "T0ACME" } });
    expect(await linking("max", "UMAX", { asked: true, entry: null })).toMatchObject({ why: "unknown-login" });
    await sql()`update person set state = 'left' where id = 'max'`;
    expect(await linking("max", "UMAX")).toMatchObject({ why: "has-left" });
    await sql()`update person set state = 'active' where id = 'max'`;
    expect(await events("UMAX")).toEqual([]);
  });

  test("unlinking takes effect at the next click, and the login comes back neither by e-mail nor by people.csv, only by an administrator", async () => {
    const max: DirectoryEntry = { email: "max@acme.example", standing: "member" };
    expect(await who("UMAX", max)).toMatchObject({ ok: true, person: { id: "max" } });
    expect(await unlinking("UMAX")).toEqual({ ok: true, person: "max", name: "Max", home: "T0ACME", user: "UMAX" });
    expect(await who("UMAX", max)).toEqual({ ok: false, stranger: "not-linked" });
    expect(await unlinking("UMAX")).toMatchObject({ ok: false, why: "not-linked" });

    const applied = await applyFolder(it.database.url, folder({ catalogue: { settings } }), { by: "test", newId: v7 });
    expect(applied.type).toBe("applied");
    expect(await who("UMAX", max)).toEqual({ ok: false, stranger: "not-linked" });
    expect((await linksOf(it.connection.db, "max")).takenAway).toMatchObject([{ user: "UMAX", by: "cli:ops", person: "max" }]);

    expect(await linking("max", "UMAX")).toMatchObject({ ok: true, changed: true });
    expect(await who("UMAX", null)).toMatchObject({ ok: true, person: { id: "max" } });
    expect((await linksOf(it.connection.db, "max")).takenAway).toEqual([]);
    expect(await events("UMAX")).toEqual(["account-linked  trusted-email", "account-unlinked max cli:ops", "account-linked max cli:ops"]);
  });

  test("an opened home page becomes a stranger's when its login is taken away", async () => {
    await it.operations.homeOpened({ platform: "slack", home: "T0ACME", user: "URITA" });
    await unlinking("URITA", "T0ACME");
    const left = await sql()`select body from effect where subject = 'home-left:slack:T0ACME:URITA'`;
    expect(left).toEqual([{ body: { kind: "home", person: "rita", left: { home: "T0ACME", user: "URITA" } } }]);
    await linking("rita", "URITA");
  });

  test("ASK-11 whoever was passed over for want of a login is asked again once they have one", async () => {
    const [number] = await file(it, "rita", "wiki", [], {});
    await sql()`insert into unreachable (person_id, platform, why, since) values ('max', 'slack', 'not-linked', now())`;
    await linking("max", "U1MAX");
    expect(await sql()`select from unreachable where person_id = 'max'`).toHaveLength(0);
    const line = sql()`select 'reroute:' || id from line where number = ${number ?? 0}`;
    expect(await sql()`select from effect where state = 'due' and subject = (${line})`).toHaveLength(1);
  });

  test("what waits for a person is shown anew once they have a login", async () => {
    const [number] = await file(it, "stan", "wiki", [], {});
    await sql()`update effect set state = 'done'`;
    await sql()`delete from chat_account where "user" = 'UMAX'`;
    await linking("max", "U0MAX");
    const shown = await sql()`select e.subject from effect e join task t on e.subject = 'task:' || t.id join line l on l.id = t.line_id
      where e.state = 'due' and e.kind = 'show' and l.number = ${number ?? 0}`;
    expect(shown).toHaveLength(1);
  });

  test("of many who link one login at once to several people, one wins and the others are told whose it is", async () => {
    const all = await Promise.all(["max", "ines", "omar", "uma"].flatMap((person) => [linking(person, "URACE"), linking(person, "URACE")]));
    expect(all.filter((one) => one.ok && one.changed)).toHaveLength(1);
    expect(all.filter((one) => !one.ok && one.why === "linked-otherwise")).toHaveLength(6);
    expect(await events("URACE")).toHaveLength(1);
  });
});
