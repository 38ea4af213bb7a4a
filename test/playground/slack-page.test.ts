import { afterEach, beforeEach, expect, test } from "vitest";
import type { ActAnswer, ActRequest, Snapshot } from "../../src/playground/slack/page-interface.ts";
import { type Connected, connect, INES, OMAR } from "./slack-workspace.ts";

let connected: Connected;
const plain = (text: string) => ({ type: "plain_text" as const, text });

beforeEach(async () => {
  connected = await connect((app) => {
    app.command("/ask", async ({ ack, body, client }) => {
      await ack();
      const element = { type: "static_select" as const, action_id: "pick", options: [{ text: plain("Sales"), value: "s" }] };
      const blocks = [
        { type: "input" as const, block_id: "b", label: plain("Team"), element },
        {
          type: "input" as const,
          block_id: "d",
          optional: true,
          label: plain("Until"),
          element: { type: "datepicker" as const, action_id: "date" },
        },
      ];
      await client.views.open({ trigger_id: body.trigger_id, view: { type: "modal", title: plain("Ask"), submit: plain("Send"), blocks } });
    });
  });
});
afterEach(() => connected.close());

const state = async (user: string) => (await (await fetch(`${connected.url}/page/state?user=${user}`)).json()) as Snapshot;
const act = async (request: ActRequest) =>
  (await (await fetch(`${connected.url}/page/act`, { method: "POST", body: JSON.stringify(request) })).json()) as ActAnswer;

test("a snapshot shows a person's own conversations and everybody's names, and nothing of others", async () => {
  await connected.client.chat.postMessage({ channel: OMAR, text: "for Omar" });
  const parent = await connected.client.chat.postMessage({ channel: "C0SALES", text: "for both" });
  await connected.client.chat.postMessage({ channel: "C0SALES", text: "a reply", thread_ts: String(parent.ts) });
  const seen = await state(INES);
  expect(seen.me).toMatchObject({ real_name: "Ines Costa", initials: "IC", title: "Account manager", department: "Sales" });
  expect(seen.people.filter((each) => !each.is_bot && !each.deleted).map((each) => each.id)).toContain(OMAR);
  expect(seen.conversations.map((each) => each.name)).toEqual(["old", "sales", "Latchkey"]);
  expect(seen.conversations[1]).toMatchObject({ unread: 2, messages: [{ text: "for both", replies: [{ text: "a reply" }] }] });
  expect(JSON.stringify(seen)).not.toContain("for Omar");
  expect((await fetch(`${connected.url}/page/state?user=U0NOBODY`)).status).toBe(404);
  expect((await fetch(`${connected.url}/page/state?user=U0STANDIN`)).status).toBe(404);
});

test("acts over HTTP end like the person's own, and what was filled in outlives a reload of the page", async () => {
  expect(await act({ user: INES, type: "command", channel: "C0SALES", text: "/ask" })).toEqual({ ok: true });
  await connected.slack.actAs(INES).until((seen) => seen.modals[0]);
  const view = (await state(INES)).modals[0]!;
  const inView = { in: { view: view.id } };
  expect(await act({ user: INES, type: "fill", ...inView, values: { d: { date: "2026-12-24" } } })).toEqual({ ok: true });
  expect((await state(INES)).modals[0]?.values.d).toEqual({ date: { type: "datepicker", typed: "2026-12-24", options: [] } });
  expect(await act({ user: OMAR, type: "submit", view: view.id })).toMatchObject({ ok: false, error: "not_found" });
  expect(await act({ user: INES, type: "submit", view: view.id })).toMatchObject({
    ok: false,
    error: "invalid_input",
    errors: { b: expect.any(String) },
  });
  expect((await state(INES)).modals[0]?.errors).toHaveProperty("b");
  expect(await act({ user: INES, type: "change", ...inView, block_id: "b", action_id: "pick", value: "elsewhere" })).toMatchObject({
    error: "option_not_offered",
  });
  expect(await act({ user: INES, type: "change", ...inView, block_id: "b", action_id: "pick", value: "s" })).toEqual({ ok: true });
  const filled = (await state(INES)).modals[0];
  expect(filled?.values.b?.pick).toEqual({ type: "static_select", typed: "s", options: [{ text: plain("Sales"), value: "s" }] });
  expect(filled?.errors).toEqual({});
});

test("the stream tells the version at once and after each change", async () => {
  const stop = new AbortController();
  const response = await fetch(`${connected.url}/page/events?user=${INES}`, { signal: stop.signal });
  expect(response.headers.get("content-type")).toBe("text/event-stream");
  const reader = response.body!.pipeThrough(new TextDecoderStream()).getReader();
  const next = async () => Number(/"version":(\d+)/.exec((await reader.read()).value ?? "")?.[1]);
  const first = await next();
  expect(first).toBe((await state(INES)).version);
  await connected.client.chat.postMessage({ channel: "C0SALES", text: "news" });
  const second = await next();
  expect(second).toBeGreaterThan(first);
  expect(second).toBe((await state(INES)).version);
  stop.abort();
});

test("requests of a foreign page and malformed acts change nothing", async () => {
  const before = connected.slack.world.version;
  const send = (body: string, headers: Record<string, string> = {}) =>
    fetch(`${connected.url}/page/act`, { method: "POST", body, headers });
  const message: ActRequest = { user: INES, type: "message", channel: "C0SALES", text: "x" };
  for (const origin of ["https://evil.example", "null", "http://127.0.0.1:1"])
    expect((await send(JSON.stringify(message), { origin })).status).toBe(403);
  for (const junk of [
    "",
    "{",
    "[]",
    "{}",
    '{"user":1}',
    JSON.stringify({ ...message, text: 7 }),
    JSON.stringify({ user: INES, type: "click", block_id: "b", action_id: "a" }),
  ]) {
    expect((await send(junk)).status, junk).toBe(400);
  }
  expect((await fetch(`${connected.url}/page/act`)).status).toBe(404);
  expect(connected.slack.world.version).toBe(before);
  expect((await send(JSON.stringify(message), { origin: connected.url })).status).toBe(200);
  expect(connected.slack.world.version).toBeGreaterThan(before);
});
