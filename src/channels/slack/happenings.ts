/**
 * What Slack tells of the workspace itself. An event may be late, come twice or not at all, so it only says where to look: Slack is asked how it is now.
 * What is missed here is found later by whoever delivers.
 */
import type { App } from "@slack/bolt";
import { WebAPIPlatformError } from "@slack/web-api";
import type { SlackChannel } from "./channel.ts";
import { nameOf } from "./client.ts";
import type { Desk } from "./desk.ts";
import { chatUser } from "./directory.ts";
import { at, senderOf, text } from "./envelope.ts";
import { isRecord } from "./shape.ts";

export function hearHappenings(app: App, desk: Desk, channel: SlackChannel): void {
  const door = () => quietly(desk, () => onToken(desk, channel));
  app.event("app_uninstalled", door);
  app.event("tokens_revoked", door);

  const room = ({ body }: { readonly body: unknown }) => quietly(desk, () => onChannel(desk, channel, body));
  app.event("channel_archive", room);
  app.event("channel_unarchive", room);
  app.event("channel_deleted", room);
  app.event("channel_rename", room);
  app.event("channel_left", room);
  app.event("group_archive", room);
  app.event("group_unarchive", room);
  app.event("group_deleted", room);
  app.event("group_rename", room);
  app.event("group_left", room);
  app.event("member_joined_channel", async ({ body }) => {
    if (isOfBot(body)) await room({ body });
  });

  const user = ({ body }: { readonly body: unknown }) => quietly(desk, () => onUser(desk, body));
  app.event("user_change", user);
  app.event("team_join", user);
}

/** What fails here is made up for by the next look of whoever delivers. */
async function quietly(desk: Desk, work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    desk.log.warn({ why: error instanceof WebAPIPlatformError ? nameOf(error) : "fault" }, "news of the workspace could not be dealt with");
  }
}

async function onToken(desk: Desk, channel: SlackChannel): Promise<void> {
  await channel.knock();
  const why = channel.shut();
  if (why !== null) desk.log.error({ why }, "Slack has taken the app's token away");
}

/** The app itself came into a channel: of other people's comings and goings nothing follows. */
function isOfBot(body: unknown): boolean {
  const user = text(body, "event", "user");
  const ours = at(body, "authorizations");
  return user !== "" && Array.isArray(ours) && ours.some((one) => text(one, "user_id") === user);
}

/** Why a channel takes no cards, by the last thing that happened to it, where Slack doesn't say how it is. */
const GONE: Readonly<Record<string, string>> = { channel_left: "not_in_channel", group_left: "not_in_channel" };

async function onChannel(desk: Desk, channel: SlackChannel, body: unknown): Promise<void> {
  const conversation = text(body, "event", "channel") || text(body, "event", "channel", "id");
  if (conversation === "") return;
  channel.forgetNames();
  const room = await channel.room(senderOf(body).home, conversation);
  if (room.type !== "done") return;
  const why = room.value ? room.value.why : (GONE[text(body, "event", "type")] ?? "channel_not_found");
  const names = room.value && room.value.name !== "" ? [room.value.name] : [];
  await desk.operations.channelChanged({ platform: "slack", conversation, names, why });
}

async function onUser(desk: Desk, body: unknown): Promise<void> {
  const user = at(body, "event", "user");
  const { home } = senderOf(body);
  const id = text(user, "id");
  if (!isRecord(user) || id === "" || home === "") return;
  const { email, standing } = chatUser(home, id, user);
  await desk.operations.loginChanged({ platform: "slack", home, user: id }, { email, standing });
}
