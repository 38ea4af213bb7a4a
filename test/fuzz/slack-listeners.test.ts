/**
 * Damaged envelopes that are signed rightly, all the way: gate, Bolt, listeners, forms and answers, with the stand-in as Slack. Behind them somebody is
 * known and everything is allowed, so that whatever an envelope names is looked at. No listener may fail, and nobody is left without an answer.
 */
import { createHmac } from "node:crypto";
import { Agent, request } from "node:http";
import { stringify } from "node:querystring";
import fc from "fast-check";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import type { Operations } from "../../src/operations/operations.ts";
import { aLine, askViewOf, claimed, requestOf, viewOf } from "../cards/fixtures.ts";
import { counting } from "../channels/counting.ts";
import { SIGNING_SECRET, type Stage, stage } from "../channels/stage.ts";
import { person } from "../domain/situation.ts";
import { fuzzAsync, LONG, must } from "./fuzzing.ts";
import { damagedJson, damagedText } from "./hostile.ts";
import { COMMANDS, EVENTS, INTERACTIVE } from "./payloads.ts";

const line = claimed();
const task = line.tasks.at(-1)?.id ?? "";
const ana = person("ana");

/** Somebody is known, and nothing is refused. */
function allowing(): Operations {
  const { operations } = counting();
  const answer = { ok: true, value: { said: "approved", about: { number: "7", application: "Salesforce", entitlement: "" } } } as const;
  const status = { line, request: requestOf(line), viewer: "ana", administrator: true, now: new Date(0) };
  return {
    ...operations,
    identify: async () => ({ ok: true, person: ana }),
    act: async () => answer,
    actOnLine: async () => answer,
    ask: async () => answer,
    mayAct: async () => ({ ok: true, value: viewOf(line, task, "ana") }),
    mayActOnLine: async () => ({ ok: true, value: requestOf(aLine()) }),
    mayAsk: async () => ({ ok: true, value: null }),
    status: async () => ({ ok: true, value: status }),
    task: async () => viewOf(line, task, "ana"),
    lineNumbered: async () => ({ line: line.id, request: line.requestId, tasks: [{ id: task, kind: "fulfilment", state: "open" }] }),
    named: async (people) => people.map(() => ana),
    askView: async (_person, { words }) => askViewOf({ words }),
    searchApplications: async () => [{ id: "salesforce", name: "Salesforce", description: "" }],
    searchPeople: async () => [{ id: "ana", name: "Ana", description: "Sales" }],
  };
}

const agent = new Agent({ keepAlive: true, maxSockets: 1 });
const crashes: unknown[] = [];
const crash = (error: unknown) => void crashes.push(error);
let it: Stage;

beforeAll(async () => {
  process.on("unhandledRejection", crash);
  it = await stage(allowing());
});
afterAll(async () => {
  agent.destroy();
  await it.close();
  process.off("unhandledRejection", crash);
});
afterEach(() => expect(crashes).toEqual([]));

/** The status that Slack gets to see. */
function deliver(body: string, contentType: string): Promise<number> {
  const stamp = Math.floor(Date.now() / 1000);
  const signature = `v0=${createHmac("sha256", SIGNING_SECRET).update(`v0:${stamp}:${body}`).digest("hex")}`;
  const headers = { "content-type": contentType, "x-slack-request-timestamp": String(stamp), "x-slack-signature": signature };
  return new Promise((resolve, reject) => {
    const outgoing = request(it.eventsUrl, { method: "POST", agent, headers }, (response) => {
      response.resume();
      response.on("end", () => resolve(response.statusCode ?? 0));
    });
    outgoing.on("error", reject);
    outgoing.end(body);
  });
}

const FORM = "application/x-www-form-urlencoded";
const wellFormed = (words: string) => Buffer.from(words).toString();

test("THREAT-17 no signed envelope, whatever is wrong with it, makes a listener fail", LONG, async () => {
  const envelopes = fc.oneof(
    { weight: 4, arbitrary: damagedJson(...INTERACTIVE).map((payload) => [stringify({ payload: wellFormed(payload) }), FORM] as const) },
    { weight: 2, arbitrary: damagedJson(...EVENTS).map((body) => [wellFormed(body), "application/json"] as const) },
    {
      weight: 2,
      arbitrary: fc
        .tuple(fc.constantFrom(...COMMANDS), damagedText("approve 12 fine", "reassign 12 <@UBO>, E7: away", "crm"))
        .map(([command, text]) => [stringify({ ...command, text: wellFormed(text) }), FORM] as const),
    },
  );
  const gone = ["a listener failed", "Bolt met an error", "a request from Slack failed", "news of the workspace could not be dealt with"];
  await fuzzAsync(
    envelopes,
    async ([body, contentType]) => {
      const before = it.logged.length;
      must([200, 400, 413].includes(await deliver(body, contentType)), "an answer");
      const bad = it.logged.slice(before).find((said) => gone.some((words) => said.startsWith(words)));
      must(bad === undefined, `nothing fails: ${bad}`);
    },
    0.02,
  );
});
