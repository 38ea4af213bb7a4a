import { v7 } from "uuid";
import { afterAll, beforeAll, expect, test } from "vitest";
import { applyFolder } from "../../src/db/apply.ts";
import type { DirectoryEntry, Identity } from "../../src/operations/operations.ts";
import { describeWithDatabase } from "../setup/database.ts";
import { type Company, company, folder, PEOPLE } from "./company.ts";

let it: Company;
const sql = () => it.connection.sql;

/** Nobody is linked by the file, but Rita. */
function unlinked(more: Parameters<typeof folder>[0] = {}) {
  const base = folder(more);
  return { ...base, people: base.people.map((entry) => (entry.person.id === "rita" ? entry : { ...entry, slack: null })) };
}

const HOMES = [
  { platform: "slack", id: "T0ACME", trustEmail: true },
  { platform: "slack", id: "T0WARY", trustEmail: false },
] as const;

const settings = { ...folder().catalogue.settings, homes: HOMES };

let looked = 0;
const who = (user: string, entry: DirectoryEntry | null, home = "T0ACME"): Promise<Identity> =>
  it.operations.identify({ platform: "slack", home, user }, async () => {
    looked += 1;
    return entry;
  });

const member = (email: string | null): DirectoryEntry => ({ email, standing: "member" });

const links = async (personId: string) =>
  (await sql()`select home, "user", because from chat_account where person_id = ${personId} order by "user"`).map(
    ({ home, user, because }) => `${home} ${user} ${because}`,
  );

describeWithDatabase("who is behind a login", () => {
  beforeAll(async () => {
    it = await company({ catalogue: { settings } });
    // The company starts with everybody linked: begin again with Rita alone.
    await sql()`delete from chat_account where person_id <> 'rita'`;
  });
  afterAll(() => it.close());

  test.each(["guest", "external", "bot", "deactivated"] as const)(
    "THREAT-15 a login that people.csv names is nobody's while the directory calls it a %s, and the administrators hear of it once",
    async (standing) => {
      for (let contact = 0; contact < 2; contact++)
        expect(await who("URITA", { email: "rita@acme.example", standing })).toEqual({ ok: false, stranger: "guest" });
      expect(await who("URITA", null)).toEqual({ ok: false, stranger: "directory-silent" });
      expect(await sql()`select proved_at from chat_account where "user" = 'URITA'`).toEqual([{ proved_at: null }]);
      const alerts = await sql()`select body->'about'->>'user' as "user" from effect where body->>'alert' = 'not-a-member'`;
      expect(alerts).toEqual([{ user: "URITA" }]);
      expect(await sql()`select from event where kind = 'not-a-member' and data->>'user' = 'URITA'`).toHaveLength(1);
    },
  );

  test("a login that people.csv names is that person's once the directory calls it a full member, and the directory isn't asked again", async () => {
    looked = 0;
    expect(await who("URITA", member(null))).toMatchObject({ ok: true, person: { id: "rita" } });
    expect(looked).toBe(1);
    expect(await who("URITA", null)).toMatchObject({ ok: true, person: { id: "rita" } });
    expect(looked).toBe(1);
  });

  test("a full member of a trusted workspace is linked at first contact by e-mail, with the reason recorded, once", async () => {
    const all = await Promise.all(Array.from({ length: 16 }, () => who("UMAX", member("MAX@acme.example"))));
    for (const one of all) expect(one).toMatchObject({ ok: true, person: { id: "max" } });
    expect(await who("UMAX", null)).toMatchObject({ ok: true, person: { id: "max" } });
    expect(await links("max")).toEqual(["T0ACME UMAX trusted-email"]);
    const said =
      await sql()`select actor_id, data from event where kind = 'account-linked' and data->>'user' = 'UMAX' and data->>'because' = 'trusted-email'`;
    expect(said).toEqual([{ actor_id: "max", data: { platform: "slack", home: "T0ACME", user: "UMAX", because: "trusted-email" } }]);
  });

  test.each(["guest", "external", "bot", "deactivated"] as const)(
    "THREAT-15 a %s is never linked, whatever the address says",
    async (standing) => {
      expect(await who(`U${standing}`, { email: "cleo@acme.example", standing })).toEqual({ ok: false, stranger: "guest" });
      expect(await links("cleo")).toEqual([]);
    },
  );

  test("THREAT-12 a login from a workspace that isn't listed is nobody, though its user id is known here", async () => {
    looked = 0;
    expect(await who("URITA", member("rita@acme.example"), "T0OTHER")).toEqual({ ok: false, stranger: "foreign-home" });
    expect(await who("URITA", member("rita@acme.example"), "T0WARY")).toEqual({ ok: false, stranger: "not-linked" });
    expect(looked).toBe(1);
    expect(await links("rita")).toEqual(["T0ACME URITA people.csv"]);
  });

  test("where a workspace isn't trusted, an address links nobody, and the administrators hear of the login once", async () => {
    for (let contact = 0; contact < 3; contact++)
      expect(await who("UINES", member("ines@acme.example"), "T0WARY")).toEqual({ ok: false, stranger: "not-linked" });
    await Promise.all(Array.from({ length: 8 }, () => who("UINES", member("ines@acme.example"), "T0WARY")));
    expect(await links("ines")).toEqual([]);
    const alerts =
      await sql()`select body->'about' as about from effect where body->>'alert' = 'not-linked' and body->'about'->>'user' = 'UINES'`;
    expect(alerts.map(({ about }) => about)).toEqual([{ platform: "slack", home: "T0WARY", user: "UINES" }]);
    expect(await sql()`select from event where kind = 'not-linked' and data->>'user' = 'UINES'`).toHaveLength(1);
  });

  test.each([
    ["an address nobody has", "nora@acme.example"],
    ["no address", null],
    ["an empty address", ""],
    ["an address with a pattern", "%@acme.example"],
  ])("a member with %s is told that they aren't linked", async (_, email) => {
    expect(await who("UNORA", member(email))).toEqual({ ok: false, stranger: "not-linked" });
  });

  test("a directory that doesn't answer links nobody and alarms nobody", async () => {
    expect(await who("USILENT", null)).toEqual({ ok: false, stranger: "directory-silent" });
    expect(await sql()`select from effect where body->'about'->>'user' = 'USILENT'`).toEqual([]);
  });

  test("THREAT-15 a changed e-mail moves no link, and an address that turns up at a second login links nobody", async () => {
    expect(await who("URITA", member("max@acme.example"))).toMatchObject({ ok: true, person: { id: "rita" } });
    expect(await who("UMALLORY", member("rita@acme.example"))).toEqual({ ok: false, stranger: "not-linked" });
    expect(await links("rita")).toEqual(["T0ACME URITA people.csv"]);
    // The company's own record changes: the link stays with the person.
    const people = PEOPLE.map((one) => (one.id === "max" ? { ...one, email: "maximilian@acme.example" } : one));
    await applyFolder(it.database.url, unlinked({ people, catalogue: { settings } }), { by: "test", newId: v7 });
    expect(await who("UMAX", member("someone@acme.example"))).toMatchObject({ ok: true, person: { id: "max" } });
    expect(await who("UHEIR", member("max@acme.example"))).toEqual({ ok: false, stranger: "not-linked" });
  });

  test("a person who has left, is away or hasn't started is not linked by address, and is nobody though linked before", async () => {
    for (const state of ["left", "leave", "future"]) {
      await sql()`update person set state = ${state} where id in ('rita', 'stan')`;
      expect(await who("URITA", null)).toEqual({ ok: false, stranger: "not-active", known: "rita" });
      expect(await who("USTAN", member("stan@acme.example"))).toEqual({ ok: false, stranger: "not-active", known: "stan" });
      expect(await links("stan")).toEqual([]);
    }
    await sql()`update person set state = 'active' where id in ('rita', 'stan')`;
    expect(await who("USTAN", member("stan@acme.example"))).toMatchObject({ ok: true, person: { id: "stan" } });
    expect(await links("stan")).toEqual(["T0ACME USTAN trusted-email"]);
  });
});
