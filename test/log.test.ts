/** The log's sink: what it writes, and what can't get through it. */
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import ts from "typescript";
import { describe, expect, test } from "vitest";
import { createLog, faultOf, hashedName, LOG_FIELDS } from "../src/log.ts";
import { saying } from "../src/serve.ts";

function logOf(key = "a key") {
  const lines: string[] = [];
  const log = createLog("trace", { key, to: { write: (line: string) => void lines.push(line) } });
  return { log, last: () => JSON.parse(lines.at(-1) ?? "null") as Record<string, unknown>, lines };
}

const CANARY = "canary-9c1f";

describe("THREAT-11 the log writes", () => {
  test("only fields that it knows", () => {
    const { log, last } = logOf();
    log.info({ verb: "approve", justification: CANARY, token: CANARY, body: { text: CANARY } }, "something happened");
    expect(last()).toMatchObject({
      verb: "approve",
      justification: "(hidden)",
      token: "(hidden)",
      body: "(hidden)",
      msg: "something happened",
    });
  });

  test("people, logins and places as the same hash each time, which nobody without the key can work out", () => {
    const { log, last } = logOf();
    log.warn({ person: "E017", user: "U0ANNA", place: "person:E017", people: ["E017", "E018"] }, "x");
    const hash = hashedName("a key", "E017");
    expect(hash).toMatch(/^#[0-9a-f]{12}$/);
    expect(last()).toMatchObject({ person: hash, place: `person:${hash}`, people: [hash, hashedName("a key", "E018")] });
    expect(JSON.stringify(last())).not.toMatch(/E017|U0ANNA/);
    expect(hashedName("another key", "E017")).not.toBe(hash);
  });

  test("an error by class, code and place, with whatever caused it, and never by its message", () => {
    const { log, last, lines } = logOf();
    const cause = Object.assign(new TypeError(`invalid input "${CANARY}"\n    at ${CANARY} (x.ts:1:1)`), { code: "22P02", detail: CANARY });
    const error = Object.assign(new Error(`Failed query: ${CANARY}`, { cause }), { query: CANARY, parameters: [CANARY] });
    log.error({ err: error }, "it failed");
    expect(last()).toMatchObject({
      err: { name: "Error < TypeError 22P02", at: expect.arrayContaining([expect.stringContaining("log.test.ts")]) },
    });
    log.error(error as unknown as object, undefined as unknown as string);
    log.error({ err: cause }, "it failed");
    expect(lines.join("")).not.toContain(CANARY);
    expect(faultOf(cause).at[0]).toContain("log.test.ts");
  });

  test("words from outside only where they look like a name", () => {
    const { log, last } = logOf();
    log.warn({ why: "channel_not_found" }, "x");
    expect(last().why).toBe("channel_not_found");
    log.warn({ why: `<html>${CANARY}</html>` }, "x");
    expect(last().why).toBe("(hidden)");
    log.warn({ why: "a".repeat(500) }, "x");
    expect(last().why).toBe("(hidden)");
  });

  test("one line for one call, whatever stands in it", () => {
    const { log, lines } = logOf();
    log.warn({ home: "a\nb\u2028c", why: "a\nb" }, "x");
    expect(lines).toHaveLength(1);
    expect(lines[0]?.trimEnd()).not.toContain("\n");
  });
});

test("THREAT-11 what stops the start unexpectedly is shown by class, code and place", () => {
  const said = saying(Object.assign(new Error(`duplicate key (login)=(${CANARY})`), { code: "23505" }));
  expect(said).toMatch(/^Latchkey could not go on: Error 23505\n {4}at .*log\.test\.ts/);
  expect(said).not.toContain(CANARY);
});

test("every field of a log call in src is one that the log writes", () => {
  const strangers: string[] = [];
  let calls = 0;
  for (const name of readdirSync("src", { recursive: true, encoding: "utf8" }).filter((one) => /(?<!\.d)\.ts$/.test(one))) {
    const text = readFileSync(path.join("src", name), "utf8");
    if (!/\blog\??\./.test(text)) continue;
    const source = ts.createSourceFile(name, text, ts.ScriptTarget.Latest, true);
    const visit = (node: ts.Node): void => {
      const [about] =
        ts.isCallExpression(node) && /\blog\??\.(debug|info|warn|error|fatal|trace)$/.test(node.expression.getText(source))
          ? node.arguments
          : [];
      if (about) {
        calls += 1;
        if (!ts.isObjectLiteralExpression(about)) strangers.push(`${name}: ${about.getText(source)}`);
        else
          for (const property of about.properties)
            if (!property.name || !(property.name.getText(source) in LOG_FIELDS)) strangers.push(`${name}: ${property.getText(source)}`);
      }
      ts.forEachChild(node, visit);
    };
    visit(source);
  }
  expect(calls).toBeGreaterThan(30);
  expect(strangers).toEqual([]);
});
