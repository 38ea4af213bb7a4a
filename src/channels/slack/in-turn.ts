/** Before any listener: each person's envelopes take turns with everybody else's, and what is too much at once is answered without being done. */
import type { App } from "@slack/bolt";
import type { Text } from "../../cards/card.ts";
import { sayIn } from "./commands.ts";
import type { Desk } from "./desk.ts";
import { at, interactionOf, modalOf, senderOf, text } from "./envelope.ts";
import { errorsAt } from "./faults.ts";
import { sentence, tellAt } from "./telling.ts";
import type { Turns } from "./turns.ts";
import { kindOf } from "./watched.ts";

/** Sentences that are on their way outside of an acknowledgement, at most: whoever floods must not make us flood Slack. */
const MOST_TELLING = 20;

type Ack = (answer?: object) => Promise<void>;

/** The first of all middleware: envelopes that are turned away cost nothing but their answer. */
export function guardTurns(app: App, desk: Desk, turns: Turns): void {
  let telling = 0;
  app.use(async ({ body, next, ...args }) => {
    const person = personOf(body);
    // News of the workspace itself is nobody's doing; Slack's own limits bound it.
    if (person === null) return next();
    const ack = "ack" in args ? (args.ack as unknown as Ack) : async () => {};
    const turn = kindOf(body) === "options" ? await turns.question(person, next) : await turns.act(person, next);
    if (turn.type === "done") return;
    await ack(answerTo(desk, body));
    if (turn.type !== "too-many" || !turn.first || telling >= MOST_TELLING) return;
    telling += 1;
    try {
      await tell(desk, body);
    } finally {
      telling -= 1;
    }
  });
}

/** Whose turn it takes, as the verified envelope says; null: nobody's. What bots write is nobody's: no listener does anything about it. */
function personOf(body: unknown): string | null {
  const { home, user } = senderOf(body);
  const event = at(body, "event");
  const isPersons = event === undefined || ["message", "app_home_opened"].includes(text(event, "type"));
  if (user === "" || !isPersons || at(event, "bot_id") !== undefined || at(event, "subtype") !== undefined) return null;
  return `${home}:${user}`;
}

function tooMuch(desk: Desk): Text {
  return [desk.texts.slack.tooMuch];
}

/** What stands in the acknowledgement itself; undefined: nothing can. */
function answerTo(desk: Desk, body: unknown): object | undefined {
  switch (kindOf(body)) {
    case "command":
      return sentence(desk, tooMuch(desk));
    case "form":
      return text(body, "type") === "view_submission"
        ? (errorsAt(modalOf(at(body, "view")), [[null, [desk.texts.slack.tooMuchForm]]]) ?? undefined)
        : undefined;
    case "options":
      return { options: [] };
    case "button":
    case "shortcut":
    case "message":
    case "event":
    case "other":
      return undefined;
  }
}

/** Where the acknowledgement can't say it: beside the card, in a notice, or in the conversation. */
async function tell(desk: Desk, body: unknown): Promise<void> {
  switch (kindOf(body)) {
    case "button":
    case "shortcut":
      return tellAt(desk, interactionOf(body), tooMuch(desk));
    case "message": {
      const where = { conversation: text(body, "event", "channel"), thread: text(body, "event", "thread_ts") };
      return text(body, "event", "channel_type") === "im" ? sayIn(desk, where, sentence(desk, tooMuch(desk))) : undefined;
    }
    case "command":
    case "form":
    case "options":
    case "event":
    case "other":
      return;
  }
}
