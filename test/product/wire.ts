/** What comes over Slack's wire without a person pressing a button just now: old copies, replays, forgeries. */
import { blockActions, viewSubmission } from "../../src/playground/slack/envelope.ts";
import type { MessageOnPage } from "../../src/playground/slack/page-interface.ts";
import type { Message } from "../../src/playground/slack/world.ts";
import { fail, type Slack } from "./stage.ts";

/** The signed body of a click on a button as `on` showed it, whatever stands there by now. */
export function clickOn(slack: Slack, user: string, on: MessageOnPage, label: string, number?: number): string {
  const { world } = slack.world;
  const channel = world.channels.get(on.channel) ?? fail("no such channel");
  const message = channel.messages.find(({ ts }) => ts === on.ts) ?? fail("no such message");
  const old = { ...message, blocks: on.blocks as unknown as Message["blocks"] };
  for (const block of old.blocks) {
    if (block.type !== "actions") continue;
    const buttons = block.elements as { readonly text: { readonly text: string }; readonly accessibility_label?: string }[];
    const isMeant = (spoken = "") => number === undefined || spoken.startsWith(`${label}, request ${number},`);
    const button = buttons.find(({ text, accessibility_label }) => text.text === label && isMeant(accessibility_label));
    if (!button) continue;
    const used = { block, action: { ...button }, values: {} };
    return payload(blockActions(world, base(slack), world.users.get(user) ?? fail("nobody"), { channel, message: old }, used));
  }
  return fail(`the card has no button ${label}`);
}

/** The body of sending the form that is in front of somebody. */
export function formOf(slack: Slack, user: string): string {
  const { world } = slack.world;
  const view = world.modals.get(user)?.at(-1) ?? fail("no form is open");
  return payload(viewSubmission(world, base(slack), world.users.get(user) ?? fail("nobody"), view));
}

const base = (slack: Slack) => () => slack.apiUrl.replace(/\/api\/$/, "");
const payload = (it: object) => new URLSearchParams({ payload: JSON.stringify(it) }).toString();

export interface Sent {
  readonly body: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** As Slack signs it now. */
export function signed(slack: Slack, body: string): Sent {
  return { body, headers: slack.world.sign(body) };
}

/** The HTTP status that Latchkey answers with. */
export async function deliver(to: string, { body, headers }: Sent): Promise<number> {
  const response = await fetch(to, { method: "POST", headers, body });
  await response.text();
  return response.status;
}
