/** A small access desk on real Bolt: enough of every kind of element that the page has to draw and use. */
import { once } from "node:events";
import type { Server } from "node:http";
import type { AddressInfo } from "node:net";
import { App, HTTPReceiver, LogLevel } from "@slack/bolt";
import type { KnownBlock, ModalView, PlainTextOption } from "@slack/types";

const plain = (text: string) => ({ type: "plain_text", text, emoji: true }) as const;
const option = (text: string, value: string): PlainTextOption => ({ text: plain(text), value });

const APPLICATIONS = [
  { team: "Sales", options: [option("Salesforce", "salesforce"), option("Gong", "gong")] },
  { team: "Everybody", options: [option("Slack", "slack"), option("100% Design_Kit 🎨", "design")] },
];

/** The form; the region is asked for once an application is chosen. */
function form(chosen: string | null): ModalView {
  const blocks: KnownBlock[] = [
    { type: "section", block_id: "intro", text: { type: "mrkdwn", text: "Ask for *one* application at a time." } },
    {
      type: "input",
      block_id: "why",
      label: plain("Why do you need it?"),
      hint: plain("Your approver reads this."),
      element: { type: "plain_text_input", action_id: "text", multiline: true, max_length: 200 },
    },
    {
      type: "input",
      block_id: "app",
      label: plain("Application"),
      dispatch_action: true,
      element: { type: "external_select", action_id: "pick", min_query_length: 0, placeholder: plain("Search applications") },
    },
  ];
  if (chosen !== null) {
    blocks.push({
      type: "input",
      block_id: `region_${chosen}`,
      label: plain("Sales region"),
      element: { type: "static_select", action_id: "pick", options: [option("EMEA", "emea"), option("AMER", "amer")] },
    });
  }
  blocks.push(
    {
      type: "input",
      block_id: "until",
      optional: true,
      label: plain("Until"),
      element: { type: "datepicker", action_id: "date" },
    },
    {
      type: "input",
      block_id: "seats",
      optional: true,
      label: plain("Seats"),
      element: { type: "number_input", action_id: "number", is_decimal_allowed: false, min_value: "1" },
    },
    {
      type: "input",
      block_id: "extras",
      optional: true,
      label: plain("Extras"),
      element: { type: "checkboxes", action_id: "boxes", options: [option("Report builder", "reports"), option("Export", "export")] },
    },
    {
      type: "input",
      block_id: "colleagues",
      optional: true,
      label: plain("Colleagues who need it too"),
      element: { type: "multi_users_select", action_id: "people" },
    },
  );
  return { type: "modal", callback_id: "ask", title: plain("Request access"), submit: plain("Send"), close: plain("Cancel"), blocks };
}

const card = (why: string, outcome: string | null): KnownBlock[] => [
  { type: "header", text: plain("Salesforce for Anna Lindqvist") },
  {
    type: "section",
    fields: [
      { type: "mrkdwn", text: "*Who*\n<@UANNA>" },
      { type: "mrkdwn", text: "*Until*\nfurther notice" },
    ],
  },
  { type: "section", text: plain(why) },
  ...(outcome === null
    ? [
        {
          type: "actions",
          block_id: "decide",
          elements: [
            { type: "button", action_id: "approve", text: plain("Approve"), style: "primary", value: "1" },
            {
              type: "button",
              action_id: "reject",
              text: plain("Reject"),
              style: "danger",
              value: "1",
              confirm: {
                title: plain("Reject this request?"),
                text: plain("Anna is told."),
                confirm: plain("Reject it"),
                deny: plain("Keep it"),
              },
            },
            { type: "button", action_id: "slow", text: plain("Ask the oracle"), value: "1" },
            { type: "overflow", action_id: "more", options: [option("Remind me", "remind"), option("Hand over", "hand-over")] },
          ],
        } as const satisfies KnownBlock,
      ]
    : [{ type: "context", elements: [{ type: "mrkdwn", text: outcome }] } as const satisfies KnownBlock]),
];

export interface Desk {
  /** Where it takes Slack's requests. */
  readonly url: string;
  post(user: string, why: string): Promise<{ readonly conversation: string; readonly message: string }>;
  reply(channel: string, thread: string, text: string): Promise<void>;
  close(): Promise<void>;
}

export async function startDesk(given: { signingSecret: string; token: string; slackApiUrl: string }): Promise<Desk> {
  const receiver = new HTTPReceiver({ signingSecret: given.signingSecret, logLevel: LogLevel.ERROR });
  const app = new App({
    token: given.token,
    receiver,
    clientOptions: { slackApiUrl: given.slackApiUrl },
    logLevel: LogLevel.ERROR,
  });
  let why = "";

  app.command("/request-access", async ({ ack, client, body }) => {
    await ack();
    await client.views.open({ trigger_id: body.trigger_id, view: form(null) });
  });
  app.command("/access", async ({ ack }) =>
    ack({
      text: "Your access",
      blocks: [
        { type: "section", text: { type: "mrkdwn", text: "You hold *one* thing." } },
        {
          type: "table",
          rows: [
            ["Application", "Since"],
            ["Wiki", "Monday"],
          ].map((row) => row.map((text) => ({ type: "raw_text", text }) as const)),
        },
      ],
    }),
  );
  app.shortcut("request_access", async ({ ack, client, body }) => {
    await ack();
    await client.views.open({ trigger_id: body.trigger_id, view: form(null) });
  });
  app.options("pick", async ({ ack, payload }) => {
    const wanted = payload.value.toLowerCase();
    const groups = APPLICATIONS.map(({ team, options }) => ({
      label: plain(team),
      options: options.filter((each) => each.text.text.toLowerCase().includes(wanted)),
    })).filter((group) => group.options.length > 0);
    await ack(groups.length > 0 ? { option_groups: groups } : { options: [] });
  });
  app.action({ block_id: "app", action_id: "pick" }, async ({ ack, client, body, action }) => {
    await ack();
    if (body.type !== "block_actions" || !body.view || !("selected_option" in action)) return;
    const chosen = action.selected_option?.value ?? null;
    await client.views.update({ view_id: body.view.id, hash: body.view.hash, view: form(chosen) });
  });
  app.view("ask", async ({ ack, view, client, body }) => {
    why = view.state.values.why?.text?.value ?? "";
    if (why.length < 5) return ack({ response_action: "errors", errors: { why: "Say a little more: your approver decides by it." } });
    if (why.startsWith("push"))
      return ack({
        response_action: "push",
        view: { type: "modal", title: plain("One more thing"), blocks: [{ type: "section", text: plain("Are you sure?") }] },
      });
    await ack();
    await client.chat.postMessage({ channel: "UINES", text: "Anna asks for Salesforce", blocks: card(why, null) });
    await client.chat.postMessage({ channel: body.user.id, text: "Your request has been sent to *Ines Moreau*." });
  });
  app.action("approve", async ({ ack, client, body, respond }) => {
    await ack();
    if (body.type !== "block_actions" || !body.container.message_ts) return;
    await client.chat.update({
      channel: String(body.container.channel_id),
      ts: String(body.container.message_ts),
      text: "Approved",
      blocks: card(why, `:white_check_mark: Approved by <@${body.user.id}>`),
    });
    await respond({ replace_original: false, response_type: "ephemeral", text: "You approved it." });
    await client.chat.postMessage({ channel: "CADMINS", text: "Work for you: create the *Salesforce* account." });
  });
  app.action("reject", async ({ ack, client, body }) => {
    await ack();
    if (body.type !== "block_actions" || !body.container.message_ts) return;
    const where = { channel: String(body.container.channel_id), ts: String(body.container.message_ts) };
    await client.chat.update({ ...where, text: "Rejected", blocks: card(why, `:x: Rejected by <@${body.user.id}>`) });
  });
  app.action("more", async ({ ack, respond, action }) => {
    await ack();
    await respond({
      replace_original: false,
      response_type: "ephemeral",
      text: `Noted: ${"selected_option" in action ? action.selected_option?.value : ""}`,
    });
  });
  // Never acknowledged: what Slack shows when an app does not answer.
  app.action("slow", async () => {});
  app.event("app_home_opened", async ({ event, client }) => {
    if (event.tab !== "home") return;
    const blocks: KnownBlock[] = [
      { type: "header", text: plain("My access") },
      { type: "section", text: { type: "mrkdwn", text: "You hold *nothing* yet." } },
    ];
    await client.views.publish({ user_id: event.user, view: { type: "home", blocks } });
  });
  app.message(/./, async ({ message, say }) => {
    if (message.subtype !== undefined) return;
    await say({ text: `You said: ${message.text ?? ""}`, ...(message.thread_ts === undefined ? {} : { thread_ts: message.thread_ts }) });
  });

  const server = (await app.start(0)) as Server;
  if (!server.listening) await once(server, "listening");
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/slack/events`,
    post: async (user, text) => {
      const { channel, ts } = await app.client.chat.postMessage({ channel: user, text, blocks: card(text, null) });
      return { conversation: String(channel), message: String(ts) };
    },
    reply: async (channel, thread_ts, text) => {
      await app.client.chat.postMessage({ channel, thread_ts, text });
    },
    close: async () => {
      server.closeAllConnections();
      await app.stop();
    },
  };
}
