import { describe, expect, test } from "vitest";
import { printFault } from "../../src/configuration/fault.ts";
import { broken, CSV, faultsOf, read, YAML } from "./small.ts";

test("the folder that these tests break has no fault and nothing to note", () => {
  expect(read(YAML, CSV)).toMatchObject({ ok: true, notes: [] });
});

const LENGTHS = '"4 hours", "14 days", "8 working hours" or "1 working day"';
const KEYS = "id, name, description, policy, risk, account_type, max_duration or instructions";

/** What is replaced, by what (the mark stands where the fault is expected), and the sentence. */
const FAULTS: readonly [string, string, string][] = [
  // Keys
  ["administrators:", "▸administartors:", 'unknown key "administartors": did you mean "administrators"?'],
  ["    policy: standard\n", "    policy: standard\n    ▸polcy: standard\n", 'unknown key "polcy": did you mean "policy"?'],
  ["risk: high", "▸colour: red", `unknown key "colour": write ${KEYS}`],
  [
    "    name: CRM\n",
    "    name: CRM\n    ▸<<: { risk: low }\n",
    "merge keys (<<) aren't read here: write the keys out, or repeat a whole value with an alias",
  ],
  ["  - id: crm\n    name: CRM\n", "  - ▸id: crm\n", '"name" is missing: write the application\'s name'],
  [
    "    business_owner: ana@acme.example\n    technical_owner: E2\n    f",
    "    business_owner: ▸\n    technical_owner: E2\n    f",
    '"business_owner" is empty: write a person\'s e-mail address or HR id',
  ],
  [
    "  - id: crm\n    name: CRM\n    kind: disconnected\n    business_owner: ana@acme.example\n    technical_owner: E2",
    "  - ▸id: crm\n    name: CRM\n    business_owner: ana@acme.example",
    '"technical_owner" is missing: write a person\'s e-mail address or HR id',
  ],
  // Kinds of values
  ["name: CRM", "name: ▸365", '"name" must be a text: put it in quotes, "365"'],
  ["name: CRM", "name: ▸[CRM]", '"name" must be a text, not a list: write the application\'s name'],
  ["name: CRM", `name: ▸${"x".repeat(151)}`, "this has 151 characters: write at most 150"],
  ["name: CRM", 'name: ▸"C\\nRM"', "write the application's name on one line"],
  ["name: CRM", 'name: ▸"CRM \\u202egnp"', "a character that can't be seen (U+202E) stands in this text: remove it"],
  ["name: CRM", 'name: ▸" "', "this is empty: write the application's name"],
  ["required: true", "required: ▸yes", '"required" must be true or false (must it be answered?), not "yes"'],
  ["needed: 2", 'needed: ▸"2"', '"needed" must be a whole number from 1 to 100 (how many of them have to approve), not "2"'],
  ["needed: 2", "needed: ▸1.5", '"needed" must be a whole number from 1 to 100 (how many of them have to approve), not 1.5'],
  [
    "members: [ana@acme.example, E2, cy@acme.example]",
    "members: ▸ana@acme.example",
    '"members" must be a list of people, not "ana@acme.example"',
  ],
  [
    "members: [ana@acme.example, E2, cy@acme.example]",
    "members: [ana@acme.example, E2, cy@acme.example, ▸{ a: b }]",
    'entry 4 must be a text, not keys with values: write a person\'s e-mail address or HR id (a text with ": " or {{ }} in it needs quotes)',
  ],
  // Ids
  [
    "  - id: crm\n",
    "  - id: ▸Privileged Access\n",
    '"Privileged Access" is no id: ids are 1 to 64 of a-z, 0-9, - and _, the first a letter or digit; for example "privileged-access"',
  ],
  [
    "  - id: standard\n",
    "  - { id: standard, stages: [{ steps: [{ approvers: manager }] }] }\n  - id: ▸standard\n",
    '"standard" stands here a second time: give each its own id',
  ],
  [
    "      - { id: admin,",
    "      - { id: admin, name: One }\n      - { id: ▸admin,",
    '"admin" stands here a second time: give each its own id',
  ],
  [
    "      - { id: region, label: Region, type: choice, options: [EMEA, AMER], required: true }",
    "      - { id: region, label: Region, type: text }\n      - { id: ▸region, label: R, type: text }",
    '"region" stands here a second time: give each its own id',
  ],
  [
    "chat: { slack: [{ team_id: T0ACME, trust_email: true }]",
    "chat: { slack: [{ team_id: T0ACME }, { team_id: ▸T0ACME }]",
    '"T0ACME" stands here a second time: give each its own team_id',
  ],
  // References
  ["fulfillers: { group: desk }", "fulfillers: ▸desk", '"desk" is a group: write { group: desk }'],
  ["fulfillers: { group: desk }", "fulfillers: ▸dsek", 'unknown person "dsek"; "desk" is a group: write { group: desk }'],
  ["administrators: { group: desk }", "administrators: ▸desk", '"desk" is a group: write { group: desk }'],
  [
    "business_owner: ana@acme.example",
    "business_owner: ▸desk",
    '"desk" is a group, and one person is wanted here: write an e-mail address or HR id',
  ],
  ["approvers: { group: desk }, needed: 2", "approvers: ▸desk", '"desk" is a group: write { group: desk }'],
  [
    "approvers: { group: desk }, needed: 2",
    "approvers: ▸ana@acme.example",
    '"ana@acme.example" can\'t decide alone: put them into a group, and write { group: <id> }',
  ],
  ["approvers: { group: desk }, needed: 2", "approvers: ▸manger", 'unknown approver "manger": did you mean "manager"?'],
  ["  - id: standard\n", "  - id: standard\n    escalate: { after: 1 day, to: [▸desk] }\n", '"desk" is a group: write { group: desk }'],
  ["technical_owner: E2", "technical_owner: ▸cyd@acme.example", 'unknown person "cyd@acme.example": did you mean "cy@acme.example"?'],
  [
    "technical_owner: E2",
    "technical_owner: ▸eve@acme.example",
    'unknown person "eve@acme.example": nobody in people.csv has this e-mail address or HR id',
  ],
  ["technical_owner: E2", "technical_owner: ▸e-02", 'unknown person "e-02": did you mean "E2"?'],
  ["administrators: { group: desk }", "administrators: { group: ▸dsek }", 'unknown group "dsek": did you mean "desk"?'],
  [
    "administrators: { group: desk }",
    "administrators: ▸bo@acme.exmaple",
    'unknown person "bo@acme.exmaple": did you mean "bo@acme.example"?',
  ],
  [
    "administrators: { group: desk }",
    "administrators: ▸[desk]",
    '"administrators" must be a person (e-mail address or HR id) or { group: <id> }, not a list',
  ],
  [
    "administrators: { group: desk }",
    "administrators: ▸nobody@nowhere.example",
    'unknown person "nobody@nowhere.example": nobody in people.csv has this e-mail address or HR id',
  ],
  ["technical_owner: E2", "technical_owner: ▸E22", 'unknown person "E22": nobody in people.csv has this e-mail address or HR id'],
  [
    "[ana@acme.example, E2, cy",
    "[ana@acme.example, ▸E99, cy",
    'unknown person "E99": nobody in people.csv has this e-mail address or HR id',
  ],
  ["    policy: standard", "    policy: ▸standart", 'unknown policy "standart": did you mean "standard"?'],
  ["policy: privileged", "policy: ▸privilegd", 'unknown policy "privilegd": did you mean "privileged"?'],
  ["slack_channel: it-desk", "calendar: ▸berln", 'unknown calendar "berln": did you mean "berlin"?'],
  ["approvers: manager", "approvers: ▸manger", 'unknown approver "manger": did you mean "manager"?'],
  ["approvers: manager", "approvers: ▸[manager]", '"approvers" must be manager or { group: <id> }, not a list'],
  ["approvers: { group: desk }, needed: 2", "approvers: { group: ▸dask }", 'unknown group "dask": did you mean "desk"?'],
  ["{ department: [Sales] }", "{ ▸departmnt: [Sales] }", 'unknown attribute "departmnt": did you mean "department"?'],
  [
    "{ department: [Sales] }",
    "{ cost_center: [C1], ▸floor: [1] }",
    'unknown attribute "floor": write department, title, location, time_zone, id, email, name or cost_center',
  ],
  // Votes
  ["approvers: manager", "approvers: manager, needed: ▸2", "a manager is one person: leave needed out, or name a group"],
  [
    "needed: 2",
    "needed: ▸4",
    'group "desk" has only 3 members: write at most 2, because a member who asks, or is asked for, never decides; or add members',
  ],
  // Lengths of time
  ["30 days", "▸3 fortnights", '"3 fortnights" is no length of time: write "30 days"'],
  ["30 days", "▸30d", '"30d" is no length of time: write "30 days"'],
  ["30 days", "▸30", '"max_duration" must be a length of time in days, such as 30 days, not 30'],
  ["30 days", "▸5 working days", "access is limited in plain days, not in working time: write, for example, 30 days"],
  ["30 days", "▸36 hours", "access is limited in whole days: write, for example, 1 day"],
  ["8 working hours", "▸soon", `"soon" is no length of time: write ${LENGTHS}`],
  ["fulfil_within: 8 working hours", "▸fulfil_withn: 1 day", 'unknown key "fulfil_withn": did you mean "fulfil_within"?'],
  ["8 working hours", "1 day, visible: ▸always", 'unknown moment "always": write at_approval or before_start'],
  // Calendars
  ["time_zone: Europe/Berlin", "time_zone: ▸Europe/Berlim", 'unknown time zone "Europe/Berlim": did you mean "Europe/Berlin"?'],
  ["time_zone: Europe/Berlin", "time_zone: ▸new york", 'unknown time zone "new york": did you mean "America/New_York"?'],
  ["time_zone: Europe/Berlin", "time_zone: ▸CEST", 'unknown time zone "CEST": write an IANA name, such as Europe/Berlin'],
  [
    '"Mon-Fri 09:00-17:30"',
    '"Mon-Fri 09:00-17:30, ▸Sat 9-14"',
    '"Sat 9-14" are no hours: write them as in "Mon-Fri 09:00-17:30, Sat 10:00-14:00"',
  ],
  [
    '"Mon-Fri 09:00-17:30"',
    '"▸Mon-Fri 17:30-09:00"',
    '"Mon-Fri 17:30-09:00" ends before it starts: for a night write two, such as "Mon 22:00-24:00, Tue 00:00-06:00"',
  ],
  ["2026-12-25", "2026-12-25, ▸2026-02-30", "there is no 2026-02-30 in the calendar: write a real date"],
  ["2026-12-25", "▸25.12.2026", '"25.12.2026" is no date: write year-month-day, such as 2026-12-25'],
  // Chat
  ["T0ACME", "▸acme", '"acme" is no Slack team id: it starts with T (or E for a grid), such as T0ACME'],
  [
    "slack: [{ team_id: T0ACME, trust_email: true }]",
    "teams: [{ tenant_id: ▸acme }]",
    '"acme" is no Entra tenant id: it looks like 00000000-0000-0000-0000-000000000000',
  ],
  [
    "slack_channel: it-desk",
    'slack_channel: ▸"#it desk"',
    '"#it desk" is no Slack channel: write its name in small letters without # ("it-desk"), or its id',
  ],
  ["slack_channel: it-desk", "notify: ▸chanel", 'unknown place for cards "chanel": did you mean "channel"?'],
  // Forms
  ["kind: disconnected", "kind: ▸disconected", 'unknown kind "disconected": did you mean "disconnected"?'],
  ["type: choice", "type: ▸chioce", 'unknown type of field "chioce": did you mean "choice"?'],
  ["type: choice, options: [EMEA, AMER]", "type: ▸choices", "a field of type choices needs options, such as options: [EMEA, AMER]"],
  ["options: [EMEA, AMER]", "options: ▸[]", "this list is empty: add options to choose from, at least one"],
  [
    "type: choice, options: [EMEA, AMER]",
    "type: date, ▸options: [EMEA, AMER]",
    "a field of type date has no options: remove them, or write type: choice",
  ],
  ["options: [EMEA, AMER]", "options: [EMEA, AMER, ▸EMEA]", 'option "EMEA" stands here twice: keep one'],
  ["options: [EMEA, AMER]", `options: [EMEA, ▸${"x".repeat(76)}]`, "this has 76 characters: write at most 75"],
  ["options: [EMEA, AMER]", "options: [EMEA, ▸2]", 'entry 2 must be a text: put it in quotes, "2"'],
  [
    "options: [EMEA, AMER]",
    `options: ▸[${Array.from({ length: 101 }, (_, index) => `o${index}`)}]`,
    "at most 100 of options to choose from can stand here",
  ],
  ["required: true", "▸max_length: 5", "a field of type choice has no max_length: remove it"],
  // Templates
  ["{{ person.email }}", "{{ ▸person.emial }}", 'unknown variable "person.emial": did you mean "person.email"?'],
  [
    'login: "{{ person.email }}"',
    "login: |\n        {{ person.email }}\n        {{ ▸person.flor }}",
    `unknown variable "person.flor": person has id, email, name, manager_id, department, title, location, time_zone, start_date, end_date, state, calendar or cost_center`,
  ],
  ["{{ form.region }}", "{{ form.region }} and {{ ▸form.regoin }}", 'unknown variable "form.regoin": did you mean "form.region"?'],
  [
    "{{ form.region }}",
    "{{ person.cost_center }}{{ ▸user.name }}",
    'unknown variable "user": write person, form, application, entitlement or request',
  ],
  ["{{ form.region }}", "{{ ▸form }}", '"form" alone says nothing: write "form.region" or another of its values'],
  ["{{ form.region }}", "{{ ▸form.region.name }}", '"form.region.name" can\'t be read: write form. and one name, such as "form.region"'],
  ["{{ form.region }}", "{{ form.region | ▸upcas }}", 'unknown filter "upcas": did you mean "upcase"?'],
  [
    "{{ form.region }}",
    "{% ▸for x in form.region %}{% endfor %}",
    'unknown tag "for": write if, unless, case, assign, comment, raw, echo or #',
  ],
  [
    "{{ form.region }}",
    "x ▸{{ form.region }",
    'this template can\'t be read: output "{{ form.region }" not closed; write it as in "{{ person.email }}"',
  ],
  [
    '"{{ form.region }}"',
    "▸{{ form.region }}",
    '"Region" must be a text, not keys with values: write a text in quotes, such as "{{ person.email }}" (a text with ": " or {{ }} in it needs quotes)',
  ],
  ['{ Region: "{{ form.region }}" }', `{ ▸${"R".repeat(76)}: x }`, "this has 76 characters: write at most 75"],
  // Parts that are not built yet
  [
    "    stages:\n      - steps: [{ approvers: manager }]",
    "    remind: { after: ▸daily }\n    stages: [{ steps: [{ approvers: manager }] }]",
    `"daily" is no length of time: write ${LENGTHS}`,
  ],
  [
    "    stages:\n      - steps: [{ approvers: manager }]",
    "    escalate: { after: 3 days, to: [▸manager_of_aprover] }\n    stages: [{ steps: [{ approvers: manager }] }]",
    'unknown rung "manager_of_aprover": did you mean "manager_of_approver"?',
  ],
  [
    "slack_channel: it-desk",
    "rota: { every: 1 week, ▸strat: 2026-01-05, start: 2026-01-05 }",
    'unknown key "strat": did you mean "start"?',
  ],
  [
    "applications:\n",
    "access_profiles: [{ id: p, name: P, items: [{ application: ▸crn }] }]\napplications:\n",
    'unknown application "crn": did you mean "crm"?',
  ],
  [
    "applications:\n",
    "access_profiles: [{ id: p, name: P, items: [{ application: crm, entitlements: [▸admn] }] }]\napplications:\n",
    'unknown entitlement "admn": did you mean "admin"?',
  ],
  [
    "applications:\n",
    "roles: [{ id: r, name: R, when: { department: Sales }, profiles: [▸starter] }]\napplications:\n",
    'unknown access profile "starter": add it to access_profiles',
  ],
  [
    "applications:\n",
    "segregation: [{ id: s, name: S, left: [{ application: crm }], ▸rigth: [] , right: [{ application: crm }] }]\napplications:\n",
    'unknown key "rigth": did you mean "right"?',
  ],
];

test.each(FAULTS)("instead of %j: %j is named at its place", (find, put, message) => {
  const { text, place } = broken(YAML, find, put);
  expect(faultsOf(text, CSV)).toEqual([{ file: "latchkey.yaml", ...place, message }]);
});

test("a fault is printed as editors and compilers do", () => {
  const fault = { file: "latchkey.yaml", line: 23, column: 15, message: 'unknown group "crm-aprovers": did you mean "crm-approvers"?' };
  expect(printFault(fault)).toBe('latchkey.yaml:23:15: unknown group "crm-aprovers": did you mean "crm-approvers"?');
});

test("all faults of both files are named at once, in order", () => {
  const yaml = YAML.replace("T0ACME", "acme")
    .replace("name: CRM", "name: 7")
    .replace("technical_owner: E2", "technical_owner: E77")
    .replace("type: choice", "type: chioce")
    .replace("30 days", "30");
  const csv = CSV.replace("E2,bo@", "E3,bo@").replace("America/New_York,,,active,berlin", "America/New_Yrk,,,activ,berlin");
  const places = faultsOf(yaml, csv).map(({ file, line, column }) => [file, line, column]);
  expect(places).toEqual([
    ["latchkey.yaml", 1, 28],
    ["latchkey.yaml", 6, 45],
    ["latchkey.yaml", 16, 11],
    ["latchkey.yaml", 19, 22],
    ["latchkey.yaml", 25, 44],
    ["latchkey.yaml", 31, 89],
    ["people.csv", 4, 1],
    ["people.csv", 4, 48],
    ["people.csv", 4, 66],
  ]);
});

test("working time needs a calendar to be counted in", () => {
  const yaml = YAML.replace(/calendars:\n.*\n/, "");
  const csv = CSV.replaceAll("active,berlin", "active,");
  const message = "working time is counted in a calendar: list one under calendars, or write plain hours or days";
  expect(faultsOf(yaml, csv)).toEqual([{ file: "latchkey.yaml", line: 21, column: 37, message }]);
});

test("people aren't looked up while people.csv can't be read, so that one fault doesn't become many", () => {
  expect(faultsOf(YAML, "")).toHaveLength(1);
  expect(faultsOf(YAML.replace("fulfillers:", "fulfilers:"), "")).toMatchObject([
    { file: "latchkey.yaml", message: 'unknown key "fulfilers": did you mean "fulfillers"?' },
    { file: "people.csv" },
  ]);
});

describe("one cause is one fault:", () => {
  const only = (yaml: string, csv = CSV) =>
    faultsOf(yaml, csv).map(({ file, line, column, message }) => `${file}:${line}:${column}: ${message}`);
  const tab = "a tab indents this line: YAML wants spaces, write two for each level";

  test.each([
    ["in a list", "  - id: privileged", "\t- id: privileged"],
    ["before a key", "    name: CRM", "\tname: CRM"],
    ["behind spaces", "    name: CRM", "    \tname: CRM"],
  ])("a tab %s", (_, find, put) => {
    const { place } = broken(YAML, find, `▸${put}`);
    expect(faultsOf(YAML.replace(find, put), CSV)).toMatchObject([{ line: place.line, message: tab }]);
  });

  test("tabs all over the file are said once, with their lines", () => {
    const tabs = YAML.replace(/^( {2})+/gm, (spaces) => "\t".repeat(spaces.length / 2));
    expect(only(tabs)).toEqual([`latchkey.yaml:4:1: ${tab} (the same in lines 6, 8, 9, 10, 11, 12, 13, 15, 16, 17, 18, 19 and 12 more)`]);
  });

  test("a line indented too little", () => {
    expect(only(YAML.replace("    name: CRM", "   name: CRM"))).toEqual([
      "latchkey.yaml:16:1: this line is indented like the list above it and begins no entry: line it up with the keys of the entry",
    ]);
  });

  test.each([
    ["groups", "grops", 5],
    ["policies", "polices", 7],
    ["calendars", "calender", 3],
    ["applications", "applicatons", 14],
  ])("the section %s written %s, whatever refers into it", (right, wrong, line) => {
    expect(only(YAML.replace(`\n${right}:`, `\n${wrong}:`))).toEqual([
      `latchkey.yaml:${line}:1: unknown key "${wrong}": did you mean "${right}"?`,
    ]);
  });

  test("a section that is missing, or no list", () => {
    expect(only(YAML.replace(/policies:\n[\s\S]*?applications:/, "applications:"))).toEqual([
      'latchkey.yaml:1:1: "policies" is missing: write a list of policies',
    ]);
    expect(only(YAML.replace(/groups:\n.*\n/, "groups: { desk: [E1] }\n"))).toEqual([
      'latchkey.yaml:5:9: "groups" must be a list of groups, not keys with values',
    ]);
  });

  test("an id that many refer to is said at the first of them, with the lines of the others", () => {
    const again = ["erp", "hr"].map(
      (id) => `  - { id: ${id}, name: A, business_owner: E1, technical_owner: E1, fulfillers: E1, policy: standard }\n`,
    );
    expect(only(`${YAML}${again.join("")}`.replace("id: standard", "id: standrad"))).toEqual([
      'latchkey.yaml:21:13: unknown policy "standard": did you mean "standrad"? (the same in lines 32, 33)',
    ]);
  });
});

test("a reference to something that has a fault of its own is no second fault", () => {
  const { text, place } = broken(YAML, "slack_channel: it-desk", "slack_channel: ▸'#'");
  expect(faultsOf(text, CSV)).toMatchObject([place]);
});

describe("a form that is more than Slack can carry", () => {
  const field = "      - { id: region, label: Region, type: choice, options: [EMEA, AMER], required: true }\n";
  const more = (count: number, rest: string) =>
    YAML.replace(field, field + Array.from({ length: count }, (_, index) => `      - { id: q${index}, label: Q, ${rest} }\n`).join(""));

  test("THREAT-17 has too many questions, or texts that could never be sent together, and is told what to do", () => {
    expect(faultsOf(more(200, "type: date"), CSV)).toMatchObject([{ message: "at most 200 of form fields can stand here" }]);
    const message =
      "the texts of this form may hold 63000 characters together, and Slack sends at most 60000 of them: write a max_length at each";
    expect(faultsOf(more(21, "type: long_text"), CSV)).toMatchObject([{ message }]);
  });

  test("is none of both at the very edge", () => {
    expect(faultsOf(more(199, "type: text, max_length: 300"), CSV)).toEqual([]);
    expect(faultsOf(more(20, "type: long_text"), CSV)).toEqual([]);
  });
});
