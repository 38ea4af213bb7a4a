/**
 * Which test shows what: `npx tsx docs/features.ts` writes the links of docs/features.md anew from the titles of the tests.
 * Statements are written by hand; an id without one is refused.
 */
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const ROOT = join(import.meta.dirname, "..");
export const PAGE = join(import.meta.dirname, "features.md");

/** The beginning of a title: `("IDH-9 a second claim ...`, `("ASK-1 ASK-3 every copy ...`. */
const TITLE = /\(\s*["'`]((?:(?:IDH|NWX|OIM|SPT|IDE|ASK|IDEA|THREAT)-\d+[\s,:]+)+)/g;
const ROW = /^- \*\*([A-Z]+-\d+)\*\* (.+?)(?: Shown in .*)?$/;

/** Id -> the test files in which a title begins with it, by path. */
export function shownIn(folder = join(ROOT, "test")): ReadonlyMap<string, readonly string[]> {
  const shown = new Map<string, string[]>();
  const names = readdirSync(folder, { recursive: true, encoding: "utf8" }).map((name) => name.replaceAll("\\", "/"));
  for (const name of names.filter((one) => one.endsWith(".test.ts")).sort()) {
    const titles = readFileSync(join(folder, name), "utf8").matchAll(TITLE);
    const ids = new Set([...titles].flatMap(([, found = ""]) => found.match(/[A-Z]+-\d+/g) ?? []));
    for (const id of ids) shown.set(id, [...(shown.get(id) ?? []), name]);
  }
  return shown;
}

/** Ids that have a statement. */
export function stated(page: string): readonly string[] {
  return page.split("\n").flatMap((line) => ROW.exec(line)?.[1] ?? []);
}

/** The page with its links as the tests are now. */
export function withFiles(page: string, shown: ReadonlyMap<string, readonly string[]>): string {
  return page
    .split("\n")
    .map((line) => {
      const [, id = "", statement] = ROW.exec(line) ?? [];
      if (statement === undefined) return line;
      const files = (shown.get(id) ?? []).map((name) => `[${name.replace(".test.ts", "")}](../test/${name})`);
      return `- **${id}** ${statement}${files.length === 0 ? "" : ` Shown in ${files.join(", ")}.`}`;
    })
    .join("\n");
}

if (process.argv[1] === import.meta.filename) {
  const page = readFileSync(PAGE, "utf8");
  const shown = shownIn();
  const missing = [...shown.keys()].filter((id) => !stated(page).includes(id));
  if (missing.length > 0) throw new Error(`Write a line with a statement into docs/features.md for ${missing.join(", ")}`);
  writeFileSync(PAGE, withFiles(page, shown));
}
