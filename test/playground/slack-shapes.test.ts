/** Our table of Block Kit's shapes against the one source of shapes that can be had offline: the declarations of @slack/types. */
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import ts from "typescript";
import { expect, test } from "vitest";
import { BLOCKS } from "../../src/playground/slack/blocks.ts";
import type { Shapes } from "../../src/playground/slack/checks.ts";
import { ELEMENTS } from "../../src/playground/slack/elements.ts";

interface Declared {
  readonly needs: readonly string[];
  readonly may: readonly string[];
}

const entry = join(dirname(createRequire(import.meta.url).resolve("@slack/types")), "index.d.ts");
/** Without what only browsers or Node have. */
const program = ts.createProgram([entry], { strict: true, skipLibCheck: true, lib: ["lib.es2020.d.ts"], types: [] });

/** The properties of every member of this exported union, by its `type`. */
function declared(unions: readonly string[]): Map<string, Declared> {
  const checker = program.getTypeChecker();
  const exported = checker.getExportsOfModule(checker.getSymbolAtLocation(program.getSourceFile(entry)!)!);
  const found = new Map<string, Declared>();
  for (const name of unions) {
    const symbol = exported.find((each) => each.name === name)!;
    const type = checker.getDeclaredTypeOfSymbol(symbol);
    for (const member of type.isUnion() ? type.types : [type]) {
      const properties = checker.getPropertiesOfType(member);
      const kind = properties.find((each) => each.name === "type")!;
      const literal = checker.getTypeOfSymbol(kind);
      if (!literal.isStringLiteral()) continue;
      const names = (optional: boolean) =>
        properties
          .filter((each) => each.name !== "type" && Boolean(each.flags & ts.SymbolFlags.Optional) === optional)
          .map((each) => each.name);
      const before = found.get(literal.value);
      // A union of two ways to say one thing (image_url or slack_file): what either has may be there, what both need must.
      const needs = names(false).filter((each) => !before || before.needs.includes(each));
      const all = [...names(false), ...names(true), ...(before ? [...before.needs, ...before.may] : [])];
      found.set(literal.value, { needs, may: [...new Set(all)].filter((each) => !needs.includes(each)) });
    }
  }
  return found;
}

function differences(table: Shapes, types: Map<string, Declared>): string[] {
  return [...types].flatMap(([type, { needs, may }]) => {
    const shape = table[type];
    if (!shape) return [`${type} is not in our table`];
    const ours = new Set([...Object.keys(shape.needs ?? {}), ...Object.keys(shape.may ?? {})]);
    return [
      ...[...needs, ...may].filter((each) => !ours.has(each)).map((each) => `${type}.${each} is not in our table`),
      ...[...ours].filter((each) => ![...needs, ...may].includes(each)).map((each) => `${type}.${each} is only in our table`),
      ...needs.filter((each) => shape.may?.[each]).map((each) => `${type}.${each} is needed`),
    ];
  });
}

test("every block of @slack/types is in our table with the same properties, but for the one that can't be sent", () => {
  expect(differences(BLOCKS, declared(["KnownBlock"]))).toEqual(["file is not in our table"]);
});

test("every element of @slack/types is in our table with the same properties", () => {
  const unions = ["ActionsBlockElement", "InputBlockElement", "SectionBlockAccessory", "ContextActionsBlockElement"];
  expect(differences(ELEMENTS, declared(unions))).toEqual([]);
});
