/** What is handed to whoever watches: the dashboard, the rules and the page about them name only metrics and labels that are there. */
import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { readConfig } from "../src/config.ts";
import { watch } from "../src/meters.ts";
import type { Meters } from "../src/ports.ts";
import { readiness } from "../src/readiness.ts";

const read = (file: string) => readFileSync(file, "utf8");

/** Everything said once. */
function sayAll(meters: Meters): void {
  meters.acknowledged("command", "answered", 0.01);
  meters.turnedAway(401);
  meters.operated("approve", "approved", 0.01);
  meters.conflicted("act");
  meters.happened(["submitted", "reminded"]);
  meters.delivered("post", "done", 0.1);
  meters.carriedOut("show", "done");
  meters.heldBack("chat.postMessage", 1);
  meters.limited("chat.postMessage");
  meters.linked(2);
  meters.unlinked();
  meters.ticked("done", 0.01);
  meters.asked(0.001);
}

const OUTBOX = { due: [{ kind: "show", priority: 2, count: 3, oldest: 61.5 }], dead: [{ kind: "tell", count: 1 }] };

async function pageOf(outbox = async () => OUTBOX): Promise<string> {
  const seen = watch({ version: "1.2.3", outbox });
  sayAll(seen.meters);
  return seen.page();
}

/** Metric -> its type, and the labels with which it is written. */
async function known(): Promise<ReadonlyMap<string, { readonly type: string; readonly labels: ReadonlySet<string> }>> {
  const page = await pageOf();
  const all = new Map<string, { type: string; labels: Set<string> }>();
  for (const [, name = "", type = ""] of page.matchAll(/^# TYPE (\S+) (\S+)$/gm)) all.set(name, { type, labels: new Set() });
  for (const [, name = "", labels = ""] of page.matchAll(/^([a-z_0-9]+)\{(.*)\} /gm)) {
    const of = all.get(name) ?? all.get(name.replace(/_(bucket|sum|count)$/, ""));
    for (const [, label = ""] of labels.matchAll(/(\w+)="/g)) of?.labels.add(label);
  }
  return all;
}

interface Panel {
  readonly title: string;
  readonly type: string;
  readonly fieldConfig?: { readonly defaults: { readonly unit?: string } };
  readonly datasource?: { readonly uid: string };
  readonly targets?: readonly { readonly expr: string; readonly datasource: { readonly uid: string } }[];
}

const DASHBOARD = JSON.parse(read("docs/grafana/latchkey.json")) as {
  readonly __inputs: readonly { readonly name: string; readonly pluginId: string }[];
  readonly schemaVersion: number;
  readonly panels: readonly (Panel & { readonly id: number })[];
};
const RULES = parse(read("docs/alerts.yaml")) as {
  readonly groups: readonly {
    readonly rules: readonly {
      readonly alert: string;
      readonly expr: string;
      readonly labels: { readonly severity: string };
      readonly annotations: { readonly summary: string; readonly what_to_do: string };
    }[];
  }[];
};
const rules = RULES.groups.flatMap((group) => group.rules);
const panels = DASHBOARD.panels.filter(({ type }) => type !== "row");

/** Why an expression can't mean anything: names that nothing writes. */
async function strangersIn(expr: string): Promise<readonly string[]> {
  const metrics = await known();
  const named = [...expr.matchAll(/\b(?:latchkey|process|nodejs)_[a-z0-9_]+/g)].map(([name]) => name);
  const found = named.map((name) => {
    const whole = metrics.get(name);
    const base = metrics.get(name.replace(/_(bucket|sum|count)$/, ""));
    return whole && whole.type !== "histogram" ? whole : base?.type === "histogram" && !whole ? base : null;
  });
  const labels = new Set(["instance", "le", ...found.flatMap((one) => [...(one?.labels ?? [])])]);
  const used = [
    ...[...expr.matchAll(/\bby \(([^)]*)\)/g)].flatMap(([, list = ""]) => list.split(/, */)),
    ...[...expr.matchAll(/(\w+)(?:=~|!~|!=|=)"/g)].map(([, label = ""]) => label),
  ];
  return [
    ...(named.length === 0 ? ["no metric at all"] : []),
    ...named.filter((_, index) => found[index] === null),
    ...used.filter((label) => !labels.has(label)),
  ];
}

/** How Grafana writes the datasource that is chosen at the import. */
const INPUT = ["$", "{DS_PROMETHEUS}"].join("");

describe("the dashboard", () => {
  test("is imported with a choice of the Prometheus that holds the metrics", () => {
    expect(DASHBOARD.__inputs).toMatchObject([{ name: "DS_PROMETHEUS", type: "datasource", pluginId: "prometheus" }]);
    expect(DASHBOARD.schemaVersion).toBeGreaterThanOrEqual(38);
    for (const panel of panels) {
      expect(panel.datasource?.uid).toBe(INPUT);
      for (const target of panel.targets ?? []) expect(target.datasource.uid).toBe(INPUT);
    }
    expect(new Set(DASHBOARD.panels.map(({ id }) => id)).size).toBe(DASHBOARD.panels.length);
  });

  test("every panel has a title and a unit, and asks for metrics and labels that are there", async () => {
    expect(panels.length).toBeGreaterThan(15);
    for (const panel of panels) {
      expect(panel.title).toMatch(/\w/);
      expect([panel.title, panel.fieldConfig?.defaults.unit]).toEqual([panel.title, expect.stringMatching(/\w/)]);
      expect(panel.targets?.length).toBeGreaterThan(0);
      for (const { expr } of panel.targets ?? []) expect([expr, await strangersIn(expr)]).toEqual([expr, []]);
    }
  });
});

test("every rule for alerts says what happened and what to do, and asks for metrics and labels that are there", async () => {
  expect(rules.map(({ alert }) => alert)).toEqual(
    expect.arrayContaining(["LatchkeyOutboxOld", "LatchkeyEffectsDead", "LatchkeyLinksDown", "LatchkeyAcksSlow", "LatchkeyTickStale"]),
  );
  for (const { alert, expr, labels, annotations } of rules) {
    expect([alert, await strangersIn(expr)]).toEqual([alert, []]);
    expect(["page", "ticket"]).toContain(labels.severity);
    expect([alert, annotations.summary, annotations.what_to_do]).toEqual([alert, expect.stringMatching(/\w/), expect.stringMatching(/\w/)]);
  }
});

test("the page about watching describes every metric of Latchkey, and no other", async () => {
  const ours = [...(await known()).keys()].filter((name) => name.startsWith("latchkey_"));
  const rows = [...read("docs/watch.md").matchAll(/^\| `(latchkey_\w+)`/gm)].map(([, name]) => name);
  expect(rows.sort()).toEqual(ours.sort());
});

test("expressions with a metric, or a label, that nothing writes are found out", async () => {
  expect(await strangersIn("sum(latchkey_imagined_total)")).toEqual(["latchkey_imagined_total"]);
  expect(await strangersIn("sum by (person) (latchkey_events_total)")).toEqual(["person"]);
  expect(await strangersIn('latchkey_events_total{kind="approved"}')).toEqual(["kind"]);
  expect(await strangersIn("latchkey_ack_seconds")).toEqual(["latchkey_ack_seconds"]);
});

describe("the page of metrics", () => {
  test("every metric says whether it is about this process or about the database", async () => {
    const help = [...(await pageOf()).matchAll(/^# HELP (latchkey_\S+) (.+)$/gm)];
    expect(help.length).toBeGreaterThan(20);
    for (const [, name, words] of help)
      expect([name, words]).toEqual([name, expect.stringMatching(/Of this process\.$|Of the database: every replica says the same\.$/)]);
  });

  test("an answer over three seconds counts as over one second too", async () => {
    const { meters, page } = watch({ version: "1", outbox: async () => OUTBOX });
    for (const seconds of [0.5, 1.5, 3.5]) meters.acknowledged("button", "answered", seconds);
    expect(await page()).toContain('latchkey_slow_acks_total{over="1"} 2\nlatchkey_slow_acks_total{over="3"} 1\n');
  });

  test("over HTTP nothing is said of links", async () => {
    expect(await watch({ version: "1", outbox: async () => OUTBOX }).page()).not.toMatch(/^latchkey_socket_links\b.* \d/m);
    expect(await pageOf()).toContain("\nlatchkey_socket_links 2\n");
  });

  test("while the database is silent the outbox is left out, and everything else is there", async () => {
    let silent = false;
    const seen = watch({ version: "1", outbox: () => (silent ? Promise.reject(new Error("away")) : Promise.resolve(OUTBOX)) });
    expect(await seen.page()).toContain('latchkey_outbox_effects{kind="show",priority="2"} 3\n');
    silent = true;
    const page = await seen.page();
    expect(page).not.toMatch(/^latchkey_outbox_\w+\{/m);
    expect(page).toContain("latchkey_build_info{");
  });

  test("many who ask at the same time cost the database one question", async () => {
    let asked = 0;
    const seen = watch({ version: "1", outbox: async () => ({ ...OUTBOX, due: [], dead: [{ kind: "tell", count: ++asked }] }) });
    await Promise.all(Array.from({ length: 20 }, () => seen.page()));
    expect(asked).toBe(1);
  });
});

test("ready means all parts; each that isn't there is named", () => {
  const up = { database: "answers", schema: "migrated", chat: "up", process: "runs" } as const;
  expect(readiness(up)).toEqual({ ready: true, parts: up });
  for (const missing of [
    { database: "silent" },
    { schema: "behind" },
    { chat: "starting" },
    { chat: "down" },
    { process: "stopping" },
  ] as const)
    expect(readiness({ ...up, ...missing })).toEqual({ ready: false, parts: { ...up, ...missing } });
});

describe("where metrics are served", () => {
  const real = { SLACK_BOT_TOKEN: "xoxb-1", SLACK_SIGNING_SECRET: "a-signing-secret", LATCHKEY_CONFIG: "." };

  test("in real mode apart, on loopback, unless METRICS_HOST and METRICS_PORT say otherwise", () => {
    expect(readConfig(real).metrics).toEqual({ host: "127.0.0.1", port: 9464, portIsNamed: false });
    expect(readConfig({ ...real, PORT: "0" }).metrics).toMatchObject({ port: 0, portIsNamed: false });
    expect(readConfig({ ...real, METRICS_HOST: "10.0.0.5", METRICS_PORT: "9000" }).metrics).toEqual({
      host: "10.0.0.5",
      port: 9000,
      portIsNamed: true,
    });
  });

  test("in a playground beside everything else; apart where that is asked for, and on loopback only", () => {
    expect(readConfig({}).metrics).toBeNull();
    expect(readConfig({ METRICS_PORT: "9000" }).metrics).toMatchObject({ host: "127.0.0.1", port: 9000 });
    expect(() => readConfig({ METRICS_HOST: "0.0.0.0" })).toThrow("METRICS_HOST must be a loopback address in playground mode.");
  });
});
