/** What applying a folder would change: it is applied to copies of the tables, compared with what is in force, and all of it is undone. */
import { randomUUID } from "node:crypto";
import { type Folder, tooManyLeavers, writeFolder } from "./apply.ts";
import { connect, type Transaction } from "./connect.ts";
import { copyTables, demandUntouched } from "./plan-copies.ts";
import { type DefinitionChange, definitionChanges, type SettingChange, settingChanges } from "./plan-definitions.ts";
import { type GroupChange, groupChanges } from "./plan-groups.ts";
import { type OpenWork, openWork } from "./plan-open-work.ts";
import { type PeopleChanges, peopleChanges } from "./plan-people.ts";

export interface Plan {
  /** The version in force; null: none was ever applied. */
  readonly version: number | null;
  /** True: applying it would change nothing, and make no new version. */
  readonly unchanged: boolean;
  /** So many of the active people would leave at once that applying it is refused without --many-may-leave; null: they may. */
  readonly tooManyLeavers: { readonly leaving: number; readonly active: number } | null;
  /** `erased`: ids in the file that were erased before; their rows are passed over. */
  readonly people: PeopleChanges & { readonly erased: readonly string[] };
  readonly groups: readonly GroupChange[];
  readonly settings: readonly SettingChange[];
  readonly definitions: readonly DefinitionChange[];
  readonly open: OpenWork;
}

/** Changes nothing, and nobody waits for it: what it writes are copies of its own. */
export async function planFolder(url: string, folder: Folder): Promise<Plan> {
  const connection = connect(url, { max: 1, name: "latchkey plan", statementTimeout: 0 });
  let plan: Plan | null = null;
  try {
    await connection.sql.begin("isolation level repeatable read", async (sql) => {
      plan = await planIn(sql, folder);
      throw UNDONE;
    });
  } catch (error) {
    if (error !== UNDONE || !plan) throw error;
  } finally {
    await connection.close();
  }
  return plan as unknown as Plan;
}

const UNDONE = Symbol("what a plan did is undone");

async function planIn(sql: Transaction["sql"], folder: Folder): Promise<Plan> {
  const [current] = await sql`select version, digest, settings from configuration order by version desc limit 1`;
  const leavers = await tooManyLeavers(sql, folder);
  await copyTables(sql);
  const { missing, erased } = await writeFolder(sql, folder, { by: "plan", newId: randomUUID });
  await demandUntouched(sql);
  const definitions = await definitionChanges(sql, folder);
  return {
    version: current ? Number(current.version) : null,
    unchanged: current?.digest === folder.digest,
    tooManyLeavers: leavers,
    people: { ...(await peopleChanges(sql, missing)), erased },
    groups: await groupChanges(sql, folder.catalogue.groups),
    settings: settingChanges(current?.settings ?? null, folder.catalogue.settings),
    definitions,
    open: await openWork(sql, definitions),
  };
}
