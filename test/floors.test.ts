/** The architecture as a test: who may import whom (ARCHITECTURE.md), and the rules of the house that a compiler can read. */
import { readdirSync, readFileSync } from "node:fs";
import { builtinModules } from "node:module";
import path from "node:path";
import ts from "typescript";
import { expect, test } from "vitest";

interface Unit {
  /** A folder of src, or one file. */
  readonly at: string;
  /** Other units that it may import. */
  readonly may: readonly string[];
  readonly packages: readonly string[];
  /** Builtin modules of node, without `node:`. */
  readonly node: readonly string[] | "any";
}

const LOWER = ["domain", "texts", "cards", "db", "operations", "ports.ts", "delivery", "configuration"];
const CONCRETE = ["channels/slack", "channels/teams", "connectors", "people"];
const SURFACE = ["operations", "cards", "domain", "texts", "ports.ts"];

/** One unit a line, lowest floor first. The first whose `at` fits a path is its unit; a path that fits none has no place yet. */
const UNITS: readonly Unit[] = [
  { at: "domain", may: [], packages: ["temporal-polyfill", "liquidjs"], node: [] },
  { at: "texts", may: [], packages: [], node: [] },
  { at: "cards", may: ["domain", "texts"], packages: [], node: [] },
  { at: "db", may: ["domain"], packages: ["drizzle-orm", "postgres"], node: "any" },
  { at: "operations", may: ["domain", "db", "ports.ts"], packages: ["uuid"], node: [] },
  { at: "ports.ts", may: ["domain", "cards"], packages: [], node: [] },
  { at: "delivery", may: ["operations", "db", "cards", "ports.ts", "texts", "domain"], packages: ["node-cron"], node: ["crypto"] },
  {
    at: "channels/slack",
    may: SURFACE,
    packages: ["@slack/bolt", "@slack/socket-mode", "@slack/types", "@slack/web-api"],
    node: ["async_hooks", "crypto", "diagnostics_channel", "http", "querystring"],
  },
  { at: "channels/teams", may: SURFACE, packages: ["botbuilder", "adaptivecards"], node: ["crypto", "http"] },
  { at: "connectors", may: ["ports.ts", "domain"], packages: [], node: "any" },
  { at: "people", may: ["ports.ts", "domain"], packages: [], node: "any" },
  {
    at: "configuration",
    may: ["domain"],
    packages: ["js-yaml", "yaml", "csv-parse", "zod"],
    node: ["buffer", "crypto", "fs/promises", "path"],
  },
  { at: "config.ts", may: [], packages: ["node-cron", "zod"], node: ["os", "path", "url"] },
  { at: "database.ts", may: ["config.ts", "db"], packages: ["pino"], node: [] },
  { at: "http.ts", may: [], packages: [], node: ["http", "net"] },
  { at: "log.ts", may: [], packages: ["pino"], node: ["crypto"] },
  { at: "meters.ts", may: ["ports.ts"], packages: ["prom-client"], node: [] },
  { at: "readiness.ts", may: [], packages: [], node: [] },
  { at: "start-fault.ts", may: ["configuration"], packages: [], node: [] },
  { at: "watching.ts", may: ["config.ts", "http.ts", "meters.ts", "readiness.ts", "start-fault.ts"], packages: ["pino"], node: ["fs"] },
  // The one place that names concrete parts; the playground is one of them.
  {
    at: "wiring.ts",
    may: [
      ...LOWER,
      ...CONCRETE,
      "config.ts",
      "database.ts",
      "http.ts",
      "log.ts",
      "meters.ts",
      "readiness.ts",
      "start-fault.ts",
      "watching.ts",
      "playground",
    ],
    packages: ["uuid", "pino"],
    node: [],
  },
  { at: "serve.ts", may: ["wiring.ts", "config.ts", "log.ts", "start-fault.ts", "db"], packages: [], node: [] },
  { at: "main.ts", may: ["serve.ts"], packages: [], node: [] },
  {
    at: "cli",
    may: ["serve.ts", "wiring.ts", "config.ts", "database.ts", "log.ts", "configuration", "db", "operations"],
    packages: ["commander", "uuid", "yaml"],
    node: ["fs/promises", "os", "url"],
  },
  // The page runs in a browser: of the server it knows shapes only.
  {
    at: "playground/page",
    may: ["playground/slack"],
    packages: ["react", "react-dom", "vite", "slack-blocks-to-jsx", "node-emoji", "@slack/types"],
    node: [],
  },
  // Stands in for Slack, so it must not lean on what Latchkey believes of Slack.
  { at: "playground/slack", may: [], packages: ["@slack/types"], node: "any" },
  { at: "playground", may: ["db", "domain", "texts", "http.ts", "playground/slack"], packages: [], node: "any" },
  { at: "build.mjs", may: [], packages: ["esbuild"], node: ["child_process", "crypto", "fs", "path", "url"] },
];

/** Long for a reason that no split would mend. */
const MAY_BE_LONG = new Map([["db/schema.ts", "one table after another, in one place, and no logic"]]);
/** Reads of `process.env` outside main.ts and cli. */
const MAY_READ_ENVIRONMENT = new Map([
  ["db/embedded/engine.ts", "hands PATH and the like on to the server's programs; no setting is read"],
]);
const LONGEST_FILE = 300;
const BANNED_NAMES = /^(utils?|helpers?|common|shared|misc|manager|service|handler|types)$/i;
/** Floors without clock, chance or I/O, besides not importing any. */
const PURE = ["domain", "texts", "cards"];
const IMPURE = /^(fetch|console|process|setTimeout|setInterval|setImmediate|queueMicrotask|performance|crypto)$/;

function unitOf(file: string): Unit | undefined {
  return UNITS.find(({ at }) => file === at || file.startsWith(`${at}/`));
}

interface Import {
  readonly from: string;
  readonly typeOnly: boolean;
}

/** Every fault of one file: `file` as seen from src, with forward slashes. */
function faultsOf(file: string, text: string, read = readSource(file, text)): readonly string[] {
  const unit = unitOf(file);
  if (!unit) return ["stands on no floor: give it one in this test"];
  const faults = [...read.faults, ...read.imports.flatMap((one) => importFault(file, unit, one) ?? [])];
  const name = path.basename(file).replace(/\..*$/, "");
  if ([name, ...file.split("/").slice(0, -1)].some((part) => BANNED_NAMES.test(part))) faults.push("has a name that says nothing");
  if (text.split("\n").length - 1 > LONGEST_FILE && !MAY_BE_LONG.has(file)) faults.push(`is longer than ${LONGEST_FILE} lines`);
  const mayRead = file === "main.ts" || unit.at === "cli" || MAY_READ_ENVIRONMENT.has(file);
  if (read.readsEnvironment && !mayRead) faults.push("reads process.env");
  if (read.exportsDefault && !file.endsWith(".config.ts")) faults.push("has a default export");
  if (PURE.includes(unit.at)) faults.push(...read.impure.map((what) => `uses ${what}`));
  return faults;
}

function importFault(file: string, unit: Unit, { from, typeOnly }: Import): string | null {
  if (!from.startsWith(".")) {
    const builtin = from.replace(/^node:/, "");
    if (from.startsWith("node:") || builtinModules.includes(from))
      return unit.node === "any" || unit.node.includes(builtin) ? null : `imports ${from}`;
    const name = packageOf(from);
    if (name === "vite" && !file.endsWith("vite.config.ts")) return "imports vite outside its configuration";
    return unit.packages.includes(name) ? null : `imports ${name}`;
  }
  const target = path.posix.normalize(path.posix.join(path.posix.dirname(file), from));
  if (target.startsWith("..")) return `imports ${from}, outside src`;
  const other = unitOf(target);
  if (other === unit) return null;
  if (!other || !unit.may.includes(other.at)) return `imports ${target}`;
  const onlyShapes = unit.at === "playground/page" || unit.at === "ports.ts";
  return onlyShapes && !typeOnly ? `imports more than types of ${target}` : null;
}

/** `drizzle-orm` of `drizzle-orm/pg-core`, `@slack/bolt` of `@slack/bolt`. */
function packageOf(from: string): string {
  const parts = from.split("/");
  return parts.slice(0, from.startsWith("@") ? 2 : 1).join("/");
}

function readSource(file: string, text: string) {
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true, file.endsWith("x") ? ts.ScriptKind.TSX : ts.ScriptKind.TS);
  const imports: Import[] = [];
  const faults: string[] = [];
  const impure: string[] = [];
  let readsEnvironment = false;
  let exportsDefault = false;
  const add = (from: ts.Expression | undefined, typeOnly: boolean) => {
    if (from && ts.isStringLiteralLike(from)) imports.push({ from: from.text, typeOnly });
    else if (from) faults.push("imports something computed");
  };
  const visit = (node: ts.Node): void => {
    if (ts.isImportDeclaration(node)) add(node.moduleSpecifier, node.importClause?.phaseModifier === ts.SyntaxKind.TypeKeyword);
    if (ts.isExportDeclaration(node)) {
      add(node.moduleSpecifier, node.isTypeOnly);
      if (!node.exportClause || ts.isNamespaceExport(node.exportClause)) faults.push("re-exports everything of another file");
      else if (ts.isNamedExports(node.exportClause))
        exportsDefault ||= node.exportClause.elements.some(({ name }) => name.text === "default");
    }
    if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument)) add(node.argument.literal as ts.Expression, true);
    if (
      ts.isCallExpression(node) &&
      (node.expression.kind === ts.SyntaxKind.ImportKeyword || (ts.isIdentifier(node.expression) && node.expression.text === "require"))
    )
      add(node.arguments[0], false);
    if (ts.isEnumDeclaration(node)) faults.push("has an enum");
    exportsDefault ||= ts.isExportAssignment(node) || (node.kind === ts.SyntaxKind.DefaultKeyword && ts.canHaveModifiers(node.parent));
    const access = mayBeGlobal(node) ? node.getText(source) : "";
    readsEnvironment ||= /^process(\?)?(\.|\[["'`])env\b/.test(access) || /^import\.meta\.env\b/.test(access);
    readsEnvironment ||= ts.isImportDeclaration(node) && /["'](node:)?process["']$/.test(node.moduleSpecifier.getText(source));
    readsEnvironment ||=
      ts.isVariableDeclaration(node) && node.initializer?.getText(source) === "process" && ts.isObjectBindingPattern(node.name);
    if (access === "Date.now" || access === "Math.random" || access.startsWith("Temporal.Now")) impure.push(access);
    if (ts.isNewExpression(node) && node.expression.getText(source) === "Date" && !node.arguments?.length) impure.push("new Date()");
    if (ts.isIdentifier(node) && IMPURE.test(node.text) && isValue(node)) impure.push(node.text);
    ts.forEachChild(node, visit);
  };
  visit(source);
  return { imports, faults, impure, readsEnvironment, exportsDefault };
}

/** Whether something of a global, or of `import.meta`, is named: only then its text is worth the while. */
function mayBeGlobal(node: ts.Node): boolean {
  let root = node;
  while (ts.isPropertyAccessExpression(root) || ts.isElementAccessExpression(root)) root = root.expression;
  return (
    root !== node && (ts.isMetaProperty(root) || (ts.isIdentifier(root) && ["process", "Date", "Math", "Temporal"].includes(root.text)))
  );
}

/** A use of the global, not a property, key or declaration of that name. */
function isValue(node: ts.Identifier): boolean {
  const { parent } = node;
  if (ts.isPropertyAccessExpression(parent)) return parent.expression === node;
  return (ts.isCallExpression(parent) || ts.isNewExpression(parent)) && parent.expression === node;
}

function filesUnder(folder: string, skip: readonly string[] = []): readonly string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    if (skip.includes(entry.name)) return [];
    const at = path.posix.join(folder, entry.name);
    return entry.isDirectory() ? filesUnder(at, skip) : [at];
  });
}

const sources = filesUnder("src")
  .filter((file) => /\.(ts|tsx|mts|mjs|js)$/.test(file))
  .map((at) => ({ at, file: at.slice("src/".length), text: readFileSync(at, "utf8") }))
  .map((source) => ({ ...source, read: readSource(source.file, source.text) }));

test("every file of src keeps to its floor and to the rules of the house", () => {
  const broken = sources.flatMap(({ at, file, text, read }) => faultsOf(file, text, read).map((fault) => `${at} ${fault}`));
  expect(sources.length).toBeGreaterThan(100);
  expect(broken).toEqual([]);
});

test("floors lie above one another: no two units may import each other, however many stand between them", () => {
  const reaches = (from: string, seen: Set<string> = new Set()): Set<string> => {
    for (const next of UNITS.find(({ at }) => at === from)?.may ?? []) if (!seen.has(next)) reaches(next, seen.add(next));
    return seen;
  };
  expect(UNITS.filter(({ at }) => reaches(at).has(at))).toEqual([]);
  expect(UNITS.flatMap(({ may }) => may).filter((name) => !UNITS.some(({ at }) => at === name))).toEqual([]);
});

test("only wiring.ts names a concrete channel, connector or feed of people, and Bolt lives in channels/slack alone", () => {
  const naming = UNITS.filter(({ may }) => may.some((name) => CONCRETE.includes(name))).map(({ at }) => at);
  expect(naming).toEqual(["wiring.ts"]);
  expect(UNITS.filter(({ packages }) => packages.includes("@slack/bolt")).map(({ at }) => at)).toEqual(["channels/slack"]);
  expect(UNITS.filter(({ may }) => may.includes("db")).map(({ at }) => at)).not.toContain("channels/slack");
});

test("every package that src imports stands in package.json, and what the server needs is no development dependency", () => {
  const { dependencies, devDependencies } = JSON.parse(readFileSync("package.json", "utf8"));
  const missing = sources.flatMap(({ file, read }) => {
    const builds = file === "build.mjs" || file.startsWith("playground/page/");
    const known = new Set([...Object.keys(dependencies), ...(builds ? Object.keys(devDependencies) : [])]);
    return read.imports
      .filter(({ from }) => !from.startsWith(".") && !from.startsWith("node:"))
      .map(({ from }) => packageOf(from))
      .filter((name) => !known.has(name))
      .map((name) => `${file} imports ${name}`);
  });
  expect(missing).toEqual([]);
});

test("nothing in the repository speaks of a path of the machine it was written on", () => {
  const skip = ["node_modules", "dist", ".git", ".latchkey", "coverage", "test-results"];
  const machine = /\/(home|Users|root)\/[\w.-]+\/|\/tmp\/[\w.-]+_jobs/;
  const text = (file: string) => !/\.(png|jpg|ico|woff2?|zip)$/.test(file) && file !== "package-lock.json";
  const found = filesUnder(".", skip).filter((file) => text(file) && machine.test(readFileSync(file, "utf8")));
  expect(found.filter((file) => file !== "test/floors.test.ts")).toEqual([]);
});

test.each([
  ["domain/line.ts", 'import { readFile } from "node:fs/promises";', "imports node:fs/promises"],
  ["domain/line.ts", 'import { sql } from "drizzle-orm";', "imports drizzle-orm"],
  ["domain/line.ts", 'import type { Texts } from "../texts/texts.ts";', "imports texts/texts.ts"],
  ["domain/line.ts", "const at = new Date();", "uses new Date()"],
  ["domain/line.ts", "const at = Date.now();", "uses Date.now"],
  ["domain/line.ts", "const one = Math.random();", "uses Math.random"],
  ["cards/card.ts", 'const page = await fetch("https://acme.example");', "uses fetch"],
  ["cards/card.ts", 'import { load } from "../db/load.ts";', "imports db/load.ts"],
  ["operations/act.ts", 'import type { Card } from "../cards/card.ts";', "imports cards/card.ts"],
  ["channels/slack/print.ts", 'import { load } from "../../db/load.ts";', "imports db/load.ts"],
  ["channels/slack/print.ts", 'export { post } from "../teams/post.ts";', "imports channels/teams/post.ts"],
  ["delivery/drain.ts", 'import { slack } from "../channels/slack/slack.ts";', "imports channels/slack/slack.ts"],
  ["delivery/drain.ts", 'const { App } = await import("@slack/bolt");', "imports @slack/bolt"],
  ["connectors/scim.ts", 'import { load } from "../db/load.ts";', "imports db/load.ts"],
  ["connectors/scim.ts", "const module = await import(name);", "imports something computed"],
  ["playground/page/main.tsx", 'import { world } from "../slack/world.ts";', "imports more than types of playground/slack/world.ts"],
  ["playground/page/main.tsx", 'import { en } from "../../texts/en.ts";', "imports texts/en.ts"],
  ["playground/slack/world.ts", 'import { LIMITS } from "../../channels/slack/limits.ts";', "imports channels/slack/limits.ts"],
  ["db/load.ts", 'import { x } from "../../test/setup/database.ts";', "imports ../../test/setup/database.ts, outside src"],
  ["wiring.ts", "const url = process.env.DATABASE_URL;", "reads process.env"],
  ["wiring.ts", 'const url = process["env"].DATABASE_URL;', "reads process.env"],
  ["wiring.ts", "const { env } = process;", "reads process.env"],
  ["db/utils.ts", "", "has a name that says nothing"],
  ["db/common/rows.ts", "", "has a name that says nothing"],
  ["db/types.ts", "", "has a name that says nothing"],
  ["db/rows.ts", "\n".repeat(301), "is longer than 300 lines"],
  ["db/rows.ts", "export default function rows() {}", "has a default export"],
  ["db/rows.ts", "export default 1;", "has a default export"],
  ["db/rows.ts", "const rows = 1; export { rows as default };", "has a default export"],
  ["db/rows.ts", 'export * from "./load.ts";', "re-exports everything of another file"],
  ["db/rows.ts", "export enum State { open }", "has an enum"],
  ["newcomer/rows.ts", "", "stands on no floor: give it one in this test"],
])("%s with %j is found out", (file, text, fault) => {
  expect(faultsOf(file, text)).toContain(fault);
});

test.each([
  ["cards/card.ts", 'import { openTask } from "../domain/line.ts"; import type { Texts } from "../texts/texts.ts";'],
  ["channels/slack/listeners.ts", 'import { App } from "@slack/bolt"; import { claim } from "./once.ts";'],
  [
    "domain/until.ts",
    'import { Temporal } from "temporal-polyfill"; const at = new Date(0); const it = { process: 1, fetch: at }; it.process;',
  ],
  ["playground/page/main.tsx", 'import type { World } from "../slack/page-interface.ts"; const a = <p>enum</p>;'],
  ["playground/page/vite.config.ts", 'import { defineConfig } from "vite"; export default defineConfig({});'],
  ["cli/latchkey.ts", "const env = process.env;"],
])("%s with %j is fine", (file, text) => {
  expect(faultsOf(file, text)).toEqual([]);
});
