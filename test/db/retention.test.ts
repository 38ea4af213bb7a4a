import { v7 } from "uuid";
import { afterAll, beforeAll, expect, test } from "vitest";
import { moveClock } from "../../src/db/clock.ts";
import { CARDS_KEPT_DAYS, forgetOldCards } from "../../src/db/retention.ts";
import { type Company, company, file, on } from "../operations/company.ts";
import { describeWithDatabase } from "../setup/database.ts";

let it: Company;
const sql = () => it.connection.sql;
const DAY_MS = 86_400_000;

async function post(subject: string): Promise<void> {
  await sql()`insert into message (id, subject, platform, home, place, conversation, message, state, posted_at)
    values (${v7()}, ${subject}, 'slack', 'T0ACME', 'channel:hands', 'C1', '1.1', 'posted', app_now())`;
}
const standing = async () => (await sql()`select subject from message order by 1`).map(({ subject }) => String(subject));
const evidence = async () =>
  Promise.all(
    ["request", "line", "task", "vote", "event", "person"].map(
      async (table) => (await sql()`select count(*) from ${sql()(table)}`)[0]?.count,
    ),
  );

/** Files a request and posts its cards: of the request and of its task. */
async function cardsOf(actor: string): Promise<{ readonly number: number; readonly subjects: readonly string[] }> {
  const [number = 0] = await file(it, actor, "wiki", [], {});
  const [ids] =
    await sql()`select l.request_id as request, t.id as task from line l join task t on t.line_id = l.id where l.number = ${number}`;
  const subjects = [`request:${ids?.request}`, `task:${ids?.task}`];
  for (const subject of subjects) await post(subject);
  return { number, subjects };
}

describeWithDatabase("where old cards stand", () => {
  beforeAll(async () => {
    it = await company();
  });
  afterAll(() => it.close());

  test("is forgotten half a year after the last thing that happened; open requests, App Homes and evidence stay", async () => {
    const over = await cardsOf("rita");
    await on(it, over.number, "max", { verb: "reject", reason: "no" });
    const open = await cardsOf("stan");
    for (const other of ["notice:1", "remark:2", "home:rita", "digest:max"]) await post(other);
    const all = [...over.subjects, ...open.subjects, "notice:1", "remark:2", "home:rita", "digest:max"].toSorted();
    const before = await evidence();

    await moveClock(it.connection.db, (CARDS_KEPT_DAYS - 1) * DAY_MS);
    expect(await forgetOldCards(it.connection.db)).toBe(0);
    expect(await standing()).toEqual(all);

    // What is drawn at this moment isn't taken away under whoever draws it.
    await moveClock(it.connection.db, 2 * DAY_MS);
    await sql()`update message set leased_until = clock_timestamp() + interval '1 minute' where subject = 'notice:1'`;
    expect(await forgetOldCards(it.connection.db)).toBe(3);
    expect(await standing()).toEqual([...open.subjects, "notice:1", "home:rita", "digest:max"].toSorted());
    expect(await evidence()).toEqual(before);
  });

  test("begins to count when a request ends, however old its cards are", async () => {
    const [line] = await sql()`select number from line where open`;
    await on(it, Number(line?.number), "max", { verb: "reject", reason: "late" });
    await sql()`update message set leased_until = null`;
    expect(await forgetOldCards(it.connection.db)).toBe(1);
    expect((await standing()).filter((subject) => /^(task|request):/.test(subject))).toHaveLength(2);
    await moveClock(it.connection.db, (CARDS_KEPT_DAYS + 1) * DAY_MS);
    expect(await forgetOldCards(it.connection.db)).toBe(2);
    expect(await standing()).toEqual(["digest:max", "home:rita"]);
  });
});
