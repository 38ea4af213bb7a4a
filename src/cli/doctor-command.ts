/** `latchkey doctor`: looks at everything that has to be in order, beside a Latchkey that runs, and says what to mend. Changes nothing. */
import type { Config } from "../config.ts";
import type { Database } from "../database.ts";
import { type Connection, connect, reach } from "../db/connect.ts";
import { createLog } from "../log.ts";
import { slackOf } from "../wiring.ts";
import { examineConfiguration } from "./doctor-configuration.ts";
import { examineDatabase } from "./doctor-database.ts";
import { examineDelivery, examineInvariants } from "./doctor-delivery.ts";
import type { Examined, Finding } from "./doctor-finding.ts";
import { examinePeople } from "./doctor-people.ts";
import { examineChannels, examineSlack } from "./doctor-slack.ts";
import type { Said } from "./said.ts";
import { withDatabase } from "./with-database.ts";

export interface DoctorOptions {
  /** Asks Slack about every active person, not only about those whom something counts on. */
  readonly directory?: boolean;
}

/** Milliseconds for one query; an invariant that takes longer is named as unfinished. */
const STATEMENT_TIMEOUT = 60_000;

export function doctor(env: NodeJS.ProcessEnv, options: DoctorOptions = {}): Promise<Said> {
  const examine = async (database: Database, config: Config) => {
    const connection = connect(database.url, { max: 3, name: "latchkey doctor", statementTimeout: STATEMENT_TIMEOUT });
    try {
      await reach(connection);
      return said(await examineAll(connection, database, config, options));
    } finally {
      await connection.close();
    }
  };
  return withDatabase(env, examine, { join: true });
}

async function examineAll(
  connection: Connection,
  database: Database,
  config: Config,
  { directory = false }: DoctorOptions,
): Promise<readonly Examined[]> {
  const { db } = connection;
  const { usable, ...standing } = await examineDatabase(connection, database, config);
  if (!usable) return [standing];
  const inspector = slackOf(config, createLog("silent"));
  const configuration = await examineConfiguration(db, config);
  const { answers, ...slack } = await examineSlack(db, inspector);
  const asked = answers ? inspector : null;
  const channels = asked ? [await examineChannels(db, asked)] : [];
  const people = await examinePeople(db, asked, directory);
  return [configuration, standing, slack, ...channels, people, await examineDelivery(connection), await examineInvariants(connection)];
}

function said(examined: readonly Examined[]): Said {
  const findings = examined.flatMap((one) => one.findings);
  const wanting = findings.filter(({ weight }) => weight === "wanting").length;
  const lines = examined.flatMap(({ area, stands, findings: found }) => [
    `${found.some(({ weight }) => weight === "wanting") ? "x " : "ok"} ${area}: ${stands}`,
    ...found.flatMap(words),
  ]);
  const sum =
    wanting === 0 ? "Nothing is found wanting." : wanting === 1 ? "One thing is found wanting." : `${wanting} things are found wanting.`;
  return {
    ok: wanting === 0,
    lines: [...lines, sum],
    json: { areas: examined.map(({ area, stands }) => ({ area, stands })), findings },
  };
}

function words({ weight, what, why, todo }: Finding): readonly string[] {
  return [`     ${weight === "wanting" ? "-" : "note:"} ${what}`, `       ${why}`, `       ${todo}`];
}
