/**
 * THREAT-17: no regular expression of ours can be made to run for long. Every one in src (but the playground's, which meets nobody's words but
 * one's own) is either plain enough to be linear whatever it reads, or judged by recheck, which looks for inputs that make it blow up. Judged by
 * structure and by attack strings, never by a clock. LATCHKEY_REGEX=all, as in CI, has recheck judge the plain ones too, and those that look back.
 */
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { checkSync } from "recheck";
import ts from "typescript";
import { expect, test } from "vitest";

process.env.RECHECK_BACKEND = "pure";

/** Known to be slow on long inputs, with why theirs is short. */
const BOUNDED: Readonly<Record<string, string>> = {
  "/\\/+$/": "the address that whoever runs the command writes",
  "/^[_0-9]+|_+$/g": "one heading of the company's own people.csv",
  "/^[-_]+|-+$/g": "an id cut to 64 characters before",
  "/shared memory|address already in use|lock file .* already exists|text file busy/i": "words of the embedded database's own programs",
};

interface Found {
  readonly literal: string;
  readonly file: string;
}

function sources(): readonly string[] {
  const all = readdirSync("src", { recursive: true, encoding: "utf8" });
  return all.filter((file) => /\.tsx?$/.test(file) && !file.startsWith(`playground${path.sep}`));
}

function literalsIn(file: string): readonly Found[] {
  const found: Found[] = [];
  const source = ts.createSourceFile(file, readFileSync(path.join("src", file), "utf8"), ts.ScriptTarget.Latest, true);
  const walk = (node: ts.Node): void => {
    if (ts.isRegularExpressionLiteral(node)) found.push({ literal: node.text, file });
    if ((ts.isNewExpression(node) || ts.isCallExpression(node)) && node.expression.getText(source) === "RegExp")
      found.push({ literal: "RegExp(...)", file });
    ts.forEachChild(node, walk);
  };
  walk(source);
  return found;
}

const found = sources().flatMap(literalsIn);

/** The pattern with each class and each escaped character written as one letter, so that its quantifiers can be seen. */
function skeleton(literal: string): string {
  const pattern = literal.slice(1, literal.lastIndexOf("/"));
  const escaped = pattern.replace(/\\(?:[pP]\{[^}]*\}|u\{[^}]*\}|u[\dA-Fa-f]{4}|x[\dA-Fa-f]{2}|.)/gs, "e");
  return escaped.replace(/\[[^\]]*\]/g, "c");
}

/** No quantifier without an end, or a single one on a single character where nothing else can begin elsewhere. */
function isPlain(literal: string): boolean {
  const shape = skeleton(literal);
  const endless = [...shape.matchAll(/(.)(?:[+*]|\{\d+,\})/gs)];
  if (endless.length === 0) return true;
  const [only] = endless;
  if (endless.length > 1 || only?.[1] === ")" || shape.includes("|")) return false;
  return shape.startsWith("^") || /^.[+*]$/s.test(shape);
}

test("no regular expression is made of a text", () => {
  expect(found.length).toBeGreaterThan(60);
  expect(found.filter(({ literal }) => literal === "RegExp(...)").map(({ file }) => file)).toEqual([]);
});

test("THREAT-17 no regular expression that meets words from outside can be made to run for long", { timeout: 300_000 }, () => {
  const unique = [...new Map(found.map((one) => [one.literal, one])).values()];
  const judged = unique.filter(
    ({ literal }) => process.env.LATCHKEY_REGEX === "all" || !(isPlain(literal) || literal.includes("(?<") || literal in BOUNDED),
  );
  expect(judged.length).toBeGreaterThan(5);
  const slow = judged.flatMap(({ literal, file }) => {
    const end = literal.lastIndexOf("/");
    const verdict = checkSync(literal.slice(1, end), literal.slice(end + 1), { timeout: 60_000 });
    return verdict.status === "safe" || literal in BOUNDED ? [] : [`${file}: ${literal} ${verdict.status}`];
  });
  expect(slow).toEqual([]);
});

test("the judge knows a bad one when it sees it, and the plain ones are plain", () => {
  for (const bad of ["(a+)+$", "\\s+$", "^(?:a|a)+$"]) expect(checkSync(bad, "", { timeout: 60_000 }).status, bad).toBe("vulnerable");
  for (const odd of ["/(a+)+$/", "/\\s+$/", "/^(?:a|a)+$/", "/a.*b.*c/"]) expect(isPlain(odd), odd).toBe(false);
  for (const fine of ["/^a{1,5}$/", "/[^\\]]+/g", "/^do\\./", "/^[\\w-]+$/", "/\\u{1F600}/u"]) expect(isPlain(fine), fine).toBe(true);
});
