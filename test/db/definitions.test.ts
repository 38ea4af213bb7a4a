import postgres from "postgres";
import { afterAll, beforeAll, expect, test } from "vitest";
import { load } from "../../src/db/load.ts";
import { type Company, company, file } from "../operations/company.ts";
import { describeWithDatabase } from "../setup/database.ts";

describeWithDatabase("what a process keeps of the configuration", () => {
  let it: Company;
  let line: string;
  beforeAll(async () => {
    it = await company();
    const [number = 0] = await file(it, "rita", "salesforce", ["admin"]);
    const [row] = await it.connection.sql`select id from line where number = ${number}`;
    line = String(row?.id);
  });
  afterAll(() => it.close());

  const loaded = () => load(it.connection.db, { line, task: null, actor: "omar", key: null, login: null });

  test("is the application with the line's own entitlement, its policy and the calendars", async () => {
    for (const time of ["read", "kept"]) {
      const { line: one, candidates } = await loaded();
      expect(one?.application, time).toMatchObject({ id: "salesforce" });
      expect(
        one?.application.entitlements.map(({ id }) => id),
        time,
      ).toEqual(["admin"]);
      expect(one?.policy.steps.length, time).toBeGreaterThan(0);
      expect(
        candidates.calendars.every(({ timeZone }) => timeZone !== ""),
        time,
      ).toBe(true);
    }
  });

  test("isn't believed where the same row says something else, as after a restore", async () => {
    await loaded();
    const admin = postgres(it.database.adminUrl, { max: 1, onnotice: () => {} });
    const which = admin`kind = 'application' and key = 'salesforce'`;
    const [was] = await admin`select digest, content from definition where ${which}`;
    await admin`update definition set digest = 'another', content = jsonb_set(content, '{name}', '"Restored"') where ${which}`;
    expect((await loaded()).line?.application.name).toBe("Restored");
    await admin`update definition set digest = ${was?.digest}, content = ${was?.content} where ${which}`;
    await admin.end();
  });
});
