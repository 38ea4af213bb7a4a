import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Connection, connect } from "../../src/db/connect.ts";
import { findApplications } from "../../src/db/search.ts";
import { findNearApplications } from "../../src/db/search-near.ts";
import { findPeople } from "../../src/db/search-people.ts";
import { cleaned } from "../../src/db/search-words.ts";
import { mayRequest } from "../../src/domain/requestable.ts";
import { person } from "../operations/company.ts";
import { describeWithDatabase, freshDatabase, type TestDatabase } from "../setup/database.ts";
import { addApplications, addPeople } from "./catalogue.ts";
import { expected, type Known } from "./search-oracle.ts";
import { counter } from "./touched.ts";

const SEED = Number(process.env.LATCHKEY_SEED ?? Date.now() % 1_000_000);
const CASES = Number(process.env.SEARCH_CASES ?? 30);
/** Applications (with ten entitlements each) of the smaller and the larger catalogue, and ten times as many people. */
const [SMALL = 150, LARGE = 600] = (process.env.SEARCH_SIZES ?? "150,600").split(",").map(Number);

const rita = person("rita", "max", { department: "Support" });
const uma = person("uma", "max", { department: "D12" });

/** What people type, and what they had better not. */
const HOSTILE = [
  ..."aes%_\\'\"é🎉0-*?^$.(){}[]|",
  ...[
    "%%",
    "_a",
    "\\%",
    "' or 1=1 --",
    "'; drop table person; --",
    "a' || 'b",
    "\\x",
    ":*",
    "a & b",
    "$1",
    "{{ a }}",
    "\0",
    "\ud800",
    "\u0308",
  ],
  ...[
    "sales",
    "salesforce emea",
    "emea salesforce",
    "reader",
    "reader payroll",
    "payroll treasury reader auditor",
    "administrator finance 12",
  ],
  ...[
    "sales tool",
    "tool sales",
    "number of all",
    "all of",
    "of",
    "crm",
    "crm1",
    "o'h",
    "a-b_c",
    "c:\\share",
    "урун",
    "Работа",
    "ürün",
    "apfel",
  ],
  ...[
    "slaesforce",
    "gloabl hub",
    "reprot bulider",
    "amdinistrator",
    "xyzzy",
    "zz zz zz",
    "sale froce",
    "x".repeat(64),
    "a".repeat(64),
    "é".repeat(64),
  ],
  ...[
    "a b c d e f g h i j k l m n o p q r s t u v w x y z",
    "1 2 3 4 5 6 7 8 9 0",
    "the quick brown fox jumps over the lazy dog and then some more of it",
  ],
];

const pieces = fc.constantFrom(
  "sales",
  "Git",
  "hub",
  "EMEA",
  "o'h",
  "a-b",
  "c:",
  "%",
  "_",
  "🎉",
  "ürü",
  "рабо",
  "read",
  "report b",
  "crm",
  "of",
  "1",
  "7",
  "e",
  "x",
);
const typing = fc.oneof(
  { weight: 4, arbitrary: fc.array(pieces, { minLength: 1, maxLength: 4 }).map((some) => some.join(" ")) },
  { weight: 2, arbitrary: fc.array(pieces, { minLength: 1, maxLength: 2 }).map((some) => some.join("")) },
  { weight: 1, arbitrary: fc.string({ minLength: 1, maxLength: 64 }) },
);

describeWithDatabase("searching the catalogue", () => {
  let database: TestDatabase;
  let connection: Connection;
  beforeAll(async () => {
    database = await freshDatabase();
    connection = connect(database.url, { statementTimeout: 0 });
    await addApplications(connection, 1, 24);
  });
  afterAll(async () => {
    await connection.close();
    await database.drop();
  });

  const ids = async (typed: string, who: typeof rita, door: "open" | "closed", limit: number) =>
    (await findApplications(connection.db, typed, { person: who, door, limit })).map(({ id }) => id);

  const known = async (who: typeof rita, door: "open" | "closed"): Promise<readonly Known[]> =>
    (
      await connection.sql`select a.id, a.search, nullif(d.content->'requestableBy', 'null') as rule from application a join definition d on d.id = a.definition_id`
    ).map(({ id, search, rule }) => ({
      id: String(id),
      search: String(search),
      open: mayRequest({ requestableBy: rule ?? null }, who) === (door === "open"),
    }));

  test.each([
    [rita, "open"],
    [rita, "closed"],
    [uma, "open"],
  ] as const)("what is found, and in which order, is what looking at everything would give ($1)", async (who, door) => {
    const all = await known(who, door);
    expect(all.some(({ open }) => open) && all.some(({ open }) => !open)).toBe(true);
    await fc.assert(
      fc.asyncProperty(typing, fc.constantFrom(3, 100), async (typed, limit) => {
        fc.pre(cleaned(typed) !== "");
        expect(await ids(typed, who, door, limit), `seed ${SEED}: ${JSON.stringify(typed)}`).toEqual(expected(all, typed, limit));
      }),
      { numRuns: CASES, seed: SEED },
    );
  });

  test("nothing that was typed acts as a pattern or as SQL: what is found holds each of its characters", async () => {
    const all = await known(rita, "open");
    for (const typed of HOSTILE) {
      const found = await ids(typed, rita, "open", 100);
      if (cleaned(typed) !== "") expect(found, typed).toEqual(expected(all, typed, 100));
    }
    expect(await ids("%", rita, "open", 100)).toHaveLength(
      all.filter(({ open, search }) => open && search.split("\n")[0]?.includes("%")).length,
    );
  });

  test("the index follows the applications: changed, gone, and closed to others", async () => {
    await connection.sql.begin(async (sql) => {
      await sql`update application set name = 'Quux', search = 'quux' where id = 'app1'`;
      await sql`delete from application where id = 'app2'`;
    });
    expect(await ids("quux", rita, "open", 10)).toEqual(["app1"]);
    const [left] =
      await connection.sql`select count(*) filter (where application_id = 'app1')::int as one, count(*) filter (where application_id = 'app2')::int as two from application_word`;
    expect(left).toEqual({ one: 4, two: 0 });
    await connection.sql`insert into definition (kind, key, digest, content, since) values ('application', 'new1', '', '{"requestableBy": {"department": ["Elsewhere"]}}', 2)`;
    await connection.sql`update application set definition_id = (select max(id) from definition) where id = 'app1'`;
    expect(await ids("quux", rita, "open", 10)).toEqual([]);
    expect(await ids("quux", rita, "closed", 10)).toEqual(["app1"]);
  });
});

describeWithDatabase("the catalogue and the company grow", () => {
  test("and what one search reads doesn't, whatever is typed", { timeout: 3_600_000 }, async () => {
    const database = await freshDatabase();
    const connection = connect(database.url, { statementTimeout: 0 });
    const admin = connect(database.adminUrl);
    const most: Record<string, number>[] = [];
    try {
      let last = 0;
      for (const size of [SMALL, LARGE]) {
        await addApplications(connection, last + 1, size);
        await addPeople(connection, last * 10 + 1, size * 10);
        await admin.sql`vacuum analyze`;
        last = size;
        const touched: Record<string, number> = {};
        for (const plan of LARGE < 5000 ? (["generic"] as const) : (["generic", "custom"] as const)) {
          const counted = counter(database.url, plan);
          for (const typed of [...HOSTILE, ...fc.sample(typing, { numRuns: CASES / 3, seed: SEED })]) {
            const sought = { person: rita, door: "open", limit: 100 } as const;
            const taken = (what: string) => {
              const { buffers, rows, swept } = counted.taken();
              expect(
                swept.filter((table) => sweptByNobody(size).includes(table)),
                `${what}, ${size}, ${plan}: ${typed}`,
              ).toEqual([]);
              touched[`${what}: pages`] = Math.max(touched[`${what}: pages`] ?? 0, buffers);
              touched[`${what}: rows`] = Math.max(touched[`${what}: rows`] ?? 0, rows);
            };
            await findApplications(counted.db, typed, sought);
            taken("applications");
            await findNearApplications(counted.db, typed, sought);
            taken("near applications");
            if (cleaned(typed) !== "") await findPeople(counted.db, "rita", typed, 100);
            taken("people");
          }
          await counted.close();
        }
        most.push(touched);
      }
    } finally {
      await Promise.all([connection.close(), admin.close()]);
      await database.drop();
    }
    if (process.env.SEARCH_SIZES) console.info(JSON.stringify(most));
    for (const [what, bound] of Object.entries(BOUNDS))
      for (const touched of most) expect(touched[what], `${what}, seed ${SEED}, ${JSON.stringify(most)}`).toBeLessThanOrEqual(bound);
  });
});

/** Tables that a search of something typed never reads from end to end; the people and applications found may be looked up so while there are few. */
const sweptByNobody = (size: number) => ["application_word", "person_word", "spelling", ...(size < 5000 ? [] : ["application", "person"])];

/**
 * Pages and rows that one search touches at most, whatever the size of catalogue and company. Rows: a quarter above what was seen with 1,000 and 10,000
 * applications and more. Pages: what is compared, at most 800, is looked up in one pass over the table or one by one, as the planner likes (with 600
 * applications it is one by one), each by an index of three pages and a row at most: 3,200, and the entries that were scanned.
 */
const BOUNDS: Readonly<Record<string, number>> = {
  "applications: pages": 3_300,
  "applications: rows": 30_000,
  "near applications: pages": 3_300,
  "near applications: rows": 80_000,
  "people: pages": 3_300,
  "people: rows": 30_000,
};
