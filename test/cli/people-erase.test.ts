import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { configApply } from "../../src/cli/config-commands.ts";
import { doctor } from "../../src/cli/doctor-command.ts";
import { peopleErase } from "../../src/cli/people-erase.ts";
import { configPlan } from "../../src/cli/plan-command.ts";
import { CSV, YAML } from "../configuration/small.ts";
import { describeWithDatabase, emptyDatabase, type TestDatabase } from "../setup/database.ts";

let database: TestDatabase;
let home: string;
const env = () => ({ DATABASE_URL: database.url, DATABASE_OWNER_URL: database.ownerUrl, LATCHKEY_CONFIG: home });

async function apply(csv: string) {
  await writeFile(join(home, "latchkey.yaml"), YAML);
  await writeFile(join(home, "people.csv"), csv);
  return configApply(env(), home, { playground: true, manyMayLeave: true });
}
/** E3 isn't named by the configuration as somebody who has to be there. */
const LEFT = CSV.split("\n")
  .map((row) => (row.startsWith("E4,") ? row.replace(/active/, "left") : row))
  .join("\n");

describeWithDatabase("latchkey people erase", () => {
  beforeAll(async () => {
    home = await mkdtemp(join(tmpdir(), "latchkey-"));
    database = await emptyDatabase();
    expect(await apply(CSV)).toMatchObject({ ok: true });
  });
  afterAll(async () => {
    await database.drop();
    await rm(home, { recursive: true, force: true });
  });

  test("says in a sentence why somebody who is here isn't erased, and what to do", async () => {
    const said = await peopleErase(env(), "E4", { reason: "asked for it" });
    expect(said).toMatchObject({ ok: false, json: { why: "not-left" } });
    expect(said.lines).toEqual([
      'Di (E4) is active, says people.csv. Only who has left is erased: give the row the state "left", then run: latchkey config apply',
    ]);
    expect(await peopleErase(env(), "E99", { reason: "x" })).toMatchObject({
      ok: false,
      lines: ['Nobody has the id or e-mail address "E99".'],
    });
    expect(await peopleErase(env(), "E4", { reason: "" })).toMatchObject({ ok: false, json: { why: "reason-missing" } });
  });

  test("erases who has left, and says what is still to do", async () => {
    expect(await apply(LEFT)).toMatchObject({ ok: true });
    const said = await peopleErase(env(), "E4", { reason: "ticket 12" });
    expect(said).toMatchObject({ ok: true, json: { person: "E4", lines: 0, named: [] } });
    expect(said.lines.join(" ")).toMatch(/^E4 is erased: .*Still to do: take the row out of people.csv/);
    expect(said.lines.join(" ")).not.toContain("Di ");
    expect(await peopleErase(env(), "E4", { reason: "again" })).toMatchObject({
      ok: false,
      lines: ["E4 was erased before; nothing was changed."],
    });
  });

  test("plan, apply and doctor say that the row is still in people.csv, until it is taken out", async () => {
    const named = /1 row of people.csv passed over, whose people were erased: E4/;
    await writeFile(join(home, "people.csv"), LEFT.replace("Cy", "Cyrus"));
    expect((await configPlan(env(), home)).lines.join("\n")).toMatch(named);
    expect((await apply(LEFT.replace("Cy", "Cyrus"))).lines.join("\n")).toMatch(named);
    const about = async () => {
      const findings = (await doctor(env())).json.findings as readonly { readonly area: string; readonly what: string }[];
      return findings.filter(({ area }) => area === "configuration").map(({ what }) => what);
    };
    expect(await about()).toEqual(["people.csv still holds somebody whose data was erased: E4."]);
    const without = LEFT.split("\n")
      .filter((row) => !row.startsWith("E4,"))
      .join("\n");
    expect((await apply(without)).lines.join("\n")).not.toMatch(named);
    expect(await about()).toEqual([]);
  });
});
