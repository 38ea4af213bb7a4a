import { expect, test } from "vitest";
import { broken, CSV, faultsOf, read, YAML } from "./small.ts";

const UUID_SHAPE = "it looks like 00000000-0000-0000-0000-000000000000";

/** What is replaced, by what (the mark stands where the fault is expected), and the sentence. */
const FAULTS: readonly [string, string, string][] = [
  // Heading
  ["id,email,name", "id,▸e-mail,name", 'unknown column "e-mail": did you mean "email"?'],
  ["department,", "▸departement,", 'unknown column "departement": did you mean "department"?'],
  ["cost_center", "▸Cost Center", '"Cost Center" can\'t name a column: use small letters, digits and _, such as "cost_center"'],
  ["cost_center", "▸name", 'column "name" stands here twice: keep one'],
  ["id,email,name,manager_id", "▸id,email,name", "missing column manager_id: add it to the first line"],
  ["id,email,name,manager_id", "▸id;email;name;manager_id;x\n", "the columns aren't separated by commas: save the file as CSV with commas"],
  // Rows
  [
    "E2,bo@",
    "▸E2,extra,bo@",
    "this row has 16 cells where the heading has 15: look for a missing comma, or put a cell with a comma in quotes",
  ],
  [
    "E2,bo@acme.example,",
    "▸E2,",
    "this row has 14 cells where the heading has 15: look for a missing comma, or put a cell with a comma in quotes",
  ],
  ["E4,", "▸,", "id is empty: everybody needs one"],
  ["E4,", "▸E3,", 'id "E3" is already that of line 4: give each person their own'],
  ["di@acme.example", "▸BO@acme.example", 'email "bo@acme.example" is already that of line 3: give each person their own'],
  ["di@acme.example", "▸di at acme", '"di at acme" is no e-mail address: write one such as ines@acme.example'],
  ["di@acme.example", "▸", "email is empty: everybody needs one"],
  ["Di,E1", "Di,▸E99", 'unknown manager "E99": nobody has this id in people.csv; add the person, or leave the cell empty'],
  ["Di,E1", "Di,▸Bo@acme.example", '"Bo@acme.example" is an e-mail address: write the id "E2"'],
  ["Ana,,", "Ana,▸E2,", "managers run in a circle (Ana > Bo > Ana): correct one manager_id"],
  [
    "New York,America/New_York,,,active,berlin",
    "New York,▸America/New_Yrk,,,active,berlin",
    'unknown time zone "America/New_Yrk": did you mean "America/New_York"?',
  ],
  [
    "New York,America/New_York,,,active,berlin",
    "New York,▸america/new_york,,,active,berlin",
    'unknown time zone "america/new_york": did you mean "America/New_York"?',
  ],
  ["New York,America/New_York,,,active,berlin", "New York,▸,,,active,berlin", "time_zone is empty: everybody needs one"],
  ["2020-01-01", "▸2021-02-29", "there is no 2021-02-29 in the calendar: write a real date"],
  ["2020-01-01", "▸1.1.2020", '"1.1.2020" is no date: write year-month-day, such as 2026-12-25'],
  ["2020-01-01,,", "2020-01-01,▸2019-12-31,", "this person ends before they start: correct start_date or end_date"],
  ["Europe/Berlin,,,active,,,,C2", "Europe/Berlin,,,▸actve,,,,C2", 'unknown state "actve": did you mean "active"?'],
  ["Europe/Berlin,,,active,,,,C2", "Europe/Berlin,,,▸,,,,C2", "state is empty: everybody needs one"],
  ["Europe/Berlin,,,active,,,,C2", "Europe/Berlin,,,active,▸belrin,,,C2", 'unknown calendar "belrin": did you mean "berlin"?'],
  [
    "Europe/Berlin,,,active,,,,C2",
    "Europe/Berlin,,,active,,▸bo,,C2",
    '"bo" is no Slack user id: write it as in U012AB3CD, or with its workspace T0ACME/U012AB3CD',
  ],
  ["Europe/Berlin,,,active,,,,C2", "Europe/Berlin,,,active,,▸T0ACNE/U0BO,,C2", 'unknown Slack workspace "T0ACNE": did you mean "T0ACME"?'],
  ["Europe/Berlin,,,active,,,,C2", "Europe/Berlin,,,active,,,▸bo,C2", `"bo" is no Entra object id: ${UUID_SHAPE}`],
  [
    "Berlin,Europe/Berlin,,,active,,,,C2\nE3,cy@acme.example",
    "Berlin,Europe/Berlin,,,active,,U0X,,C2\nE3,cy@acme.example,Cy,E1,S,S,N,UTC,,,active,,▸T0ACME/U0X,,C\nE5,cz@acme.example",
    'slack_user_id "T0ACME/U0X" is already that of line 3: give each person their own',
  ],
  ["Administrator", `▸${"x".repeat(301)}`, "this cell is longer than 300 characters: shorten it"],
  // Quotes
  [
    "Administrator",
    '▸Admin "the" strator',
    'a quote stands inside of this cell: put the whole cell in quotes and double those inside, as in "Ana ""Ace"" Lopez"',
  ],
  [
    "Administrator",
    '▸"Admin" istrator',
    'after the closing quote of this cell something follows: double quotes inside of a cell, as in "Ana ""Ace"" Lopez"',
  ],
  ["Administrator", '▸"Administrator', 'the quote that opens here is never closed: add a " at the end of the cell'],
];

test.each(FAULTS)("instead of %j: %j is named at its place", (find, put, message) => {
  const { text, place } = broken(CSV, find, put);
  expect(faultsOf(YAML, text).filter(({ file }) => file === "people.csv")).toEqual([{ file: "people.csv", ...place, message }]);
});

test("the place is right after and inside of cells that run over several lines", () => {
  const { text, place } = broken(
    CSV,
    "Bo,E1,IT,Administrator,Berlin,Europe/Berlin",
    '"Bo\nthe ""second"", third",E1,"IT\n\n",A,Berlin,▸Europe/Berlim',
  );
  expect(place).toEqual({ line: 6, column: 12 });
  expect(faultsOf(YAML, text)).toMatchObject([place]);
  expect(faultsOf(YAML, broken(CSV, "Di,E1", '"D\ni",E1').text.replace("E4,di@", "E4,x")).map(({ line }) => line)).toEqual([5]);
});

test("the circle of managers is named once, at whoever stands first in the file", () => {
  const csv = CSV.replace("Ana,,", "Ana,E4,").replace("Bo,E1", "Bo,E2").replace("Cy,E1", "Cy,E1").replace("Di,E1", "Di,E3");
  const message = "managers run in a circle (Ana > Di > Cy > Ana): correct one manager_id";
  expect(faultsOf(YAML, csv)).toEqual([{ file: "people.csv", line: 2, column: 25, message }]);
});

test("oneself as manager, and a manager who has left, are noted and no fault", () => {
  const csv = CSV.replace("Ana,,", "Ana,E1,").replace("Cy,E1", "Cy,E2").replace("Berlin,,,active,,,,C2", "Berlin,,,left,,,,C2");
  const found = read(YAML, csv);
  expect(found.ok && found.notes.filter(({ file }) => file === "people.csv")).toEqual([
    {
      file: "people.csv",
      line: 2,
      column: 25,
      message: "Ana is their own manager and won't decide about themselves: leave the cell empty",
    },
    { file: "people.csv", line: 4, column: 23, message: "Bo, the manager of Cy, has left: name the new manager" },
  ]);
});

test("people come with all that the file says, e-mail addresses in small letters, further columns as attributes", () => {
  const csv = CSV.replace("bo@acme.example", "Bo@Acme.Example").replace(
    "Europe/Berlin,,,active,,,,C2",
    "UTC,2026-01-01,,leave,,,0A000000-0000-0000-0000-00000000000f,C2",
  );
  const found = read(YAML, csv.replaceAll("\n", "\r\n"));
  expect(found.ok && found.people[1]).toEqual({
    person: {
      ...{ id: "E2", email: "bo@acme.example", name: "Bo", managerId: "E1", department: "IT", title: "Administrator", location: "Berlin" },
      ...{ timeZone: "UTC", state: "leave", calendar: null, startDate: "2026-01-01", endDate: null, attributes: { cost_center: "C2" } },
    },
    slack: null,
    teamsObjectId: "0a000000-0000-0000-0000-00000000000f",
  });
});

test("IDH-1 a Slack user id alone is enough while one workspace is listed, and names its workspace when there are more", () => {
  const one = CSV.replace("active,,,,C2", "active,,U0BO,,C2");
  const found = read(YAML, one);
  expect(found.ok && found.people[1]?.slack).toEqual({ teamId: "T0ACME", userId: "U0BO" });

  const two = YAML.replace("trust_email: true }]", "trust_email: true }, { team_id: T0SUB }]");
  const message = 'several workspaces are listed: write which, such as "T0ACME/U0BO"';
  expect(faultsOf(two, one)).toMatchObject([{ file: "people.csv", line: 3, message }]);
  const both = read(two, CSV.replace("active,,,,C2", "active,,T0SUB/U0BO,,C2"));
  expect(both.ok && both.people[1]?.slack).toEqual({ teamId: "T0SUB", userId: "U0BO" });

  const none = YAML.replace(/^chat:.*$/m, "");
  expect(faultsOf(none, one)).toMatchObject([
    { message: "no Slack workspace stands under chat in latchkey.yaml: add it there, or leave this cell empty" },
  ]);
});

test("the order of columns is free, and what may be left out may", () => {
  const csv =
    "state,name,id,email,time_zone,location,title,department,manager_id\nactive,Ana,E1,ana@acme.example,UTC,,,Sales,\nactive,Bo,E2,bo@acme.example,UTC,,,,E1\nactive,Cy,E3,cy@acme.example,UTC,,,,E1\n";
  const found = read(YAML, csv);
  expect(found.ok && found.people.map(({ person }) => [person.id, person.managerId, person.calendar])).toEqual([
    ["E1", null, null],
    ["E2", "E1", null],
    ["E3", "E1", null],
  ]);
});

test("a file without a line, and one without people, say what to write", () => {
  expect(faultsOf(YAML, "")).toMatchObject([
    { line: 1, column: 1, message: expect.stringContaining("start with the columns id,email,name") },
  ]);
  expect(faultsOf(YAML, CSV.split("\n")[0]!)).toMatchObject([
    { message: "nobody stands below the heading: write one line for each person" },
  ]);
});

test("a manager without a row of their own is said once, and nobody else's id is offered for it", () => {
  const without = CSV.split("\n")
    .filter((line) => !line.startsWith("E1,"))
    .join("\n");
  const yaml = YAML.replace("ana@acme.example, E2", "E2")
    .replace("business_owner: ana@acme.example", "business_owner: E2")
    .replace("needed: 2", "needed: 1");
  const message =
    'unknown manager "E1": nobody has this id in people.csv; add the person, or leave the cell empty (the same in lines 3, 4)';
  expect(faultsOf(yaml, without)).toMatchObject([{ file: "people.csv", line: 2, message }]);
});

test("a file with a fault in every line names the first thousand and counts the rest", () => {
  const lines = Array.from({ length: 1500 }, (_, index) => `X${index},x${index}@acme.example,X,E1,Sales,T,L,UTC,,,st${index}te,,,,`);
  const faults = faultsOf(YAML, CSV + lines.join("\n"));
  expect(faults).toHaveLength(1001);
  expect(faults.at(-1)).toMatchObject({ line: 1006, message: "and 500 more faults from here on: mend those above first" });
});

test.each([
  ["one letter left out", "x7@acme.exmple"],
  ["one too many", "x7@acmee.example"],
  ["another one", "x7@acne.example"],
  ["two swapped", "x7@acme.exapmle"],
])("among thousands of people, too, a slip is answered with who was meant: %s", (_, written) => {
  const lines = Array.from({ length: 1500 }, (_, index) => `X${index},x${index}@acme.example,X,E1,Sales,T,L,UTC,,,active,,,,`);
  const yaml = YAML.replace("technical_owner: E2", `technical_owner: ${written}`);
  const message = `unknown person "${written}": did you mean "x7@acme.example"?`;
  expect(faultsOf(yaml, CSV + lines.join("\n"))).toEqual([{ file: "latchkey.yaml", line: 19, column: 22, message }]);
});
