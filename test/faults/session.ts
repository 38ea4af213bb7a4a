/** A day of many people in Slack, drawn by lot: requests that go every way there is, by buttons, forms, typed commands, shortcuts and home pages. */
import type { Actor } from "../../src/playground/slack/actor.ts";
import type { MessageOnPage } from "../../src/playground/slack/page-interface.ts";
import { blockOf, filled, messagesOf, openForm, read, send } from "../product/people.ts";
import { fail, type Slack } from "../product/stage.ts";
import { clickOn, formOf } from "../product/wire.ts";
import { ASKERS } from "./crowd.ts";
import { type Chance, oneOf } from "./repeated.ts";

export type Way = "button" | "typed" | "slash";
const WAYS: readonly Way[] = ["button", "typed", "slash"];

/** One thing that one person does; the words of the test report. */
export interface Step {
  readonly story: number;
  readonly says: string;
  readonly go: (it: Ground) => Promise<void>;
}

export interface Ground {
  readonly slack: Slack;
  /** The number of the newest request of a story; learned when it is asked. */
  readonly numbers: Map<number, number>;
  /** The number that was given last. */
  readonly newestNumber: () => Promise<number>;
  /** Sends what a client still shows, though it has changed since. */
  readonly sendOld: (body: string) => Promise<void>;
  /** Cards as somebody saw them, by story. */
  readonly kept: Map<string, MessageOnPage>;
  /** Forms that were filled in and not sent, as Slack would send them. */
  readonly left: Map<number, string>;
}

interface Story {
  readonly id: number;
  readonly asker: string;
  readonly manager: string;
  readonly draw: Chance;
}

/** Who sets up a seat in Figma, who owns it, who may steer everything (examples/acme). */
const DESK = ["lena", "weiling"] as const;
const OWNER = "daniel";
const LEAD = "jonas";

const DESK_VERBS = ["Claim", "Release", "Confirm done", "Report error"];

/** The newest message with that button for that request, in the direct message or a channel. */
function withButton(person: Actor, label: string, number: number): { on: MessageOnPage; block_id: string; action_id: string } | null {
  const places = DESK_VERBS.includes(label) ? [person.conversation("it-desk")] : [person.direct()];
  const all = places.flatMap((place) => place?.messages ?? []);
  for (const message of all.toReversed())
    for (const block of message.blocks) {
      if (block.type !== "actions" || !read(message).includes(`equest ${number}`)) continue;
      for (const element of block.elements)
        if (element.type === "button" && element.text.text === label && meant(element.accessibility_label, number))
          return { on: message, block_id: block.block_id ?? "", action_id: element.action_id ?? "" };
    }
  return null;
}

const meant = (spoken: string | undefined, number: number) => spoken === undefined || spoken.includes(`request ${number},`);

interface Verb {
  readonly label: string;
  readonly word: string;
  /** What the form asks for. */
  readonly asks?: "reason" | "login" | "to";
}

const VERBS = {
  approve: { label: "Approve", word: "approve" },
  reject: { label: "Reject", word: "reject", asks: "reason" },
  claim: { label: "Claim", word: "claim" },
  release: { label: "Release", word: "release" },
  confirm: { label: "Confirm done", word: "confirm", asks: "login" },
  error: { label: "Report error", word: "error", asks: "reason" },
  retry: { label: "Try again", word: "retry" },
  "cancel-order": { label: "Cancel order", word: "cancel-order", asks: "reason" },
  withdraw: { label: "Withdraw", word: "withdraw", asks: "reason" },
  nudge: { label: "Nudge", word: "nudge" },
  cancel: { label: "Cancel request", word: "cancel", asks: "reason" },
  reassign: { label: "Reassign", word: "reassign", asks: "to" },
} as const satisfies Record<string, Verb>;
export type VerbName = keyof typeof VERBS;

const REASON = "Because it is so";

async function pressed(person: Actor, verb: Verb, number: number): Promise<void> {
  const found = withButton(person, verb.label, number);
  if (!found)
    throw new Error(`${person.user} sees no ${verb.label} for request ${number}: ${messagesOf(person).map(read).join(" | ").slice(-3000)}`);
  const clicked = await person.click({ in: found.on, block_id: found.block_id, action_id: found.action_id });
  if (!clicked.ok) throw new Error(`${verb.label}: ${clicked.error}`);
  if (!verb.asks || !person.modal()) return;
  if (verb.asks === "to") {
    await person.suggest({ action_id: "in.to" }, "Tom Fi");
    await person.submit(filled(person.modal(), { to: ["E007"], reason: REASON }));
  } else if (verb.asks === "login") await person.submit();
  else await person.submit(filled(person.modal(), { reason: REASON }));
  if (person.modal()) await person.close(true);
}

function act(story: Story, who: string, name: VerbName, way: Way = oneOf(story.draw, WAYS)): Step {
  const verb: Verb = VERBS[name];
  return {
    story: story.id,
    says: `${who} ${name} by ${way}`,
    go: async (it) => {
      const person = it.slack.as(who);
      const number = it.numbers.get(story.id) ?? fail("nothing was asked yet");
      if (way === "button") return pressed(person, verb, number);
      const rest = verb.asks === "to" ? ` tom@acme.example ${REASON}` : verb.asks === "reason" ? ` ${REASON}` : "";
      const words = `${verb.word} ${number}${rest}`;
      const said = way === "typed" ? await person.message(words) : await person.command(`/access ${words}`);
      if (!said.ok) throw new Error(`${words}: ${said.error}`);
    },
  };
}

/** An administrator has the buttons on the card that `status` is answered with. */
function look(story: Story, who: string): Step {
  return {
    story: story.id,
    says: `${who} asks for the status`,
    go: async (it) => void (await it.slack.as(who).message(`status ${it.numbers.get(story.id)}`)),
  };
}

function plainly(story: Story, who: string, words: string): Step {
  return {
    story: story.id,
    says: `${who} writes ${words}`,
    go: async (it) => {
      const person = it.slack.as(who);
      const said = words.startsWith("/") ? await person.command(words) : await person.message(words);
      if (!said.ok) throw new Error(`${words}: ${said.error}`);
    },
  };
}

function home(story: Story, who: string): Step {
  return { story: story.id, says: `${who} opens the home page`, go: async (it) => void (await it.slack.as(who).home()) };
}

/** Opens a form for Figma, one of the ways there are. */
async function opened(it: Ground, story: Story, way: "command" | "shortcut" | "home"): Promise<Actor> {
  const person = it.slack.as(story.asker);
  if (way === "command") {
    await openForm(person, "figma");
    return person;
  }
  if (way === "shortcut") await person.shortcut("request_access");
  else {
    await person.home();
    const page = await person.until(({ home: shown }) => shown ?? undefined, 10_000);
    await person.click({ in: { view: page.id }, text: "Request access" });
  }
  await person.until(({ modals }) => modals.length > 0, 10_000);
  await person.suggest({ action_id: "in.application" }, "figma");
  const chosen = await person.change({ action_id: "in.application" }, "figma");
  if (!chosen.ok) throw new Error(`the application: ${chosen.error}`);
  await person.until(({ modals }) => JSON.stringify(modals.at(-1)?.blocks ?? []).includes("justification"), 10_000);
  return person;
}

function ask(story: Story, seat: string): Step {
  const way = oneOf(story.draw, ["command", "shortcut", "home"] as const);
  return {
    story: story.id,
    says: `${story.asker} asks for ${seat} by ${way}`,
    go: async (it) => {
      const person = await opened(it, story, way);
      const sent = await send(person, { justification: REASON, entitlements: [seat] });
      if (!sent.ok) throw new Error(`asking for ${seat}: ${JSON.stringify(sent)}`);
      it.numbers.set(story.id, await it.newestNumber());
    },
  };
}

/** A form is filled in and left lying, to be sent when it is too late. */
function leaveForm(story: Story, seat: string): Step {
  return {
    story: story.id,
    says: `${story.asker} fills in a form for ${seat} and leaves it`,
    go: async (it) => {
      const person = await opened(it, story, "command");
      const { block, action } = blockOf(person.modal(), "entitlements");
      await person.change({ block_id: block, action_id: action }, [seat]);
      await person.fill({ action_id: "in.justification" }, REASON);
      it.left.set(story.id, formOf(it.slack, person.user));
      await person.close(true);
    },
  };
}

function sendLeft(story: Story): Step {
  return {
    story: story.id,
    says: `${story.asker} sends the form that was left`,
    go: async (it) => it.sendOld(it.left.get(story.id) ?? fail("no form was left")),
  };
}

/** A client that still shows a card as it was. */
function keep(story: Story, who: string, name: VerbName): Step {
  return {
    story: story.id,
    says: `${who} looks at ${name}`,
    go: async (it) => {
      const found = withButton(it.slack.as(who), VERBS[name].label, it.numbers.get(story.id) ?? 0);
      if (found) it.kept.set(`${story.id} ${name}`, found.on);
    },
  };
}

function pressOld(story: Story, who: string, name: VerbName): Step {
  return {
    story: story.id,
    says: `${who} presses an old ${name}`,
    go: async (it) => {
      const on = it.kept.get(`${story.id} ${name}`);
      if (on) await it.sendOld(clickOn(it.slack, it.slack.as(who).user, on, VERBS[name].label));
    },
  };
}

/** The ways that a request may go. */
const PLOTS: readonly ((story: Story) => readonly Step[])[] = [
  // All is well; the card is seen, claimed, let go of and claimed again.
  (story) => {
    const [one, two] = DESK;
    return [
      ask(story, "viewer"),
      keep(story, story.manager, "approve"),
      act(story, story.asker, "approve", oneOf(story.draw, ["typed", "slash"])),
      act(story, story.manager, "approve"),
      pressOld(story, story.manager, "approve"),
      keep(story, one, "claim"),
      act(story, one, "claim"),
      // Taken already: it must not be taken by this later, when it is free again.
      act(story, two, "claim", oneOf(story.draw, ["typed", "slash"])),
      pressOld(story, OWNER, "claim"),
      act(story, one, "release"),
      act(story, one, "claim"),
      act(story, one, "confirm"),
      act(story, story.asker, "withdraw", "typed"),
    ];
  },
  // Refused, and asked for again.
  (story) => [
    ask(story, "dev"),
    act(story, OWNER, "reject", "typed"),
    act(story, story.manager, "reject"),
    plainly(story, story.asker, "requests"),
  ],
  // An error, tried again.
  (story) => {
    const desk = oneOf(story.draw, DESK);
    return [
      ask(story, "viewer"),
      act(story, story.manager, "approve"),
      act(story, desk, "claim"),
      act(story, desk, "error"),
      act(story, OWNER, "retry"),
      act(story, desk, "claim"),
      act(story, desk, "confirm"),
      home(story, story.asker),
    ];
  },
  // An error that nobody can mend.
  (story) => {
    const desk = oneOf(story.draw, DESK);
    return [
      ask(story, "dev"),
      act(story, story.manager, "approve"),
      act(story, desk, "claim"),
      act(story, desk, "error"),
      act(story, OWNER, "cancel-order"),
    ];
  },
  // Nudged, and withdrawn before anybody decides.
  (story) => [
    ask(story, "viewer"),
    act(story, story.asker, "nudge"),
    act(story, story.asker, "nudge", "typed"),
    act(story, story.asker, "withdraw"),
    home(story, story.manager),
  ],
  // Others are asked, and one of them decides; then an administrator ends it.
  (story) => [
    ask(story, "dev"),
    look(story, LEAD),
    act(story, LEAD, "reassign"),
    act(story, story.manager, "approve", "typed"),
    act(story, "tom", "approve"),
    look(story, LEAD),
    act(story, LEAD, "cancel"),
  ],
  // Withdrawn after it was approved, by somebody of the desk let go of by typing.
  (story) => {
    const desk = oneOf(story.draw, DESK);
    return [
      ask(story, "viewer"),
      plainly(story, story.asker, "/access help"),
      act(story, story.manager, "approve"),
      act(story, desk, "claim"),
      act(story, desk, "release", "typed"),
      act(story, story.asker, "withdraw"),
    ];
  },
  // What is open can't be asked for again; afterwards it could, and nobody does.
  (story) => [
    leaveForm(story, "viewer"),
    ask(story, "viewer"),
    sendLeft(story),
    plainly(story, story.manager, "tasks"),
    act(story, story.asker, "cancel", "typed"),
    act(story, story.manager, "reject"),
    plainly(story, story.asker, "/access mine"),
  ],
];

/** As many stories as there are plots, or more, their steps in one order that keeps each story's own. */
export function session(draw: Chance, stories: number): readonly Step[] {
  const askers = Object.entries(ASKERS);
  const open = Array.from({ length: Math.min(stories, askers.length) }, (_, id) => {
    const [asker, manager] = askers[id] ?? fail("too many stories");
    return [...(PLOTS[id % PLOTS.length]?.({ id, asker, manager, draw }) ?? [])];
  });
  const steps: Step[] = [];
  for (let left = open; left.length > 0; left = left.filter((story) => story.length > 0)) {
    const next = oneOf(draw, left).shift();
    if (next) steps.push(next);
  }
  return steps;
}
