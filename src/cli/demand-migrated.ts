import { connect } from "../db/connect.ts";
import { migrationGaps } from "../db/migrate.ts";
import { failed, type Said } from "./said.ts";

/** What a command says that neither migrates nor works on another version's database; null: it is of this version. */
export async function demandMigrated(url: string): Promise<Said | null> {
  const connection = connect(url, { max: 1, name: "latchkey" });
  try {
    const { missing, unknown } = await migrationGaps(connection.sql);
    if (missing.length + unknown.length === 0) return null;
    return failed(['The database is not of this version. Run "latchkey migrate" (or start Latchkey), then try again.']);
  } finally {
    await connection.close();
  }
}
