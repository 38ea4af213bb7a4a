/** The playground's clock in the database. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { clockAhead, moveClock } from "../../src/db/clock.ts";
import { type Connection, connect } from "../../src/db/connect.ts";
import { databaseNow } from "../../src/db/now.ts";
import { describeWithDatabase, freshDatabase, type TestDatabase } from "../setup/database.ts";

const HOUR_MS = 3_600_000;

describeWithDatabase("The playground's clock", () => {
  let database: TestDatabase;
  let connection: Connection;
  beforeAll(async () => {
    database = await freshDatabase();
    connection = connect(database.url);
  });
  afterAll(async () => {
    await connection?.close();
    await database?.drop();
  });

  test("the clock moves forward by what it is told, and Latchkey's time with it", async () => {
    const { db } = connection;
    expect(await clockAhead(db)).toBe(0);
    const before = await databaseNow(db);
    expect(await moveClock(db, 49.5 * HOUR_MS)).toBe(49.5 * HOUR_MS);
    expect(await moveClock(db, 30 * 24 * HOUR_MS)).toBe((49.5 + 30 * 24) * HOUR_MS);
    expect(await clockAhead(db)).toBe((49.5 + 30 * 24) * HOUR_MS);
    expect((await databaseNow(db)).getTime() - before.getTime()).toBeGreaterThanOrEqual((49.5 + 30 * 24) * HOUR_MS);
  });

  test("nothing moves it back or nowhere", async () => {
    const before = await clockAhead(connection.db);
    for (const ms of [0, -1, Number.NaN, Number.POSITIVE_INFINITY]) await expect(moveClock(connection.db, ms)).rejects.toThrow(RangeError);
    expect(await clockAhead(connection.db)).toBe(before);
  });
});
