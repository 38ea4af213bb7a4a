/**
 * A Latchkey of its own with nothing but the embedded database, for tests that kill it.
 * Says one JSON line when it runs ({ url, ownerUrl, adminUrl }) or why not ({ fault, message }); with "write" it then adds rows
 * one after the other and says each number once it is acknowledged.
 */
import { connect } from "../../src/db/connect.ts";
import { startEmbedded } from "../../src/db/embedded/start.ts";
import { DatabaseFault, SILENT } from "../../src/db/fault.ts";

const [home = "", job = ""] = process.argv.slice(2);

async function main(): Promise<void> {
  const embedded = await startEmbedded(home, SILENT);
  process.once("SIGTERM", () => void embedded.stop().then(() => process.exit(0)));
  const keepAlive = setInterval(() => {}, 1_000);
  process.stdout.write(`${JSON.stringify({ url: embedded.url, ownerUrl: embedded.ownerUrl, adminUrl: embedded.adminUrl })}\n`);
  if (job === "exit") {
    clearInterval(keepAlive);
    process.exit(0);
  }
  if (job !== "write") return;
  const { sql } = connect(embedded.ownerUrl, { max: 1 });
  await sql`create table if not exists written (n int primary key)`;
  for (let n = 1; ; n++) {
    await sql`insert into written values (${n})`;
    process.stdout.write(`${n}\n`);
  }
}

main().catch((error: unknown) => {
  process.stdout.write(`${JSON.stringify({ fault: error instanceof DatabaseFault ? error.fault : "other", message: String(error) })}\n`);
  process.exit(1);
});
