/** What is under way when Latchkey dies: a decision, a confirmation, deliveries, reminders. Each has requests of its own. */
import { transmit } from "../../src/operations/transmit.ts";
import type { MessageOnPage } from "../../src/playground/slack/page-interface.ts";
import type { Message } from "../../src/playground/slack/world.ts";
import { file, on } from "../operations/company.ts";
import { fail, type Slack } from "../product/stage.ts";
import { clickOn, formOf, signed } from "../product/wire.ts";
import { type Lane, outboxEmpty, userOf } from "./kill-lane.ts";

export type Deed = "decide" | "confirm" | "drain" | "remind";
export const DEEDS: readonly Deed[] = ["decide", "confirm", "drain", "remind"];

/** One deed on requests of its own, prepared and told to those whom it concerns. */
export interface Doing {
  readonly deed: Deed;
  /** Of the requests. */
  readonly numbers: readonly number[];
  /** Does it, or does again what isn't done yet, as people do who got no answer; gives the numbers that were acknowledged. */
  act(): Promise<readonly number[]>;
  /** The numbers of which it is done, by the tables. */
  done(): Promise<readonly number[]>;
}

/** Files what the deed needs, and waits until its cards stand. */
export async function prepared(lane: Lane, deed: Deed): Promise<Doing> {
  const { company, sql } = lane;
  switch (deed) {
    case "decide": {
      const numbers = [await filed(lane, "crm"), await filed(lane, "crm")];
      await delivered(lane);
      const done = () => having(lane, numbers, "approved");
      return { deed, numbers, done, act: () => forEach(numbers, done, (number) => pressed(lane, "max", "Approve", number)) };
    }
    case "confirm": {
      const numbers = [await filed(lane, "wiki")];
      for (const number of numbers) await approvedAndTransmitted(lane, number);
      await delivered(lane);
      const done = () => having(lane, numbers, "order-executed");
      return { deed, numbers, done, act: () => forEach(numbers, done, (number) => confirmed(lane, number)) };
    }
    case "drain": {
      // Others wrote it: the process that dies finds it in the outbox. More than come alone, so that they share a card.
      const before = await filed(lane, "crm");
      await delivered(lane);
      const numbers: number[] = [before];
      const act = async () => {
        if (numbers.length > 1) return [];
        await on(company, before, "max", { verb: "approve", comment: null });
        for (const to of ["crm", "wiki", "wiki", "wiki"]) numbers.push(await filed(lane, to));
        return [];
      };
      return { deed, numbers, act, done: async () => (numbers.length > 1 ? numbers : []) };
    }
    case "remind": {
      // One of a person, in their direct messages; one of a group, in its channel.
      const numbers = [await filed(lane, "wiki"), await filed(lane, "crm")];
      await approvedAndTransmitted(lane, numbers[1] ?? 0);
      await delivered(lane);
      const act = async () => {
        await sql`update task t set remind_at = app_now() from line l where l.id = t.line_id and l.number = any(${numbers}::bigint[]) and t.state = 'open' and t.reminders = 0`;
        return [];
      };
      return { deed, numbers, act, done: () => having(lane, numbers, "reminded") };
    }
  }
}

async function filed(lane: Lane, to: string): Promise<number> {
  const [number] = await file(lane.company, lane.newcomer(), to, [], {});
  return number ?? fail("nothing was filed");
}

async function approvedAndTransmitted({ company }: Lane, number: number): Promise<void> {
  await on(company, number, "max", { verb: "approve", comment: null });
  const { line } = (await company.operations.lineNumbered(number)) ?? fail(`no line ${number}`);
  await transmit(company.world, line);
}

/** Those of the lines that have such an event. */
async function having({ sql }: Lane, numbers: readonly number[], kind: string): Promise<readonly number[]> {
  const rows = await sql<{ number: string }[]>`
    select distinct l.number from line l join event e on e.line_id = l.id where l.number = any(${[...numbers]}::bigint[]) and e.kind = ${kind}`;
  return rows.map(({ number }) => Number(number));
}

async function forEach(
  numbers: readonly number[],
  done: () => Promise<readonly number[]>,
  act: (number: number) => Promise<boolean>,
): Promise<readonly number[]> {
  const already = await done();
  const open = numbers.filter((number) => !already.includes(number));
  const acknowledged = await Promise.all(open.map(act));
  return open.filter((_, index) => acknowledged[index]);
}

/** True: Slack saw the click acknowledged. */
async function pressed({ slack }: Lane, name: string, label: string, number: number): Promise<boolean> {
  const card = cardOf(slack, label, number);
  // What the dead had sent may have been committed after its end: then the card has lost its button meanwhile.
  if (card === null) return false;
  const body = clickOn(slack, userOf(name), card, label, number);
  return (await sent(slack, body))?.status === 200;
}

/** Opens the form, fills in nothing but what stands in it, and sends it; true: Slack saw it accepted. */
async function confirmed(lane: Lane, number: number): Promise<boolean> {
  const { slack } = lane;
  const { modals } = slack.world.world;
  const lena = userOf("lena");
  modals.delete(lena);
  if (!(await pressed(lane, "lena", "Confirm done", number))) return false;
  // Nobody answered the click: there may be no form, and whoever pressed presses again.
  if (!modals.get(lena)?.length) return false;
  const answer = await sent(slack, formOf(slack, lena));
  return answer?.status === 200 && !answer.body.includes('"errors"');
}

/** The message on which that request has that button, as it stands now; null: none has. */
function cardOf({ world: { world } }: Slack, label: string, number: number): MessageOnPage | null {
  for (const { messages } of world.channels.values())
    for (const message of messages.toReversed()) if (hasButton(message, `${label}, request ${number},`)) return asSeen(message);
  return null;
}

function hasButton({ blocks }: Message, spoken: string): boolean {
  const elements = blocks.flatMap((block) => (block.type === "actions" ? (block.elements as { accessibility_label?: string }[]) : []));
  return elements.some(({ accessibility_label: label }) => label?.startsWith(spoken));
}

function asSeen({ channel, ts, blocks }: Message): MessageOnPage {
  return { channel, ts, blocks } as unknown as MessageOnPage;
}

/** What came back; null: the connection broke off. */
async function sent(slack: Slack, body: string): Promise<{ readonly status: number; readonly body: string } | null> {
  try {
    const { headers } = signed(slack, body);
    const response = await fetch(slack.eventsUrl, { method: "POST", headers, body, signal: AbortSignal.timeout(PATIENCE_MS) });
    return { status: response.status, body: await response.text() };
  } catch {
    return null;
  }
}

/** Does it until all of it is done, and everything has been delivered. */
export async function completed(lane: Lane, doing: Doing): Promise<void> {
  for (const end = performance.now() + PATIENCE_MS; (await doing.done()).length < doing.numbers.length; ) {
    if (performance.now() > end) fail(`${doing.deed} of ${doing.numbers.join(", ")} never came about`);
    await doing.act();
    await new Promise((resolve) => setTimeout(resolve, 60));
  }
  await delivered(lane);
}

/** When everything that was committed has been carried out. */
async function delivered(lane: Lane): Promise<void> {
  if (!(await outboxEmpty(lane, PATIENCE_MS))) fail("the outbox was not emptied");
}

/** For what comes within some seconds on a machine that has nothing else to do. */
const PATIENCE_MS = 60_000;
