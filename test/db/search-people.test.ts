import fc from "fast-check";
import postgres from "postgres";
import { afterAll, beforeAll, expect, test } from "vitest";
import { findPeople } from "../../src/db/search-people.ts";
import { type Company, company, PEOPLE, person } from "../operations/company.ts";
import { anyCharacter } from "../setup/characters.ts";
import { describeWithDatabase } from "../setup/database.ts";
import { rounds } from "../setup/thorough.ts";

const MORE = [
  person("anna", "max", { name: "Anna Müller-Lüdenscheidt", email: "a.mueller@acme.example", department: "Field Sales" }),
  person("bob", "max", { name: "Bob O'Hara", email: "bob.ohara@acme.example", department: "R&D" }),
  person("zoe", "max", { name: "Zoë Anna Lind", email: "zlind@acme.example", department: "Customer Success" }),
  person("mia", "max", { name: "Мария Иванова", email: "mia@acme.example" }),
  person("emo", "max", { name: "🚀 Rocket", email: "rocket@acme.example" }),
  person("left", "max", { name: "Anna Gone", state: "left" }),
  person("away", "max", { name: "Anna Away", state: "leave" }),
  person("soon", "max", { name: "Anna Soon", state: "future" }),
];

describeWithDatabase("searching people", () => {
  let it: Company;
  beforeAll(async () => {
    it = await company({ people: [...PEOPLE, ...MORE] });
  });
  afterAll(() => it.close());
  const names = async (typed: string, limit = 100) => (await findPeople(it.world.db, "rita", typed, limit)).map(({ name }) => name);

  test.each([
    ["anna", ["Anna Müller-Lüdenscheidt", "Zoë Anna Lind"]],
    ["ANNA l", ["Zoë Anna Lind", "Anna Müller-Lüdenscheidt"].sort()],
    ["muller", ["Anna Müller-Lüdenscheidt"]],
    ["MÜLL", ["Anna Müller-Lüdenscheidt"]],
    ["lüden", ["Anna Müller-Lüdenscheidt"]],
    ["zoe", ["Zoë Anna Lind"]],
    ["a.mueller@acme.example", ["Anna Müller-Lüdenscheidt"]],
    ["zlind@", ["Zoë Anna Lind"]],
    ["o'hara", ["Bob O'Hara"]],
    ["hara bob", ["Bob O'Hara"]],
    ["customer succ", ["Zoë Anna Lind"]],
    ["мария", ["Мария Иванова"]],
    ["rock", ["🚀 Rocket"]],
    ["gone", []],
    ["away", []],
    ["soon", []],
    ["%", []],
    ["_", []],
    ["\\", []],
    ["anna & bob", []],
    ["' or 1=1 --", []],
    ["!anna | bob:*", []],
    ["nna", []],
  ])("active people are found by the beginnings of words in name, e-mail and department: %j", async (typed, found) => {
    expect((await names(typed)).sort()).toEqual([...found].sort());
  });

  test("whole names and names that begin so come first", async () => {
    expect((await names("anna"))[0]).toBe("Anna Müller-Lüdenscheidt");
    expect((await names("it")).slice(0, 2)).toEqual(["Ines", "Lena"]);
    expect(await names("sales", 3)).toHaveLength(3);
    // What stands in everybody's address finds nobody.
    expect(await names("acme")).toEqual([]);
  });

  test("nothing typed yet: oneself, then those near", async () => {
    const [first, ...rest] = await names("");
    expect(first).toBe("Rita");
    expect(rest).toContain("Max");
    expect(rest).toContain("Bob O'Hara");
    expect(rest).not.toContain("Tom");
    expect(rest).not.toContain("Anna Gone");
  });

  test("any input is answered with active people", async () => {
    const active = new Set((await it.connection.sql`select name from person where state = 'active'`).map(({ name }) => name));
    await fc.assert(
      fc.asyncProperty(
        fc.oneof(
          fc.string({ minLength: 1, maxLength: 64, unit: anyCharacter }),
          fc.string({
            minLength: 1,
            maxLength: 12,
            unit: fc.constantFrom("a", "n", "'", "\\", ":", "*", "&", "|", "!", "(", ")", "<", "-", " ", "\0", "\ud800", "🚀", "\u0308"),
          }),
          fc.uint16Array({ minLength: 1, maxLength: 64 }).map((units) => String.fromCharCode(...units)),
        ),
        async (typed) => {
          for (const name of await names(typed)) expect(active).toContain(name);
        },
      ),
      { numRuns: rounds(60, 600), seed: 20261121 },
    );
  });

  test("among many people the index answers, not a look at everybody", async () => {
    const admin = postgres(it.database.adminUrl, { max: 1 });
    try {
      await admin`insert into person (id, email, name, department, title, location, time_zone, state)
        select 'many' || n, 'many' || n || '@acme.example', 'Given' || n || ' Family' || n % 900, 'Crowd', '', '', 'Europe/Berlin', 'active'
        from generate_series(1, 20000) n`;
      await admin`analyze person`;
      expect((await names("family17 given17", 5))[0]).toBe("Given17 Family17");
      // A word that everybody has is ranked among some of them, not all.
      expect(await names("crowd", 100)).toHaveLength(100);
    } finally {
      await admin.end();
    }
  });
});
