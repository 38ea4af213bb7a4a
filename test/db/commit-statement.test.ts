import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Asserted, changeOf, type List } from "../../src/db/commit-statement.ts";
import { type Connection, connect } from "../../src/db/connect.ts";
import { NO_ROWS } from "../../src/db/rows.ts";
import { describeWithDatabase, freshDatabase, type TestDatabase } from "../setup/database.ts";

const SEED = Number(process.env.LATCHKEY_SEED ?? Date.now() % 1_000_000);
const RUNS = process.env.LATCHKEY_THOROUGH ? 600 : 40;
const LISTS = [...Object.keys(NO_ROWS), "inbound"] as List[];
const ASSERTED: readonly (readonly Asserted[])[] = [
  [],
  ["actor"],
  ["actor", "actorTask"],
  ["actor", "actorGroup"],
  ["actor", "actorTask", "actorGroup"],
];

describeWithDatabase("the statement of a change", () => {
  let database: TestDatabase;
  let connection: Connection;
  beforeAll(async () => {
    database = await freshDatabase();
    connection = connect(database.url, { max: 1 });
  });
  afterAll(async () => {
    await connection.close();
    await database.drop();
  });

  test("is one that the database takes, whatever the change has got and whoever makes it", async () => {
    await fc.assert(
      fc.asyncProperty(fc.subarray(LISTS), fc.constantFrom(...ASSERTED), async (lists, asserted) => {
        let text = "";
        const unsafe = (sql: string) => {
          text = sql;
          return Promise.resolve([]);
        };
        const nothing = Object.fromEntries([...LISTS, "actor", "actorTask", "actorGroup", "all"].map((name) => [name, null]));
        await changeOf(new Set(lists), new Set(asserted))({ $client: { unsafe } } as never, nothing);
        await connection.sql.unsafe(`prepare drawn as ${text}`);
        await connection.sql.unsafe("deallocate drawn");
        for (const list of LISTS) expect(text.includes(`into "${TABLES[list]}"`), `${list}, seed ${SEED}`).toBe(inserts(list, lists));
      }),
      { numRuns: RUNS, seed: SEED },
    );
  });
});

/** What a list's rows become when they are new; null: they change or end what stands there. */
const TABLES: Readonly<Record<List, string | null>> = {
  lines: null,
  requests: "request",
  newLines: "line",
  tasks: null,
  newTasks: "task",
  assignees: "task_assignee",
  handed: null,
  votes: "vote",
  accounts: "account",
  newOrders: "order",
  orders: null,
  assignments: "assignment",
  events: "event",
  effects: "effect",
  chatAccounts: "chat_account",
  inbound: "inbound",
};

/** Assignees belong to tasks that are new or changed: without any there is nothing to write. */
function inserts(list: List, lists: readonly List[]): boolean {
  if (TABLES[list] === null || !lists.includes(list)) return false;
  return list !== "assignees" || lists.includes("tasks") || lists.includes("newTasks");
}
