/** Finds every await of the product in its sources, and builds from them a Latchkey that can be told to die at any of these. */
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { build, type Plugin } from "esbuild";
import ts from "typescript";
import { ROOT } from "../product/stage.ts";

/** What decides, confirms, delivers and reminds; the rest of the product is bundled as it stands. */
const WHERE = /^src\/(operations|db|delivery|connectors|channels\/slack)\/[^/]+\.ts$/;

export interface Program {
  /** What `node` runs. */
  readonly file: string;
  /** All awaits that were found, as `operations/change.ts:39:20` (line and column from 1). */
  readonly points: readonly string[];
  remove(): Promise<void>;
}

/** One file with the product and all that it imports, every await of it given to `atPoint` (kill-victim.ts). */
export async function instrumented(): Promise<Program> {
  const folder = await mkdtemp(path.join(tmpdir(), "latchkey-kill-"));
  const points: string[] = [];
  const program = path.join(folder, "program.cjs");
  await build({
    entryPoints: [path.join(ROOT, "test/faults/kill-victim.ts")],
    outfile: program,
    bundle: true,
    platform: "node",
    format: "cjs",
    target: "node20",
    plugins: [rewriting(points)],
    define: { "import.meta.url": "bundleUrl" },
    banner: { js: `const bundleUrl = require("node:url").pathToFileURL(__filename).href;` },
    minifyWhitespace: true,
    minifySyntax: true,
    legalComments: "none",
    logLevel: "warning",
  });
  const file = path.join(folder, "start.cjs");
  await writeFile(file, STARTER);
  return { file, points, remove: () => rm(folder, { recursive: true, force: true }) };
}

/** The product's own sources keep their own addresses, by which they find what lies beside them; those with awaits are rewritten. */
function rewriting(points: string[]): Plugin {
  return {
    name: "points",
    setup: (building) => {
      building.onLoad({ filter: /\.ts$/ }, async ({ path: file }) => {
        const name = path.relative(ROOT, file).replaceAll(path.sep, "/");
        if (!name.startsWith("src/")) return undefined;
        const source = (await readFile(file, "utf8")).replaceAll("import.meta.url", JSON.stringify(pathToFileURL(file).href));
        if (!WHERE.test(name)) return { contents: source, loader: "ts" };
        const { text, found } = rewritten(source, name.slice("src/".length));
        points.push(...found);
        return { contents: text, loader: "ts" };
      });
    },
  };
}

/** `await x` becomes `await atPoint("file:line:column", x)`, and what `for await` walks over becomes `eachAtPoint(..., x)`. */
export function rewritten(source: string, name: string): { readonly text: string; readonly found: readonly string[] } {
  const tree = ts.createSourceFile(name, source, ts.ScriptTarget.Latest, true);
  const found: string[] = [];
  const put: { readonly at: number; readonly text: string }[] = [];
  const wrap = (by: string, node: ts.Node, awaited: ts.Expression) => {
    const { line, character } = tree.getLineAndCharacterOfPosition(node.getStart());
    const point = `${name}:${line + 1}:${character + 1}`;
    found.push(point);
    put.push({ at: awaited.getStart(), text: `${by}(${JSON.stringify(point)}, ` }, { at: awaited.getEnd(), text: ")" });
  };
  const visit = (node: ts.Node): void => {
    if (ts.isAwaitExpression(node)) wrap("atPoint", node, node.expression);
    if (ts.isForOfStatement(node) && node.awaitModifier) wrap("eachAtPoint", node, node.expression);
    ts.forEachChild(node, visit);
  };
  visit(tree);
  let text = source;
  for (const one of put.sort((a, b) => b.at - a.at)) text = text.slice(0, one.at) + one.text + text.slice(one.at);
  return { text, found };
}

/** A process starts often here: what V8 made of the program is kept from the first run to the others, as a third of a second of each. */
const STARTER = `
const { existsSync, readFileSync, renameSync, writeFileSync } = require("node:fs");
const { createRequire, wrap } = require("node:module");
const { Script, constants } = require("node:vm");
const file = __dirname + "/program.cjs", kept = __dirname + "/program.cache";
const script = new Script(wrap(readFileSync(file, "utf8")), {
  filename: file,
  importModuleDynamically: constants?.USE_MAIN_CONTEXT_DEFAULT_LOADER,
  ...(existsSync(kept) ? { cachedData: readFileSync(kept) } : {}),
});
process.on("message", ({ keep }) => {
  if (!keep) return;
  writeFileSync(kept + ".new", script.createCachedData());
  renameSync(kept + ".new", kept);
  process.send({ kept: true });
});
script.runInThisContext().call({}, {}, createRequire(file), { exports: {} }, file, __dirname);
`;
