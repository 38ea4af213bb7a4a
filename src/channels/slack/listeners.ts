/** Which of Slack's envelopes ends where. Bolt carries; nothing is decided here. */
import type { App } from "@slack/bolt";
import { ACT_FIELDS } from "../../cards/act-forms.ts";
import { strangerText } from "../../cards/answers.ts";
import { chosenApplication, chosenBeneficiary } from "../../cards/ask-answers.ts";
import type { Text } from "../../cards/card.ts";
import { heldAck } from "./acks.ts";
import { refuseStranger, sendActForm } from "./act-modal.ts";
import { BUTTON_ID, FIRST_PAGES } from "./actions.ts";
import type { Came } from "./ask-drawing.ts";
import type { FormAnswer } from "./ask-modal.ts";
import { openAskForm, redrawAskForm, sendAskForm, turnBack } from "./ask-modal.ts";
import { searchOptions, searchPeople } from "./ask-options.ts";
import { BACK_ID } from "./ask-pages.ts";
import { press } from "./buttons.ts";
import { answerMessage, runCommand, sayIn } from "./commands.ts";
import type { Desk } from "./desk.ts";
import { whoIs } from "./desk.ts";
import type { Interaction, ModalState } from "./envelope.ts";
import { at, interactionOf, modalOf, senderOf, text, typed } from "./envelope.ts";
import { errorsAt } from "./faults.ts";
import { answersOf, FIELD_ID, fieldIdOf } from "./fields.ts";
import { isOurs, originOf } from "./homes.ts";
import { refuseStrangerOnLine, sendLineForm } from "./line-modal.ts";
import { readMetadata } from "./purposes.ts";
import type { Reply } from "./replies.ts";
import { nothing, reply, settle } from "./replies.ts";
import type { Private } from "./telling.ts";
import { publishCard, publishHome, respond, sentence, tellAt } from "./telling.ts";

/** Matches every id: what isn't ours is acknowledged and does nothing. */
const ANY = /^/;

/** Bolt's acknowledgement, whatever it carries. */
type Ack = (answer?: never) => Promise<void>;

/** Foreign workspaces reach no listener. `listed` is asked each time, since the configuration may change. */
export function guardHomes(app: App, desk: Desk, listed: () => readonly string[] | Promise<readonly string[]>): void {
  app.use(async (args) => {
    const origin = originOf(args.body);
    if (isOurs(origin, await listed())) return args.next();
    desk.log.warn({ teams: origin.teams.slice(0, 5).map((team) => team.slice(0, 20)) }, "an envelope of a workspace that isn't listed");
    const ack = "ack" in args ? (args.ack as unknown as (answer?: object) => Promise<void>) : nothing;
    await ack(at(args.body, "command") === undefined ? undefined : sentence(desk, strangerText("foreign-home", desk.texts)));
  });
}

export function listen(app: App, desk: Desk): void {
  app.command(ANY, ({ body, ack }) => onCommand(desk, body, ack as unknown as (answer?: Private) => Promise<void>));
  app.shortcut(ANY, ({ body, ack }) => onShortcut(desk, body, ack as Ack));
  app.action(ANY, ({ body, ack }) => onAction(desk, body, ack as Ack));
  app.options(ANY, ({ body, ack }) => onOptions(desk, body, ack as unknown as (answer?: object) => Promise<void>));
  app.view({ callback_id: ANY, type: "view_submission" }, ({ body, ack }) =>
    onSubmission(desk, body, ack as unknown as (answer?: FormAnswer) => Promise<void>),
  );
  app.view({ callback_id: ANY, type: "view_closed" }, ({ ack }) => (ack as Ack)());
  app.event("app_home_opened", ({ body }) => onHomeOpened(desk, body));
  app.event("message", ({ body }) => onMessage(desk, body));
}

async function onCommand(desk: Desk, body: unknown, ack: (answer?: Private) => Promise<void>): Promise<void> {
  const responseUrl = text(body, "response_url");
  const work = runCommand(desk, {
    ...senderOf(body),
    command: text(body, "command"),
    text: text(body, "text"),
    conversation: text(body, "channel_id"),
    trigger: text(body, "trigger_id"),
  });
  const say = (said: Text) => reply(sentence(desk, said));
  await settle(desk, body, ack, work, {
    failed: say,
    late: () => say([desk.texts.slack.stillWorking]),
    afterwards: async ({ answer, after }) => {
      if (answer && responseUrl !== "") await respond(desk, responseUrl, answer);
      await after();
    },
  });
}

async function onShortcut(desk: Desk, body: unknown, ack: Ack): Promise<void> {
  const from = interactionOf(body);
  await settle(desk, body, ack, openFromShortcut(desk, from), {
    failed: (said) => tells(desk, from, said),
    late: () => reply<never>(undefined),
    afterwards: ({ after }) => after(),
  });
}

async function openFromShortcut(desk: Desk, from: Interaction): Promise<Reply<never>> {
  const who = await whoIs(desk, from);
  if (!who.ok) return tells(desk, from, strangerText(who.stranger, desk.texts));
  const sender = { home: from.home, user: from.user };
  await openAskForm(desk, { sender, person: who.person.id, trigger: from.trigger, words: "", application: null, seen: null });
  return reply<never>(undefined);
}

function tells(desk: Desk, where: Interaction, said: Text): Reply<never> {
  return reply<never>(undefined, () => tellAt(desk, where, said));
}

async function onAction(desk: Desk, body: unknown, ack: Ack): Promise<void> {
  const used = at(body, "actions");
  const first: unknown = Array.isArray(used) ? used[0] : undefined;
  const action = text(first, "action_id");
  const click = interactionOf(body);
  const work = FIELD_ID.test(action)
    ? inAskForm(desk, click, (came) => redrawAskForm(desk, came, Number(text(first, "action_ts")) || Date.now() / 1000))
    : action === BACK_ID
      ? inAskForm(desk, click, (came) => turnBack(desk, came))
      : BUTTON_ID.test(action)
        ? press(desk, click, at(first, "value"))
        : Promise.resolve(reply<never>(undefined));
  await settle(desk, body, ack, work, {
    failed: (said) => tells(desk, click, said),
    late: () => (click.responseUrl === "" ? reply<never>(undefined) : tells(desk, click, [desk.texts.slack.stillWorking])),
    afterwards: ({ after }) => after(),
  });
}

/** Something was used in a request form, which stays open. */
async function inAskForm(desk: Desk, { place, home, user }: Interaction, use: (came: Came) => Promise<void>): Promise<Reply<never>> {
  const sender = { home, user };
  const kept = place.kind === "modal" ? readMetadata(place.view.metadata) : null;
  if (place.kind !== "modal" || kept?.purpose.kind !== "ask") return reply<never>(undefined);
  const who = await whoIs(desk, sender);
  if (who.ok) await use({ sender, person: who.person.id, kept: { ...kept, purpose: kept.purpose }, modal: place.view });
  return reply<never>(undefined);
}

async function onOptions(desk: Desk, body: unknown, ack: (answer?: object) => Promise<void>): Promise<void> {
  const none = () => reply<object>({ options: [] });
  await settle(desk, body, ack, optionsFor(desk, body), { failed: none, late: none, afterwards: nothing });
}

async function optionsFor(desk: Desk, body: unknown): Promise<Reply<object>> {
  const field = fieldIdOf(text(body, "action_id"));
  const modal = modalOf(at(body, "view"));
  const kept = readMetadata(modal.metadata);
  const asks = kept?.purpose.kind === "ask";
  const reassigns = kept?.purpose.kind === "act" && kept.purpose.verb === "reassign" && field === ACT_FIELDS.to;
  if (field === null || (!asks && !reassigns)) return reply({ options: [] });
  const who = await whoIs(desk, senderOf(body));
  if (!who.ok) return reply({ options: [] });
  if (kept?.purpose.kind !== "ask") return reply({ options: await searchPeople(desk, who.person.id, typed(text(body, "value"))) });
  const answers = answersOf(modal.values);
  const application = chosenApplication(answers) ?? kept.purpose.application;
  const beneficiary = chosenBeneficiary(answers) ?? kept.purpose.beneficiary ?? who.person.id;
  const search = { person: who.person.id, beneficiary, field, query: typed(text(body, "value")), words: kept.purpose.words, application };
  return reply({ options: await searchOptions(desk, search) });
}

async function onSubmission(desk: Desk, body: unknown, ack: (answer?: FormAnswer) => Promise<void>): Promise<void> {
  const modal = modalOf(at(body, "view"));
  const marked = (said: Text) => reply<FormAnswer>(errorsAt(modal, [[null, said]]) ?? undefined);
  await settle(desk, body, ack, submission(desk, body, modal), {
    failed: marked,
    late: () => marked([desk.texts.slack.stillWorkingForm]),
    afterwards: ({ after }) => after(),
  });
}

async function submission(desk: Desk, body: unknown, modal: ModalState): Promise<Reply<FormAnswer>> {
  const sender = senderOf(body);
  const marked = (said: Text) => reply<FormAnswer>(errorsAt(modal, [[null, said]]) ?? undefined);
  const kept = readMetadata(modal.metadata);
  if (!kept) return marked([desk.texts.channel.formGone]);
  const who = await whoIs(desk, sender);
  const { purpose, seen } = kept;
  if (!who.ok) {
    if (purpose.kind === "act") await refuseStranger(desk, who, { ...purpose, seen });
    if (purpose.kind === "act-on-line") await refuseStrangerOnLine(desk, who, { ...purpose, seen });
    return marked(strangerText(who.stranger, desk.texts));
  }
  switch (purpose.kind) {
    case "ask":
      return sendAskForm(desk, { sender, person: who.person.id, kept: { ...kept, purpose }, modal });
    case "act":
      return sendActForm(desk, sender, who.person.id, { purpose, seen }, modal);
    case "act-on-line":
      return sendLineForm(desk, sender, who.person.id, { purpose, seen }, modal);
  }
}

/** This event changes nothing, so nothing is lost by acknowledging it at once, as Bolt does. */
async function onHomeOpened(desk: Desk, body: unknown): Promise<void> {
  if (text(body, "event", "tab") !== "home") return;
  const sender = senderOf(body);
  const who = await whoIs(desk, sender);
  if (who.ok) {
    await desk.operations.homeOpened({ platform: "slack", ...sender });
    return publishHome(desk, sender, who.person.id, FIRST_PAGES);
  }
  const said = strangerText(who.stranger, desk.texts);
  await publishCard(
    desk,
    sender,
    { title: desk.texts.home.title, blocks: [{ type: "text", text: said }], summary: desk.texts.home.title },
    FIRST_PAGES,
  );
}

/** People's own new messages to the app; not its own, not other bots', not edits or joins, which Slack sends with a subtype. */
async function onMessage(desk: Desk, body: unknown): Promise<void> {
  const event = at(body, "event");
  const isBot = at(event, "bot_id") !== undefined || at(event, "bot_profile") !== undefined;
  if (text(event, "channel_type") !== "im" || at(event, "subtype") !== undefined || isBot || text(event, "user") === "") return;
  const said = {
    ...senderOf(body),
    conversation: text(event, "channel"),
    message: text(event, "ts"),
    thread: text(event, "thread_ts"),
    text: text(event, "text"),
  };
  await settle(desk, body, heldAck(body), answerMessage(desk, said), {
    failed: (why) => reply<never>(undefined, () => sayIn(desk, said, sentence(desk, why))),
    late: () => reply<never>(undefined),
    afterwards: ({ after }) => after(),
  });
}
