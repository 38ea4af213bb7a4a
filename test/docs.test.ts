/** The documents say what is: every id, variable, command and key that the code has, and no link into nowhere. */
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { dirname, join, normalize } from "node:path";
import { Command } from "commander";
import { describe, expect, test, vi } from "vitest";
import { PAGE, shownIn, stated, withFiles } from "../docs/features.ts";
import { readSources } from "../src/configuration/folder.ts";
import { APPROVAL_MOVES, HOLDING_MOVES, PROVISIONING_MOVES, TASK_MOVES } from "../src/domain/lives.ts";

const read = (file: string) => readFileSync(file, "utf8");
const README = read("README.md");
const DOCUMENTS = [
  ...["README.md", "ARCHITECTURE.md", "CONTRIBUTING.md", "SECURITY.md", "CHANGELOG.md"],
  ...readdirSync("docs", { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".md"))
    .map((name) => join("docs", name)),
];

test("every id in a test's title has its statement, and every statement the tests that show it (else run: npx tsx docs/features.ts)", () => {
  const page = read(PAGE);
  const shown = shownIn();
  expect([...stated(page)].sort()).toEqual([...shown.keys()].sort());
  expect(withFiles(page, shown)).toBe(page);
});

test("README names every variable that is read, and no other", () => {
  const known = [...read("src/config.ts").matchAll(/^ {2}([A-Z][A-Z_]+): optional/gm)].map(([, name = ""]) => name);
  expect(known.length).toBeGreaterThan(10);
  const [, table = ""] = /## Environment\n([\s\S]*?)\n## /.exec(README) ?? [];
  expect([...table.matchAll(/^\| `([A-Z_]+)`\s*\|/gm)].map(([, name]) => name).sort()).toEqual(known.sort());
});

test("every npm script that a document tells to run is there", () => {
  const { scripts } = JSON.parse(read("package.json"));
  const command = /(?:^|`)npm (?:run (?:--silent )?)?([a-z][a-z:-]*)/gm;
  const told = DOCUMENTS.flatMap((file) => [...read(file).matchAll(command)].map(([, name = ""]) => name));
  expect(told).toEqual(expect.arrayContaining(["start", "test", "check", "test:faults", "latchkey"]));
  expect(told.filter((name) => name !== "ci" && !(name in scripts))).toEqual([]);
});

test("README describes every command of the command line with its arguments and options", async () => {
  vi.spyOn(Command.prototype, "parseAsync").mockImplementation(async function (this: Command) {
    root = this;
    return this;
  });
  let root: Command | undefined;
  await import("../src/cli/latchkey.ts");
  vi.restoreAllMocks();
  const commandsOf = (command: Command, path: string): string[] => {
    const name = `${path}${command.name()}`;
    if (command.commands.length > 0) return command.commands.flatMap((one) => commandsOf(one, `${name} `));
    return [[name, ...command.registeredArguments.map((one) => (one.required ? `<${one.name()}>` : `[${one.name()}]`))].join(" ")];
  };
  const commands = root?.commands.flatMap((command) => commandsOf(command, "")) ?? [];
  expect(commands).toContain("config apply [folder]");
  const described = [...README.matchAll(/^\| `npm run latchkey -- (.+?)`\s*\|/gm)].map(([, command]) => command);
  expect(described).toEqual(commands);
  const options = (command: Command): string[] => [...command.options.map((one) => one.long ?? ""), ...command.commands.flatMap(options)];
  for (const option of root ? options(root) : []) expect(README).toContain(`\`${option}`);
});

describe("docs/configuration.md", () => {
  const page = read("docs/configuration.md");

  test("describes every key of latchkey.yaml", () => {
    const keys = keysOfTheCatalogue();
    expect(keys).toEqual(expect.arrayContaining(["team_id", "fallback_approvers", "needed", "max_length", "account_type", "segregation"]));
    const named = page.matchAll(/`([^`\n]+)`|^### (.+)$/gm);
    const written = new Set([...named].flatMap(([, code, heading]) => (code ?? heading ?? "").match(/[a-z_]+/g) ?? []));
    expect(keys.filter((key) => !written.has(key))).toEqual([]);
  });

  test("describes every column of people.csv", () => {
    const faults = readSources({ ok: true, text: "" }, { ok: true, text: "zzz\nA\n" });
    const message = faults.ok ? "" : (faults.faults.find((fault) => fault.message.startsWith("missing columns"))?.message ?? "");
    const required = /^missing columns (.*): add/.exec(message)?.[1]?.split(", ") ?? [];
    expect(required).toHaveLength(9);
    const optional = [...read("src/configuration/people.ts").matchAll(/^const OPTIONAL = \[(.*)\]/gm)].flatMap(([, list = ""]) =>
      list.match(/[a-z_]+/g),
    );
    const [, table = ""] = /## people\.csv\n([\s\S]*?)\n```csv/.exec(page) ?? [];
    for (const column of [...required, ...optional]) expect(table).toContain(`\`${column}\``);
  });

  test("its examples are one folder without a fault, as they stand", () => {
    const blocks = [...page.matchAll(/```(yaml|csv)\n([\s\S]*?)```/g)];
    const of = (kind: string) => blocks.filter(([, written]) => written === kind).map(([, , text = ""]) => text);
    expect([of("yaml").length, of("csv").length]).toEqual([6, 1]);
    const found = readSources({ ok: true, text: of("yaml").join("\n") }, { ok: true, text: of("csv").join("") });
    expect(found.ok ? found.notes : found.faults).toEqual([]);
  });
});

test("README's latchkey.yaml and people.csv are a folder together, word for word", () => {
  const [, yaml = ""] = /```yaml\n([\s\S]*?)```/.exec(README) ?? [];
  const [, people = ""] = /```csv\n([\s\S]*?)```/.exec(README) ?? [];
  const read = readSources({ ok: true, text: yaml }, { ok: true, text: people });
  expect(read).toMatchObject({ ok: true, notes: [] });
  expect(read.ok && [read.catalogue.applications.length, read.people.length]).toEqual([1, 4]);
});

test("docs/install-slack.md has a unit and a proxy for the very addresses that Latchkey serves, and names every log line as the code writes it", () => {
  const page = read("docs/install-slack.md");
  const sources = readdirSync("src", { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".ts"))
    .map((name) => read(join("src", name)))
    .join("\n");
  for (const [, line = ""] of page.matchAll(/"msg":"([^"]+)"/g)) expect(sources).toContain(`"${line}"`);
  expect(page).toContain("location = /slack/events");
  expect(page).toContain("ExecStart=/usr/bin/node dist/main.js");
  const known = [...read("src/config.ts").matchAll(/^ {2}([A-Z][A-Z_]+): optional/gm)].map(([, name = ""]) => name);
  const [, environment = ""] = /```sh\n(SLACK_BOT_TOKEN=[\s\S]*?)```/.exec(page) ?? [];
  const set = [...environment.matchAll(/^([A-Z_]+)=/gm)].map(([, name]) => name);
  expect(set.length).toBeGreaterThan(5);
  expect(set.filter((name) => !known.includes(name ?? ""))).toEqual([]);
});

test("ARCHITECTURE.md lists every state and every move of the four lives", () => {
  const page = read("ARCHITECTURE.md");
  const [, lives = ""] = /## Lives\n([\s\S]*?)\n## /.exec(page) ?? [];
  const rows = lives.split("\n").flatMap((line) => {
    const cells = line.split("|").map((cell) => cell.replace(/[()]/g, "").trim());
    return cells.length >= 4 ? [cells.slice(1, 3), ...(cells.length >= 7 ? [cells.slice(4, 6)] : [])] : [];
  });
  for (const [life, moves] of Object.entries({ APPROVAL_MOVES, PROVISIONING_MOVES, TASK_MOVES, HOLDING_MOVES })) {
    for (const [from, to] of Object.entries(moves)) {
      const wanted = to.length === 0 ? "final" : [...to].sort().join(", ");
      const listed = rows
        .filter(([state = ""]) => state.split(", ").includes(from))
        .map(([, next = ""]) => next.split(", ").sort().join(", "));
      expect(listed, `${life} ${from}`).toContain(wanted);
    }
  }
});

test("decisions are numbered without a gap, dated, and say context, decision and consequences on a page", () => {
  const files = readdirSync("docs/decisions").sort();
  expect(files.map((file) => Number(file.slice(0, 4)))).toEqual(files.map((_, index) => index + 1));
  for (const file of files) {
    const text = read(join("docs/decisions", file));
    expect(text, file).toMatch(/^# \d+\. .+\n\n\d{4}-\d{2}-\d{2}\. /);
    expect(
      [...text.matchAll(/^## (.+)$/gm)].map(([, heading]) => heading),
      file,
    ).toEqual(["Context", "Decision", "Consequences"]);
    expect(text.length, file).toBeLessThan(3500);
  }
});

test("links lead to files and headings that are there, and pictures are small", () => {
  const broken = DOCUMENTS.flatMap((file) =>
    [...read(file).matchAll(/\]\(([^)\s]+)\)/g)]
      .map(([, link = ""]) => link)
      .filter((link) => !/^https?:/.test(link) && !reaches(file, link))
      .map((link) => `${file}: ${link}`),
  );
  expect(broken).toEqual([]);
  for (const name of readdirSync("docs/screenshots"))
    expect(statSync(join("docs/screenshots", name)).size, name).toBeLessThan(name.endsWith(".gif") ? 2_000_000 : 150_000);
  const written = DOCUMENTS.map(read).join("\n");
  expect(readdirSync("docs/screenshots").filter((name) => !written.includes(`screenshots/${name})`))).toEqual([]);
});

test("no document speaks of a path of somebody's machine", () => {
  const machine = /(?:^|[\s("'`])(?:\/(?:home|Users|root|work|tmp|opt|mnt)\/|[A-Z]:\\|~\/)/m;
  expect(DOCUMENTS.filter((file) => machine.test(read(file)))).toEqual([]);
});

function reaches(file: string, link: string): boolean {
  const [path = "", heading] = link.split("#");
  const target = path === "" ? file : normalize(join(dirname(file), path));
  if (!existsSync(target)) return false;
  if (heading === undefined) return true;
  const headings = [...read(target).matchAll(/^#+ (.+)$/gm)].map(([, text = ""]) =>
    text
      .toLowerCase()
      .replace(/[^\w\s-]/g, "")
      .replace(/\s/g, "-"),
  );
  return headings.includes(heading);
}

/** Every key that the reader knows: a key that it doesn't know is answered with those that it does. */
function keysOfTheCatalogue(): readonly string[] {
  const clocks = { remind: { zzz: 1 }, escalate: { zzz: 1 } };
  const items = [{ zzz: 1 }];
  const document = {
    zzz: 1,
    chat: { zzz: 1, slack: [{ zzz: 1 }], teams: [{ zzz: 1 }] },
    calendars: [{ zzz: 1 }],
    groups: [{ zzz: 1, rota: { zzz: 1 } }],
    policies: [{ zzz: 1, ...clocks, stages: [{ zzz: 1, steps: [{ zzz: 1, approvers: { zzz: 1 } }] }] }],
    applications: [
      {
        zzz: 1,
        service_level: { zzz: 1, ...clocks },
        form: [{ zzz: 1 }],
        account: { zzz: 1 },
        instructions: { zzz: 1 },
        entitlements: [{ zzz: 1 }],
      },
    ],
    access_profiles: [{ zzz: 1, items }],
    roles: [{ zzz: 1, items }],
    segregation: [{ zzz: 1, left: items, right: items }],
  };
  const found = readSources({ ok: true, text: JSON.stringify(document) }, { ok: true, text: "" });
  const told = (found.ok ? [] : found.faults).flatMap(
    ({ message }) => /unknown key "zzz": (?:the keys here are|write) (.*?)(?: \(the same in .*\))?$/.exec(message)?.[1] ?? [],
  );
  expect(told).toHaveLength(25);
  return [...new Set(told.flatMap((list) => list.replace(/ or | and /g, ", ").match(/[a-z_]+/g) ?? []))];
}
