/** Everything that Slack's requests and frames are read by, with damaged ones: before the signature and after it, over HTTP and over a socket. */
import { createHmac } from "node:crypto";
import { IncomingMessage } from "node:http";
import { Socket } from "node:net";
import { type ParsedUrlQueryInput, stringify } from "node:querystring";
import { isDeepStrictEqual } from "node:util";
import fc from "fast-check";
import { test } from "vitest";
import { commandOf } from "../../src/cards/act-forms.ts";
import { submissionOf } from "../../src/cards/ask-answers.ts";
import type { Answers } from "../../src/cards/form.ts";
import { lineCommandOf } from "../../src/cards/steering-forms.ts";
import { actionIdOf, actionValueOf, readAction, readPages } from "../../src/channels/slack/actions.ts";
import { chatUser, type SlackUser } from "../../src/channels/slack/directory.ts";
import { at, interactionOf, modalOf, seenAt, senderOf, typed } from "../../src/channels/slack/envelope.ts";
import { errorsAt } from "../../src/channels/slack/faults.ts";
import { answersOf } from "../../src/channels/slack/fields.ts";
import { admit, MOST_BODY_BYTES } from "../../src/channels/slack/gate.ts";
import { isOurs, originOf } from "../../src/channels/slack/homes.ts";
import { onceOfForm } from "../../src/channels/slack/once.ts";
import { metadataOf, readMetadata } from "../../src/channels/slack/purposes.ts";
import { isRecord, shapeOfBody } from "../../src/channels/slack/shape.ts";
import { type Frame, readFrame } from "../../src/channels/slack/socket-frame.ts";
import { kindOf } from "../../src/channels/slack/watched.ts";
import { fieldFault } from "../../src/domain/field-fault.ts";
import { salesforce } from "../cards/fixtures.ts";
import { fuzz, fuzzAsync, LONG, must } from "./fuzzing.ts";
import { damagedJson, damagedText, text } from "./hostile.ts";
import { COMMANDS, EVENTS, INTERACTIVE, METADATA, TEAM, VALUES } from "./payloads.ts";

const SECRET = "the-signing-secret-of-these-tests";
const NOW = 1_780_000_000_000;
const FORM = "application/x-www-form-urlencoded";
const isText = (value: unknown) => typeof value === "string";

const formOf = (fields: object) => stringify(fields as ParsedUrlQueryInput);
/** No form can carry half of a surrogate pair. */
const wellFormed = (words: string) => Buffer.from(words).toString();

/** Bodies with the content type that they would come with. */
const bodies: fc.Arbitrary<readonly [string, string]> = fc.oneof(
  { weight: 4, arbitrary: damagedJson(...INTERACTIVE).map((payload) => [formOf({ payload: wellFormed(payload) }), FORM] as const) },
  { weight: 2, arbitrary: damagedJson(...EVENTS).map((body) => [body, "application/json"] as const) },
  { weight: 2, arbitrary: damagedText(...COMMANDS.map(formOf)).map((body) => [body, FORM] as const) },
  { weight: 1, arbitrary: fc.tuple(text, fc.constantFrom(FORM, "application/json", "", "text/plain")) },
);

const NOWHERE = new Socket();

/** A request as node gives it to the server, without a network below. */
function requestOf(method: string, headers: readonly (readonly [string, string])[], body: Buffer): IncomingMessage {
  const request = new IncomingMessage(NOWHERE);
  request.method = method;
  request.rawHeaders.push(...headers.flat());
  for (const [name, value] of headers) {
    // node joins what comes twice with a comma.
    const before = request.headers[name.toLowerCase()];
    request.headers[name.toLowerCase()] = before === undefined ? value : `${String(before)}, ${value}`;
  }
  request.push(body);
  request.push(null);
  return request;
}

const hex = (timestamp: string, body: Buffer) => createHmac("sha256", SECRET).update(`v0:${timestamp}:`).update(body).digest("hex");

test(
  "THREAT-1 THREAT-17 whatever headers and body come to the gate, only what Slack signed just now gets in, as it came",
  LONG,
  async () => {
    const stamp = String(NOW / 1000);
    const requests = fc.record({
      body: bodies,
      isUtf8: fc.constantFrom(true, true, true, true, false),
      method: fc.constantFrom("POST", "POST", "POST", "POST", "POST", "POST", "GET", "", "post", "__proto__"),
      stamp: fc.oneof({ weight: 6, arbitrary: fc.constant(stamp) }, { weight: 1, arbitrary: damagedText(stamp) }),
      signature: fc.oneof({ weight: 6, arbitrary: fc.constant(null) }, { weight: 1, arbitrary: damagedText(`v0=${"0".repeat(64)}`) }),
      length: fc.oneof({ weight: 6, arbitrary: fc.constant(null) }, { weight: 1, arbitrary: text }),
      twice: fc.constantFrom(false, false, false, false, true),
    });
    await fuzzAsync(requests, async (it) => {
      const body = Buffer.from(it.body[0], it.isUtf8 ? "utf8" : "latin1");
      const signature = it.signature ?? `v0=${hex(it.stamp, body)}`;
      const headers: (readonly [string, string])[] = [
        ["Content-Type", it.body[1]],
        ["X-Slack-Request-Timestamp", it.stamp],
        ["X-Slack-Signature", signature],
        ...(it.length === null ? [] : [["content-length", it.length] as const]),
        ...(it.twice ? [["x-slack-signature", signature] as const] : []),
      ];
      const admitted = await admit(requestOf(it.method, headers, body), SECRET, NOW);
      if (!admitted.ok) {
        must([200, 400, 401, 405, 413].includes(admitted.status), "a status that a gate has");
        must(/^[a-z- ]+$/.test(admitted.why), "a word for the log");
        return;
      }
      must(it.method === "POST" && !it.twice, "one POST");
      must(admitted.body.equals(body) && body.length <= MOST_BODY_BYTES, "the very bytes, not too many");
      must(signature === `v0=${hex(it.stamp, body)}`, "signed with the secret");
      must(Math.abs(Number(it.stamp) - NOW / 1000) <= 300, "signed just now");
    });
  },
);

/** Everything that reads an envelope gives what its type says; `body` has passed the gate. */
function readAll(body: unknown): void {
  const { home, user } = senderOf(body);
  must([home, user].every(isText), "a sender of two texts");
  const origin = originOf(body);
  must(origin.teams.every(isText), "teams that are texts");
  if (isOurs(origin, [TEAM])) must(home === TEAM, "a sender of the listed workspace");
  must(isText(kindOf(body)), "a kind");
  const { trigger, responseUrl, place } = interactionOf(body);
  must([trigger, responseUrl, ...Object.values(seenAt(place) ?? {})].every(isText), "an interaction of texts");
  const used = at(body, "actions");
  if (Array.isArray(used)) readAction(at(used[0], "value"));
  if (isRecord(at(body, "event", "user"))) readUser(at(body, "event", "user") as SlackUser);
  readModal(modalOf(at(body, "view")));
}

function readUser(user: SlackUser): void {
  const { email, standing } = chatUser(TEAM, "UANA", user);
  must(email === null || isText(email), "an address or none");
  // In doubt the lesser standing.
  const teams = user.enterprise_user?.teams;
  if (standing === "member") must(user.team_id === TEAM || (Array.isArray(teams) && teams.includes(TEAM)), "a member of this workspace");
}

function readModal(modal: ReturnType<typeof modalOf>): void {
  must([modal.id, modal.hash, modal.metadata, ...modal.inputs.keys(), ...modal.inputs.values()].every(isText), "a modal of texts");
  readMetadata(modal.metadata);
  readAnswers(answersOf(modal.values));
  const errors = errorsAt(modal, [[null, ["said"]]]);
  if (errors) must(Object.values(errors.errors).join() === "said", "one sentence at one input");
}

function isAnswer(answer: unknown): boolean {
  return answer === null || typeof answer === "boolean" || isText(answer) || (Array.isArray(answer) && answer.every(isText));
}

function readAnswers(answers: Answers): void {
  must(Object.values(answers).every(isAnswer), "answers");
  const submission = submissionOf(answers, salesforce);
  must(submission.entitlements.every(isText), "entitlements that are texts");
  for (const field of salesforce.form) fieldFault(field, submission.values[field.id]);
  for (const verb of ["approve", "reject", "release", "confirm", "reassign"] as const)
    must(commandOf(verb, answers).verb === verb, "the verb's command");
  for (const verb of ["withdraw", "cancel"] as const) must(lineCommandOf(verb, answers).verb === verb, "the verb's command");
  const once = onceOfForm({ home: TEAM, user: "UANA", view: "V1", content: submission });
  must(/^[0-9a-f]{64}$/.test(once.fingerprint), "a fingerprint");
}

const frames: fc.Arbitrary<string> = fc.oneof(
  {
    weight: 6,
    arbitrary: damagedJson(
      ...INTERACTIVE.map((payload) => ({ envelope_id: "e-1", type: "interactive", payload, accepts_response_payload: true })),
      ...COMMANDS.map((payload) => ({ envelope_id: "e-2", type: "slash_commands", payload })),
      ...EVENTS.map((payload) => ({ envelope_id: "e-3", type: "events_api", payload, retry_attempt: 1, retry_reason: "timeout" })),
    ),
  },
  {
    weight: 2,
    arbitrary: damagedJson(
      {
        type: "hello",
        num_connections: 1,
        connection_info: { app_id: "A0" },
        debug_info: { host: "x", approximate_connection_time: 18_060 },
      },
      { type: "disconnect", reason: "warning", debug_info: { host: "x" } },
      { envelope_id: "e-4", type: "events_api", payload: { type: "app_rate_limited", team_id: TEAM, minute_rate_limited: 1 } },
    ),
  },
  { weight: 1, arbitrary: text },
);

const isWord = (text: string) => /^[a-z_]{1,40}$/.test(text);
const isId = (text: string) => isText(text) && text !== "" && text.length <= 200;

function isSound(frame: Frame): boolean {
  switch (frame.kind) {
    case "hello":
      return [frame.connections, frame.lastsS].every((count) => count === null || (Number.isFinite(count) && count >= 0));
    case "disconnect":
      return isWord(frame.reason);
    case "notice":
      return isWord(frame.about) && isId(frame.id);
    case "envelope":
      return isId(frame.envelope.id) && shapeOfBody(frame.envelope.body) === "envelope";
    case "odd":
      return ["size", "json", "frame", "shape"].includes(frame.why);
  }
}

test("THREAT-17 a frame with any of its parts gone wrong is turned away, or read as if the wrong part weren't there", LONG, () => {
  fuzz(frames, (data) => {
    const frame = readFrame(data);
    must(isSound(frame), "a frame of its kind");
    if (frame.kind === "envelope") readAll(frame.envelope.body);
  });
});

test("THREAT-5 whatever a button carries, it reads as one of the actions that cards have, or as none", LONG, () => {
  fuzz(damagedText(...VALUES, "1,0,2,0", "0,0,0"), (value) => {
    const pages = readPages(value);
    must(
      Object.values(pages).every((page) => Number.isSafeInteger(page) && page >= 0),
      "pages",
    );
    const action = readAction(value);
    if (action === null) return;
    must(/^do\.[a-z-]+$/.test(actionIdOf(action, 0)), "an id");
    must(isDeepStrictEqual(readAction(actionValueOf(action)), action), "the same action again");
  });
});

test("THREAT-5 whatever a form's metadata says, it reads as what a form of ours is for, or as nothing", LONG, () => {
  const originals = METADATA.map((one) => JSON.parse(one) as unknown);
  fuzz(damagedJson(...originals), (metadata) => {
    const kept = readMetadata(metadata);
    if (kept === null) return;
    const written = metadataOf(kept);
    const isLong = metadata.length > 2_000 || ("words" in kept.purpose && /^.{201}|[\ud800-\udbff]$/s.test(kept.purpose.words));
    must(isLong || isDeepStrictEqual(readMetadata(written), kept), "the same purpose again");
  });
});

test("Slack's entities in typed words become characters once, however they are nested", LONG, () => {
  fuzz(damagedText("sales &amp; more &lt;b&gt;", "&amp;lt;"), (words) => {
    const read = typed(words);
    must(words.includes("&") || read === words, "the same words");
    must(read.length <= words.length, "no longer than before");
  });
});
