import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { configApply } from "../../src/cli/config-commands.ts";
import { migrateCommand } from "../../src/cli/migrate-command.ts";
import { configPlan } from "../../src/cli/plan-command.ts";
import { CSV, YAML } from "../configuration/small.ts";
import { describeWithDatabase, emptyDatabase, type TestDatabase } from "../setup/database.ts";

let database: TestDatabase;
let home: string;
const environment = () => ({ DATABASE_URL: database.url, DATABASE_OWNER_URL: database.ownerUrl });

async function folder(yaml: string, csv: string): Promise<string> {
  const path = await mkdtemp(join(home, "folder-"));
  await writeFile(join(path, "latchkey.yaml"), yaml);
  await writeFile(join(path, "people.csv"), csv);
  return path;
}

const planOf = async (yaml: string, csv = CSV) => configPlan(environment(), await folder(yaml, csv));

describeWithDatabase("latchkey config plan", () => {
  beforeEach(async () => {
    home = await mkdtemp(join(tmpdir(), "latchkey-"));
    database = await emptyDatabase();
  });
  afterEach(async () => {
    await database.drop();
    await rm(home, { recursive: true, force: true });
  });

  test("asks for the schema first, and refuses a folder with mistakes by naming them", async () => {
    expect(await planOf(YAML)).toMatchObject({ ok: false, lines: [expect.stringContaining('Run "latchkey migrate"')] });
    expect(await planOf(YAML.replace("policy: standard", "policy: standrad"))).toMatchObject({
      ok: false,
      lines: [expect.stringMatching(/^latchkey.yaml:21:13: unknown policy "standrad"/), expect.stringContaining("One mistake")],
    });
  });

  test("says what a first folder would bring, then nothing, then each difference in a line", async () => {
    await migrateCommand(environment(), { playground: true });
    expect((await planOf(YAML)).lines).toEqual([
      "Nothing is in force yet. Applying this folder would change:",
      ...["", "People", "  + 4 new, active: Ana (E1), Bo (E2), Cy (E3), Di (E4)"],
      ...["", "Groups", "  + desk: Ana (E1), Bo (E2), Cy (E3)"],
      ...["", "Applications", "  + CRM (crm)"],
      ...["", "Policies", "  + privileged", "  + standard"],
      ...["", "Calendars", "  + berlin"],
      ...["", "No request is open."],
    ]);
    expect(await configApply(environment(), await folder(YAML, CSV))).toMatchObject({ ok: true });
    expect(await planOf(YAML)).toMatchObject({
      ok: true,
      lines: ["Nothing to change: version 1 says the same."],
      json: { unchanged: true },
    });

    const yaml = YAML.replace("members: [ana@acme.example, E2, cy@acme.example]", "members: [ana@acme.example, E2, E4]")
      .replace("administrators: { group: desk }", "administrators: ana@acme.example")
      .replace("09:00-17:30", "08:00-16:00")
      .replace("8 working hours", "4 working hours")
      .replace("risk: high", "risk: medium")
      .replace("  - id: privileged", "    expire_after: 14 days\n  - id: privileged");
    const csv = CSV.replace("Di,E1,Sales", "Di,E3,IT")
      .replace("Cy,E1,Sales,Seller", "Cy,E1,Sales,Director")
      .replace("E1,IT,Administrator", "E4,IT,Administrator");
    const said = await planOf(yaml, csv);
    expect(said.lines).toEqual([
      "Version 1 is in force. Applying this folder would change:",
      ...["", "People"],
      "  ~ manager_id of 2: Bo: Ana (E1) -> Di (E4); Di: Ana (E1) -> Cy (E3)",
      "  ~ department of 1: Di: Sales -> IT",
      "  ~ title of 1: Cy (E3)",
      ...["", "Groups", "  ~ desk: gains Di (E4); loses Cy (E3)"],
      ...["", "Applications", "  ~ CRM (crm): service_level; entitlements ~admin (risk high -> medium)"],
      ...["", "Policies", "  ~ standard: expire_after none -> 14 days"],
      ...["", "Calendars", "  ~ berlin: hours Mon-Fri 09:00-17:30 -> Mon-Fri 08:00-16:00"],
      ...["", "Settings", "  ~ administrators group desk -> E1"],
      ...["", "No request is open."],
    ]);
    expect(said).toMatchObject({ ok: true, json: { version: 1, unchanged: false, tooManyLeavers: null } });
  });

  test("says in advance that applying would be refused for its leavers, and is found wanting itself", async () => {
    await migrateCommand(environment(), { playground: true });
    await configApply(environment(), await folder(YAML, CSV));
    const csv = CSV.replace("active,,,,C2", "left,,,,C2").replace("active,,,,C1", "left,,,,C1");
    const said = await planOf(YAML, csv);
    expect(said).toMatchObject({ ok: false, json: { tooManyLeavers: { leaving: 2, active: 4 } } });
    expect(said.lines).toContain("  - 2 leave: Bo (E2), Di (E4)");
    expect(said.lines.at(-1)).toMatch(/^STOP: 2 of 4 active people would leave at once.*--many-may-leave/);
    expect(await configApply(environment(), await folder(YAML, csv))).toMatchObject({ ok: false });
  });
});
