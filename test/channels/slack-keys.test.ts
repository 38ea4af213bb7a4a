/** The doors in front of the listeners, each alone: keys under which an act counts once, whose envelope it is, what buttons and forms may claim. */
import { createHmac } from "node:crypto";
import { IncomingMessage } from "node:http";
import { Socket } from "node:net";
import { describe, expect, test } from "vitest";
import type { Action } from "../../src/cards/card.ts";
import { actionIdOf, actionValueOf, isLineVerb, isVerb, pagesText, readAction, readPages } from "../../src/channels/slack/actions.ts";
import { admit, MOST_BODY_BYTES } from "../../src/channels/slack/gate.ts";
import { isOurs, originOf } from "../../src/channels/slack/homes.ts";
import { canonical, delivered, onceOfClick, onceOfForm, onceOfLineClick, onceOfTyped } from "../../src/channels/slack/once.ts";
import { metadataOf, readMetadata } from "../../src/channels/slack/purposes.ts";
import { shapeOf, shapeOfBody } from "../../src/channels/slack/shape.ts";
import { readFrame } from "../../src/channels/slack/socket-frame.ts";

const hex = /^[0-9a-f]{64}$/;

describe("the key under which an act counts once", () => {
  const click = {
    home: "T1",
    user: "U1",
    conversation: "C1",
    message: "1.1",
    action: { kind: "act", verb: "approve", task: "t", face: 3 },
  } as const;
  const press = { home: "T1", user: "U1", conversation: "C1", message: "1.1", trigger: "x", verb: "nudge", line: "l" };
  const said = { home: "T1", user: "U1", conversation: "C1", message: "1.1", content: { verb: "approve", number: 7 } };
  const form = { home: "T1", user: "U1", view: "V1", content: { reason: "no" } };

  test("of a click says what was clicked where, and by whom", () => {
    expect(onceOfClick(click).key).toBe("slack:T1:C1:1.1:approve:t:3:U1");
    expect(onceOfClick(click).fingerprint).toMatch(hex);
    expect(onceOfClick(click)).toEqual(onceOfClick({ ...click }));
  });

  test("is another one as soon as any of its facts is", () => {
    const clicks = [
      click,
      ...[{ home: "T2" }, { user: "U2" }, { conversation: "C2" }, { message: "2.1" }].map((other) => ({ ...click, ...other })),
      ...[{ verb: "claim" } as const, { task: "u" }, { face: 4 }].map((other) => ({ ...click, action: { ...click.action, ...other } })),
    ].map(onceOfClick);
    expect(new Set(clicks.map(({ key }) => key)).size).toBe(clicks.length);
    expect(new Set(clicks.map(({ fingerprint }) => fingerprint)).size).toBe(clicks.length);
    const lines = [press, ...Object.keys(press).map((name) => ({ ...press, [name]: "other" }))].map(onceOfLineClick);
    expect(new Set(lines.map(({ key }) => key)).size).toBe(lines.length);
    const typed = [said, ...["home", "user", "conversation", "message"].map((name) => ({ ...said, [name]: "other" }))].map(onceOfTyped);
    expect(new Set(typed.map(({ key }) => key)).size).toBe(typed.length);
    const forms = [form, ...["home", "user", "view"].map((name) => ({ ...form, [name]: "other" }))].map(onceOfForm);
    expect(new Set(forms.map(({ key }) => key)).size).toBe(forms.length);
  });

  test("of what was typed or filled in stays the same with other content, whose fingerprint differs", () => {
    expect(onceOfTyped({ ...said, content: {} }).key).toBe(onceOfTyped(said).key);
    expect(onceOfTyped({ ...said, content: {} }).fingerprint).not.toBe(onceOfTyped(said).fingerprint);
    expect(onceOfForm({ ...form, content: {} }).key).toBe(onceOfForm(form).key);
    expect(onceOfForm({ ...form, content: {} }).fingerprint).not.toBe(onceOfForm(form).fingerprint);
    expect(onceOfForm(form).key).toBe("slack:T1:form:V1:U1");
    expect(onceOfTyped(said).key).toMatch(/^slack:T1:typed:C1:[0-9a-f]{64}:U1$/);
    expect(onceOfLineClick(press).key).toMatch(/^slack:T1:C1:1\.1:nudge:l:U1:[0-9a-f]{64}$/);
  });

  test("of a delivery is its envelope's own name, digested, of whoever sent it in this workspace; without a name there is none", () => {
    const named = (home: string, delivery: string) => delivered({ home, user: "U1", delivery }).delivery;
    expect(named("T1", "1.2.abc")).toMatch(/^slack:T1:U1:delivery:[0-9a-f]{64}$/);
    const anothers = delivered({ home: "T1", user: "U2", delivery: "1.2.abc" }).delivery;
    expect(new Set([named("T1", "1.2.abc"), named("T2", "1.2.abc"), named("T1", "1.2.abd"), anothers]).size).toBe(4);
    expect(delivered({ home: "T1", user: "U1" })).toEqual({});
  });

  test("can't be made to look like another one by a colon or a percent sign in a part", () => {
    const one = onceOfForm({ ...form, view: "V1:U1", user: "U2" });
    const other = onceOfForm({ ...form, view: "V1", user: "U1:U2" });
    expect(one.key).toBe("slack:T1:form:V1%3AU1:U2");
    expect(other.key).toBe("slack:T1:form:V1:U1%3AU2");
    expect(onceOfForm({ ...form, view: "V1%3AU1" }).key).toBe("slack:T1:form:V1%253AU1:U1");
  });

  test.each<[unknown, string]>([
    [{ b: 1, a: [true, undefined, { d: null, c: "x" }] }, '{"a":[true,null,{"c":"x","d":null}],"b":1}'],
    [{ a: undefined }, "{}"],
    [undefined, "null"],
    [null, "null"],
    [[], "[]"],
    ["a", '"a"'],
    [7, "7"],
    [{ b: 2, a: 1, c: { b: 2, a: 1 } }, '{"a":1,"b":2,"c":{"a":1,"b":2}}'],
  ])("content %j reads %s, whatever the order of its keys", (content, read) => {
    expect(canonical(content)).toBe(read);
  });
});

describe("whose envelope it is", () => {
  test.each<[string, object, readonly string[], string | null]>([
    ["a click", { user: { id: "U1", team_id: "T1" }, team: { id: "T2" } }, ["T1", "T2"], "T1"],
    ["a command", { team_id: "T1", user_id: "U1" }, ["T1"], "T1"],
    ["an event of somebody from elsewhere", { team_id: "T1", event: { user_team: "T2" } }, ["T2", "T1"], "T2"],
    ["an event from elsewhere", { team_id: "T1", event: { source_team: "T2" } }, ["T2", "T1"], "T2"],
    ["the team in which it happened", { context_team_id: "T3" }, ["T3"], "T3"],
    ["a view of another team", { team: { id: "T1" }, view: { team_id: "T2", app_installed_team_id: "T3" } }, ["T1", "T2", "T3"], "T1"],
    [
      "an event's own team",
      { team_id: "T1", event: { team: "T2", team_id: "T3", view: { team_id: "T4" } } },
      ["T1", "T2", "T3", "T4"],
      "T1",
    ],
    ["a message of somebody from elsewhere", { team_id: "T1", message: { user_team: "T2" } }, ["T1", "T2"], "T1"],
    ["nobody's", { user: { id: "U1" } }, [], null],
    ["one with empty ids", { user: { team_id: "" }, team: { id: "" }, team_id: "" }, [], null],
  ])("%s names its teams", (_, body, teams, home) => {
    expect(originOf(body)).toEqual({ teams, home });
  });

  test("it is ours when each of its teams is listed, and one is named", () => {
    expect(isOurs({ teams: ["T1"], home: "T1" }, ["T1", "T2"])).toBe(true);
    expect(isOurs({ teams: ["T1", "T2"], home: "T1" }, ["T1", "T2"])).toBe(true);
    expect(isOurs({ teams: ["T1", "T3"], home: "T1" }, ["T1", "T2"])).toBe(false);
    expect(isOurs({ teams: ["T3"], home: "T3" }, ["T1"])).toBe(false);
    expect(isOurs({ teams: [], home: null }, ["T1"])).toBe(false);
  });
});

const ACTIONS: readonly (readonly [Action, string, string])[] = [
  [{ kind: "act", verb: "approve", face: 3, task: "t:1" }, "act:approve:3:t:1", "do.approve"],
  [{ kind: "act", verb: "claim", face: 123_456_789, task: "t" }, "act:claim:123456789:t", "do.claim"],
  [{ kind: "act", verb: "cancel-order", face: 0, task: "a\nb" }, "act:cancel-order:0:a\nb", "do.cancel-order"],
  [{ kind: "act-on-line", verb: "withdraw", line: "l\n1" }, "line:withdraw:l\n1", "do.withdraw"],
  [{ kind: "show", task: "t\n1" }, "show:t\n1", "do.show"],
  [{ kind: "show", task: "t1", page: 12 }, "show@12:t1", "do.show"],
  [{ kind: "show-request", number: 123_456_789_012_345, page: 9_999 }, "all:123456789012345:9999", "do.show-request"],
  [{ kind: "ask", application: "crm\nx" }, "ask:crm\nx", "do.ask"],
  [{ kind: "ask", application: null }, "ask:", "do.ask"],
  [{ kind: "ask", application: "crm", line: "l-1_x" }, "ask@l-1_x:crm", "do.ask"],
  [{ kind: "page", list: "late", page: 12 }, "page:late:12", "do.page-late"],
];

describe("what a button carries", () => {
  test.each(ACTIONS)("%j is a value that reads as itself", (action, value, id) => {
    expect(actionValueOf(action)).toBe(value);
    expect(readAction(value)).toEqual(action);
    expect(actionIdOf(action, 0)).toBe(id);
    expect(actionIdOf(action, 2)).toBe(`${id}.2`);
  });

  test("THREAT-5 what only looks like one of its values reads as nothing", () => {
    const values = ACTIONS.map(([, value]) => value);
    const odd = [
      ...values.flatMap((value) => [`x${value}`, value.toUpperCase()]),
      ...[
        "act:approve:3:",
        "act:approve::t",
        "act:approve:x:t",
        "act:approve:1234567890:t",
        "act:approve:-1:t",
        "act:toString:1:t",
        "act:nudge:1:t",
      ],
      ...[
        "act:approve:3:a\0b",
        "line:approve:l",
        "line:withdraw:",
        "line:withdraw:a\0",
        "line:__proto__:l",
        "show:",
        "show:a\0",
        "show@:t",
        "show@12345:t",
      ],
      ...[
        "all:1:x",
        "all::1",
        "all:1234567890123456:1",
        "all:1:12345",
        "all:1:2:3",
        "all:1:2 ",
        "page:late:",
        "page:late:1234567",
        "page:all:1",
        "page:late:1x",
      ],
      ...["ask@:crm", "ask@a b:crm", `ask@${"x".repeat(65)}:crm`, "", "act", ":", "constructor", "page:toString:1"],
    ];
    for (const value of odd) expect(readAction(value), JSON.stringify(value)).toBeNull();
    for (const value of [null, undefined, 7, {}, ["ask:"], { length: 1 }]) expect(readAction(value)).toBeNull();
    expect(readAction(`show:${"t".repeat(1_995)}`)).toEqual({ kind: "show", task: "t".repeat(1_995) });
    expect(readAction(`show:${"t".repeat(1_996)}`)).toBeNull();
    expect(actionValueOf({ kind: "show", task: "t".repeat(3_000) })).toHaveLength(2_000);
    expect(actionValueOf({ kind: "act", verb: "approve", face: 1, task: "t".repeat(3_000) })).toHaveLength(2_000);
    expect(actionValueOf({ kind: "act-on-line", verb: "nudge", line: "t".repeat(3_000) })).toHaveLength(2_000);
    expect(actionValueOf({ kind: "ask", application: "t".repeat(3_000) })).toHaveLength(2_000);
  });

  test("a word is a verb only where it is one of ours", () => {
    for (const verb of ["approve", "reject", "claim", "release", "confirm", "report-error", "retry", "cancel-order", "reassign"]) {
      expect(isVerb(verb)).toBe(true);
      expect(isLineVerb(verb)).toBe(false);
    }
    for (const verb of ["withdraw", "nudge", "cancel"]) {
      expect(isLineVerb(verb)).toBe(true);
      expect(isVerb(verb)).toBe(false);
    }
    for (const word of ["toString", "", "expire", "__proto__"]) expect(isVerb(word) || isLineVerb(word)).toBe(false);
  });

  test("the pages of a home page are read back; of anything else it is the first of each list", () => {
    const pages = { tasks: 11, requests: 20, access: 300, late: 44 };
    expect(readPages(pagesText(pages))).toEqual(pages);
    expect(readPages("1,2,3")).toEqual({ tasks: 1, requests: 2, access: 3, late: 0 });
    const first = { tasks: 0, requests: 0, access: 0, late: 0 };
    for (const odd of [
      "",
      "1,2",
      "1,2,3,4,5",
      "x1,2,3",
      "1,2,3x",
      "1,2,3,",
      "1234567,2,3",
      "1,1234567,3",
      "1,2,1234567",
      "1,2,3,1234567",
      "a,b,c",
      null,
      7,
    ])
      expect(readPages(odd), String(odd)).toEqual(first);
  });
});

describe("what a form says of itself", () => {
  const seen = { platform: "slack", conversation: "C1", message: "1.1" };
  test.each([
    { purpose: { kind: "ask", words: "crm", application: "crm", beneficiary: "E7" }, seen, limits: "abc", page: 0 },
    { purpose: { kind: "ask", words: "", application: null, beneficiary: null }, seen: null },
    { purpose: { kind: "act", verb: "reject", task: "t1", face: 3 }, seen },
    { purpose: { kind: "act-on-line", verb: "cancel", line: "l1" }, seen: null, page: 4 },
  ] as const)("%j is read back", (kept) => {
    expect(readMetadata(metadataOf(kept))).toEqual(kept);
  });

  test.each<[string, unknown]>([
    ["no JSON", undefined],
    ["no purpose", {}],
    ["an unknown kind", { purpose: { kind: "erase", task: "t", verb: "approve", face: 1 } }],
    ["a verb that is none", { purpose: { kind: "act", verb: "nudge", task: "t", face: 1 } }],
    ["no task", { purpose: { kind: "act", verb: "reject", face: 1 } }],
    ["a face that is a text", { purpose: { kind: "act", verb: "reject", task: "t", face: "1" } }],
    ["a face that is no whole number", { purpose: { kind: "act", verb: "reject", task: "t", face: 1.5 } }],
    ["a line's verb that is none", { purpose: { kind: "act-on-line", verb: "approve", line: "l" } }],
    ["no line", { purpose: { kind: "act-on-line", verb: "cancel" } }],
  ])("%s is no purpose", (_, metadata) => {
    expect(readMetadata(metadata === undefined ? "{" : JSON.stringify(metadata))).toBeNull();
  });

  test("the place where it was opened counts only whole, and only in Slack; the page only as a whole number", () => {
    const purpose = { kind: "act-on-line", verb: "cancel", line: "l1" };
    const read = (more: object) => readMetadata(JSON.stringify({ purpose, ...more }));
    for (const odd of [
      { ...seen, platform: "teams" },
      { ...seen, conversation: "" },
      { ...seen, message: "" },
      { platform: "slack" },
      [],
      "x",
    ])
      expect(read({ seen: odd })).toEqual({ purpose, seen: null });
    for (const page of [-1, 1.5, "1", null, Number.MAX_VALUE]) expect(read({ page })).toEqual({ purpose, seen: null });
    expect(read({ limits: "" })).toEqual({ purpose, seen: null });
  });

  test("what doesn't fit leaves out where it was opened, and long words are cut", () => {
    const long = metadataOf({
      purpose: { kind: "act", verb: "reject", task: "t", face: 1 },
      seen: { ...seen, message: "m".repeat(3_000) },
    });
    expect(readMetadata(long)).toEqual({ purpose: { kind: "act", verb: "reject", task: "t", face: 1 }, seen: null });
    const ask = (words: string) => metadataOf({ purpose: { kind: "ask", words, application: null, beneficiary: null }, seen: null });
    expect(readMetadata(ask("w".repeat(300)))?.purpose).toMatchObject({ words: "w".repeat(200) });
    const task = metadataOf({ purpose: { kind: "act", verb: "reject", task: "t".repeat(4_000), face: 1 }, seen: null });
    expect(task).toHaveLength(3_000);
  });
});

const SECRET = "the-signing-secret-of-these-tests";
const NOW = 1_780_000_000_000;
const NOWHERE = new Socket();

function requestOf(
  body: Buffer,
  { method = "POST", stamp = NOW / 1000, signature = "", more = [] as [string, string][] } = {},
): IncomingMessage {
  const request = new IncomingMessage(NOWHERE);
  request.method = method;
  const signed = `v0=${createHmac("sha256", SECRET).update(`v0:${stamp}:`).update(body).digest("hex")}`;
  const headers = [
    ["Content-Type", "application/json"],
    ["X-Slack-Request-Timestamp", String(stamp)],
    ["x-slack-signature", signature || signed],
    ...more,
  ];
  for (const [name = "", value = ""] of headers) {
    request.rawHeaders.push(name, value);
    request.headers[name.toLowerCase()] = value;
  }
  request.push(body);
  request.push(null);
  return request;
}

const EVENT = Buffer.from('{"type":"event_callback","team_id":"T1","event":{"type":"app_home_opened","user":"U1"}}');

describe("the gate", () => {
  const at = (body: Buffer, how: Parameters<typeof requestOf>[1] = {}) => admit(requestOf(body, how), SECRET, NOW);

  test("lets in what Slack signed, byte by byte", async () => {
    expect(await at(EVENT)).toEqual({ ok: true, body: EVENT });
  });

  test.each<[string, number]>([
    ["five minutes old", -300],
    ["five minutes ahead", 300],
  ])("lets in what is %s", async (_, off) => {
    expect(await at(EVENT, { stamp: NOW / 1000 + off })).toMatchObject({ ok: true });
    expect(await at(EVENT, { stamp: NOW / 1000 + off + Math.sign(off) })).toEqual({ ok: false, status: 401, why: "headers or clock" });
  });

  test("turns the rest away, each for its own reason", async () => {
    expect(await at(EVENT, { method: "GET" })).toEqual({ ok: false, status: 405, why: "method" });
    expect(await at(EVENT, { more: [["content-length", String(MOST_BODY_BYTES + 1)]] })).toEqual({
      ok: false,
      status: 413,
      why: "content-length",
    });
    expect(await at(EVENT, { more: [["content-length", String(MOST_BODY_BYTES)]] })).toMatchObject({ ok: true });
    expect(await at(Buffer.alloc(MOST_BODY_BYTES + 1, "a"))).toEqual({ ok: false, status: 413, why: "body" });
    expect(await at(Buffer.alloc(MOST_BODY_BYTES, " "))).toEqual({ ok: false, status: 400, why: "shape" });
    expect(await at(Buffer.from([0x7b, 0xff, 0x7d]))).toEqual({ ok: false, status: 400, why: "encoding" });
    expect(await at(EVENT, { signature: `v0=${"0".repeat(64)}` })).toEqual({ ok: false, status: 401, why: "signature" });
    expect(await at(Buffer.from('{"type":"app_rate_limited"}'))).toEqual({ ok: false, status: 200, why: "nothing to do" });
    expect(await at(Buffer.from("\ufeff{}"))).toEqual({ ok: false, status: 400, why: "shape" });
  });

  test.each([
    "v0=",
    "0".repeat(64),
    `v1=${"0".repeat(64)}`,
    `v0=${"0".repeat(63)}`,
    `v0=${"0".repeat(65)}`,
    `xv0=${"0".repeat(64)}`,
    `v0=${"A".repeat(64)}`,
  ])("doesn't compute anything for the signature %s", async (signature) => {
    expect(await at(EVENT, { signature })).toEqual({ ok: false, status: 401, why: "headers or clock" });
  });

  test.each(["0", "-1", "1e9", "1780000000.0", "01780000000", " 1780000000", "1780000000x", "1234567890123"])(
    "takes no time that reads %s",
    async (stamp) => {
      expect(await at(EVENT, { stamp: stamp as unknown as number })).toEqual({ ok: false, status: 401, why: "headers or clock" });
    },
  );

  test("takes neither header twice nor missing", async () => {
    for (const name of ["X-Slack-Signature", "x-slack-request-timestamp"]) {
      const twice = requestOf(EVENT);
      twice.rawHeaders.push(name, "x");
      expect(await admit(twice, SECRET, NOW)).toEqual({ ok: false, status: 401, why: "headers or clock" });
      expect(await at(EVENT, { more: [["x-other", name]] })).toMatchObject({ ok: true });
      const without = requestOf(EVENT);
      without.rawHeaders = without.rawHeaders.filter((_, index, all) => all[index - (index % 2)]?.toLowerCase() !== name.toLowerCase());
      delete without.headers[name.toLowerCase()];
      expect(await admit(without, SECRET, NOW)).toEqual({ ok: false, status: 401, why: "headers or clock" });
    }
  });

  test("a body that breaks off is turned away", async () => {
    const request = requestOf(EVENT);
    const answer = admit(request, SECRET, NOW);
    request.destroy(new Error("gone"));
    expect(await answer).toEqual({ ok: false, status: 400, why: "cut off" });
  });
});

const USER = { id: "U1" };
const ACTION = { action_id: "a", block_id: "b" };

describe("the shape of an envelope", () => {
  test.each<[string, object]>([
    ["an event", { type: "event_callback", event: { type: "x" } }],
    ["an event of a channel", { type: "event_callback", event: { type: "x", channel: "C1" } }],
    ["a renamed channel", { type: "event_callback", event: { type: "x", channel: { id: "C1" } } }],
    ["Slack's first question", { type: "url_verification", challenge: "" }],
    ["a click", { type: "block_actions", user: USER, actions: [ACTION, ACTION] }],
    ["a type-ahead", { type: "block_suggestion", user: USER, ...ACTION }],
    ["a form sent", { type: "view_submission", user: USER, view: { callback_id: "" } }],
    ["a form closed", { type: "view_closed", user: USER, view: { callback_id: "x" } }],
    ["a shortcut", { type: "shortcut", user: USER, callback_id: "x" }],
    ["a message's shortcut", { type: "message_action", user: USER, callback_id: "x" }],
    ["a command", { command: "/access", user_id: "U1" }],
    [
      "empty parts",
      {
        command: "/access",
        user_id: "U1",
        event: null,
        team: null,
        enterprise: null,
        user: null,
        view: null,
        container: null,
        channel: null,
        message: null,
      },
    ],
  ])("%s is one", (_, body) => {
    expect(shapeOfBody(body)).toBe("envelope");
  });

  test.each<[string, unknown]>([
    ["nothing", null],
    ["a list", []],
    ["a text", "x"],
    ["an object without a type", {}],
    ["a type that every object has", { type: "toString" }],
    ["a type that is a list", { type: ["shortcut"], user: USER, callback_id: "x" }],
    ["an event without one", { type: "event_callback" }],
    ["an event without a type", { type: "event_callback", event: {} }],
    ["an event with an empty type", { type: "event_callback", event: { type: "" } }],
    ["an event with an item", { type: "event_callback", event: { type: "x", item: 1 } }],
    ["an event with a channel that is a number", { type: "event_callback", event: { type: "x", channel: 1 } }],
    ["an event with a channel without an id", { type: "event_callback", event: { type: "x", channel: { id: "" } } }],
    ["a question without a challenge", { type: "url_verification" }],
    ["a click of nobody", { type: "block_actions", actions: [ACTION] }],
    ["a click on nothing", { type: "block_actions", user: USER, actions: [] }],
    ["a click without a list", { type: "block_actions", user: USER, actions: { length: 1 } }],
    ["a click with an odd second action", { type: "block_actions", user: USER, actions: [ACTION, { action_id: "a" }] }],
    ["an action without an id", { type: "block_actions", user: USER, actions: [{ block_id: "b", action_id: "" }] }],
    ["a type-ahead of nobody", { type: "block_suggestion", ...ACTION }],
    ["a type-ahead of nothing", { type: "block_suggestion", user: USER }],
    ["a form of nobody", { type: "view_submission", view: { callback_id: "x" } }],
    ["a form without a view", { type: "view_submission", user: USER }],
    ["a form without a name", { type: "view_submission", user: USER, view: {} }],
    ["a closed form of nobody", { type: "view_closed", view: { callback_id: "x" } }],
    ["a closed form without a name", { type: "view_closed", user: USER, view: {} }],
    ["a shortcut of nobody", { type: "shortcut", callback_id: "x" }],
    ["a shortcut without a name", { type: "shortcut", user: USER, callback_id: "" }],
    ["a message's shortcut of nobody", { type: "message_action", callback_id: "x" }],
    ["a message's shortcut without a name", { type: "message_action", user: USER }],
    ["a command without a name", { command: "", user_id: "U1" }],
    ["a command of nobody", { command: "/access" }],
    ["a team that is a text", { command: "/access", user_id: "U1", team: "T1" }],
    ["a message that is a list", { command: "/access", user_id: "U1", message: [] }],
  ])("%s is none", (_, body) => {
    expect(shapeOfBody(body)).toBe("odd");
  });

  test.each(["event", "team", "enterprise", "user", "view", "container", "channel", "message"])("an odd %s is none", (part) => {
    expect(shapeOfBody({ command: "/access", user_id: "U1", [part]: 7 })).toBe("odd");
  });

  test("64 layers are as deep as it may be", () => {
    const deep = (layers: number): unknown => (layers === 0 ? 1 : [deep(layers - 1)]);
    expect(shapeOfBody({ command: "/access", user_id: "U1", deep: deep(63) })).toBe("envelope");
    expect(shapeOfBody({ command: "/access", user_id: "U1", deep: deep(64) })).toBe("odd");
  });

  test("what Slack says of the connection is a notice", () => {
    expect(shapeOfBody({ ssl_check: "1" })).toBe("notice");
    expect(shapeOfBody({ type: "app_rate_limited" })).toBe("notice");
  });

  test("a body is read as Bolt reads it: JSON, or a form, or JSON in a form's payload", () => {
    const shortcut = JSON.stringify({ type: "shortcut", user: USER, callback_id: "x" });
    const form = "application/x-www-form-urlencoded";
    expect(shapeOf(shortcut, "application/json")).toBe("envelope");
    expect(shapeOf(shortcut, undefined)).toBe("envelope");
    expect(shapeOf(`payload=${encodeURIComponent(shortcut)}`, form)).toBe("envelope");
    expect(shapeOf("command=%2Faccess&user_id=U1", form)).toBe("envelope");
    expect(shapeOf("command=%2Faccess&command=x&user_id=U1", form)).toBe("odd");
    expect(shapeOf("payload=%7B", form)).toBe("odd");
    expect(shapeOf(shortcut, form)).toBe("odd");
    expect(shapeOf("command=%2Faccess&user_id=U1", "application/json")).toBe("odd");
  });
});

describe("a frame of a link", () => {
  const frame = (it: unknown) => readFrame(JSON.stringify(it));
  const command = { envelope_id: "e", type: "slash_commands", payload: { command: "/access", user_id: "U1" } };

  test("says hello with its counts, and goodbye with a reason", () => {
    expect(frame({ type: "hello", num_connections: 2, debug_info: { approximate_connection_time: 60 } })).toEqual({
      kind: "hello",
      connections: 2,
      lastsS: 60,
    });
    expect(frame({ type: "hello", num_connections: "2", debug_info: 7 })).toEqual({ kind: "hello", connections: null, lastsS: null });
    expect(frame({ type: "hello", num_connections: -1 })).toEqual({ kind: "hello", connections: null, lastsS: null });
    expect(frame({ type: "hello", num_connections: 0 })).toMatchObject({ connections: 0 });
    expect(frame({ type: "disconnect", reason: "link_disabled" })).toEqual({ kind: "disconnect", reason: "link_disabled" });
    for (const reason of ["Warning", "", "a b", "x".repeat(41), 7, "a\n"])
      expect(frame({ type: "disconnect", reason })).toEqual({ kind: "disconnect", reason: "unknown" });
  });

  test("carries what its kind may carry, with the count of the delivery", () => {
    expect(frame(command)).toEqual({ kind: "envelope", envelope: { id: "e", body: command.payload } });
    expect(frame({ ...command, retry_attempt: 0, retry_reason: "timeout" })).toEqual({
      kind: "envelope",
      envelope: { id: "e", body: command.payload },
    });
    expect(frame({ ...command, retry_attempt: 2, retry_reason: "timeout" })).toMatchObject({
      envelope: { retryNum: 2, retryReason: "timeout" },
    });
    const limited = { envelope_id: "e", type: "events_api", payload: { type: "app_rate_limited" } };
    expect(frame(limited)).toEqual({ kind: "notice", id: "e", about: "app_rate_limited" });
    expect(frame({ envelope_id: "e", type: "events_api", payload: { type: "event_callback", event: { type: "x" } } })).toMatchObject({
      kind: "envelope",
    });
    expect(frame({ envelope_id: "e", type: "interactive", payload: { type: "shortcut", user: USER, callback_id: "x" } })).toMatchObject({
      kind: "envelope",
    });
  });

  test("is odd where it carries something else", () => {
    expect(frame({ ...command, type: "interactive" })).toEqual({ kind: "odd", why: "shape" });
    expect(frame({ ...command, payload: { ...command.payload, user_id: "" } })).toEqual({ kind: "odd", why: "shape" });
    expect(frame({ ...command, payload: null })).toEqual({ kind: "odd", why: "shape" });
    expect(frame({ ...command, payload: { ssl_check: "1" } })).toEqual({ kind: "odd", why: "shape" });
    expect(frame({ ...command, type: "toString" })).toEqual({ kind: "odd", why: "frame" });
    expect(frame({ ...command, type: 7 })).toEqual({ kind: "odd", why: "frame" });
    for (const id of ["", 7, undefined, "e".repeat(201)])
      expect(frame({ ...command, envelope_id: id })).toEqual({ kind: "odd", why: "frame" });
    expect(frame({ ...command, envelope_id: "e".repeat(200) })).toMatchObject({ kind: "envelope" });
    expect(frame([])).toEqual({ kind: "odd", why: "frame" });
    expect(readFrame("{")).toEqual({ kind: "odd", why: "json" });
    expect(readFrame("null")).toEqual({ kind: "odd", why: "frame" });
    expect(readFrame(" ".repeat(MOST_BODY_BYTES + 1))).toEqual({ kind: "odd", why: "size" });
    expect(readFrame(" ".repeat(MOST_BODY_BYTES))).toEqual({ kind: "odd", why: "json" });
  });
});
