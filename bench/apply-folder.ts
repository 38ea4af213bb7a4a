/** A configuration folder of any size, as a company would write it: what `apply` and `type-ahead` read. */
import { mkdir, writeFile } from "node:fs/promises";
import path from "node:path";

export interface Size {
  readonly people: number;
  readonly applications: number;
  /** Of each application. */
  readonly entitlements: number;
}

const CITIES = [
  ["Berlin", "Europe/Berlin", "berlin"],
  ["New York", "America/New_York", "new-york"],
  ["Singapore", "Asia/Singapore", ""],
] as const;
const DEPARTMENTS = ["Sales", "Support", "Finance", "Engineering", "Operations", "Legal", "Marketing", "People"];
const GIVEN = [
  "Anna",
  "Björn",
  "Chiara",
  "Dmitri",
  "Elif",
  "Farid",
  "Grace",
  "Hiro",
  "Inés",
  "Jonas",
  "Kateryna",
  "Łukasz",
  "Maria",
  "Nadia",
  "Олег",
];
const FAMILY = [
  "Adeyemi",
  "Brandt",
  "Costa",
  "Díaz",
  "Eriksen",
  "Fischer",
  "García",
  "Huang",
  "Ivanova",
  "Jensen",
  "Kowalski",
  "Lindqvist",
  "Müller",
];
const FIRST = ["Sales", "Global", "Cloud", "Data", "Git", "Ops", "Legal", "Smart", "Ürün", "Работа", "Contract", "Ledger", "Market"];
const SECOND = ["force", "hub", "book", "base", "desk", "stream", "%", "_", " Portal 🎉", " Vault", "works"];
const THIRD = ["EMEA", "APAC", "Suite", "Manager", "a-b_c", "O'Hara", "C:\\Share"];
export const ROLES = [
  "Reader",
  "Writer",
  "Administrator",
  "Report builder",
  "Auditor",
  "Power user",
  "Guest",
  "Approver",
  "Operator",
  "Analyst",
];
export const AREAS = [
  "Finance",
  "Treasury",
  "Payroll",
  "Code-review",
  "Warehouse",
  "Forecast",
  "Äpfel",
  "Contracts",
  "Campaigns",
  "Tickets",
  "Invoices",
];

/** `touched`: that many of the people have moved to another department since. */
export async function writeFolder(folder: string, size: Size, touched = 0): Promise<void> {
  await mkdir(folder, { recursive: true });
  await writeFile(path.join(folder, "people.csv"), peopleCsv(size.people, touched));
  await writeFile(path.join(folder, "latchkey.yaml"), catalogueYaml(size));
}

/** Eight people to a manager, so that 100,000 stand seven levels high. */
function peopleCsv(count: number, touched: number): string {
  const rows = ["id,email,name,manager_id,department,title,location,time_zone,start_date,end_date,state,calendar,cost_center"];
  for (let n = 1; n <= count; n++) {
    const [city, zone, calendar] = of(CITIES, n);
    const name = `${of(GIVEN, n)} ${of(FAMILY, Math.floor(n / 15))}`;
    const department = n <= touched ? "Moved" : `${of(DEPARTMENTS, n)} ${n % 25}`;
    rows.push(
      [`E${n}`, `person${n}@acme.example`, name, n === 1 ? "" : `E${Math.floor((n - 2) / 8) + 1}`, department, "Specialist", city, zone]
        .concat("2019-03-01", "", "active", calendar, `CC-${n % 500}`)
        .join(","),
    );
  }
  return `${rows.join("\n")}\n`;
}

export function nameOf(n: number): string {
  return `${of(FIRST, n)}${of(SECOND, n)} ${of(THIRD, n)} ${n}`;
}

function catalogueYaml({ people, applications, entitlements }: Size): string {
  const groups = Math.max(5, Math.round(applications / 20));
  const somebody = (n: number) => `E${1 + (n % people)}`;
  const lines = [
    "chat: { slack: [{ team_id: T0ACME, trust_email: true }] }",
    "administrators: { group: group-0 }",
    "fallback_approvers: { group: group-0 }",
    "calendars:",
    '  - { id: berlin, time_zone: Europe/Berlin, hours: "Mon-Fri 09:00-17:30", holidays: [2026-12-25, 2027-01-01] }',
    '  - { id: new-york, time_zone: America/New_York, hours: "Mon-Fri 09:00-17:00" }',
    "groups:",
  ];
  for (let n = 0; n < groups; n++)
    lines.push(
      `  - { id: group-${n}, name: Group ${n}, members: [${[0, 1, 2, 3, 4].map((one) => somebody(n * 5 + one)).join(", ")}], calendar: berlin }`,
    );
  lines.push("policies:");
  for (let n = 0; n < 10; n++)
    lines.push(
      `  - id: policy-${n}`,
      `    stages: [{ steps: [{ approvers: ${n % 2 === 0 ? "manager" : `{ group: group-${n % groups} }`} }] }]`,
      "    remind: { after: 1 working day, every: 1 working day, at_most: 3 }",
      "    expire_after: 14 days",
    );
  lines.push("applications:");
  for (let n = 1; n <= applications; n++) {
    lines.push(
      `  - id: app-${n}`,
      `    name: "${nameOf(n).replaceAll("\\", "\\\\")}"`,
      `    description: Where ${of(DEPARTMENTS, n).toLowerCase()} keeps what it works on, number ${n}.`,
      `    keywords: [crm${n % 50}, ${of(DEPARTMENTS, n).toLowerCase()} tool]`,
      `    business_owner: person${1 + (n % people)}@acme.example`,
      `    technical_owner: ${somebody(n * 7)}`,
      `    fulfillers: { group: group-${n % groups} }`,
      `    policy: policy-${n % 10}`,
      ...(n % 4 === 0 ? [`    requestable_by: { department: [${of(DEPARTMENTS, n)} ${n % 25}, Sales 0] }`] : []),
      "    service_level: { fulfil_within: 8 working hours }",
      "    form:",
      "      - { id: reason, label: What do you need it for?, type: long_text, required: true }",
      "    account:",
      '      login: "{{ person.email }}"',
      "      attributes:",
      '        Department: "{{ person.department }}"',
      "    entitlements:",
    );
    for (let e = 1; e <= entitlements; e++)
      lines.push(
        `      - { id: right-${e}, name: ${of(ROLES, n + e)} ${of(AREAS, n * 7 + e * 3)} ${(n * e) % 97}, risk: ${of(["low", "medium", "high"], e)} }`,
      );
  }
  return `${lines.join("\n")}\n`;
}

function of<T>(list: readonly T[], n: number): T {
  return list[n % list.length] as T;
}
