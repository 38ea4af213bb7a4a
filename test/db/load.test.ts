import { expect, test } from "vitest";
import type { Db } from "../../src/db/connect.ts";
import { load } from "../../src/db/load.ts";
import { company, file, on } from "../operations/company.ts";
import { describeWithDatabase } from "../setup/database.ts";

describeWithDatabase("what is loaded for a decision", () => {
  test("bears no earlier instant than what it shows, however long its statement waited for its turn", async () => {
    const it = await company();
    const [number = 0] = await file(it, "rita", "salesforce", ["admin"]);
    const [line] = await it.connection.sql`select id from line where number = ${number}`;
    await it.connection.sql.begin(async (sql) => {
      await sql`select now()`;
      expect(await on(it, number, "ines", { verb: "approve", comment: null })).toMatchObject({ ok: true });
      const db = { $client: sql } as unknown as Db;
      const loaded = await load(db, { line: String(line?.id), task: null, actor: "omar", key: null, login: null });
      const voted = loaded.line?.tasks[0]?.votes[0]?.at;
      expect(voted).toBeInstanceOf(Date);
      expect(loaded.now.getTime()).toBeGreaterThanOrEqual(voted?.getTime() ?? Number.NaN);
    });
    await it.close();
  });
});
