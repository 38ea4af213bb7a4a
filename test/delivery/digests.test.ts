/** Many tasks for one person or channel at once: on a real database, into a channel in memory. */
import { afterEach, describe, expect, test } from "vitest";
import type { Card } from "../../src/cards/card.ts";
import { moveClock } from "../../src/db/clock.ts";
import { type Connection, connect } from "../../src/db/connect.ts";
import { readArrival } from "../../src/db/digests.ts";
import { tick } from "../../src/operations/tick.ts";
import type { Channel } from "../../src/ports.ts";
import { counter } from "../db/touched.ts";
import { onLine } from "../operations/acts.ts";
import { APPLICATIONS, application, type Company, company, file, folder, on } from "../operations/company.ts";
import type { MemoryChannel } from "../ports/memory-channel.ts";
import { describeWithDatabase } from "../setup/database.ts";
import { hasten, type Stage, settled, stage, USERS, verbsOn, wordsOf } from "./stage.ts";

let it: Company;
let here: Stage;
const replicas: Connection[] = [];

const entitlement = { description: "", policy: null, accountType: null, maxDuration: null, instructions: null };
const NAMES = Array.from({ length: 20 }, (_, index) => `part-${index + 1}`);
/** One system with twenty things to ask for, every third of them of high risk. */
const suite = application("suite", {
  entitlements: NAMES.map((name, index) => ({ ...entitlement, id: name, name, risk: index % 3 === 0 ? "high" : "low" })),
});

async function begin(catalogue: Parameters<typeof folder>[0] = {}, options: Parameters<typeof stage>[1] = {}): Promise<void> {
  it = await company({ catalogue: { applications: [...APPLICATIONS, suite], ...catalogue.catalogue } });
  here = stage(it, options);
}

function replica(through?: (channel: MemoryChannel) => Channel): Stage {
  const connection = connect(it.database.url, { max: 8 });
  replicas.push(connection);
  return stage(it, { connection, channel: here.channel, ...(through ? { through } : {}) });
}

/** What a person has in their direct message about work, threads left out. */
const cards = (person: string): readonly Card[] =>
  here.channel.shown.flatMap(({ at, key, to, card }) =>
    at.conversation === `direct U${person.toUpperCase()}` && to.kind !== "thread" && /^(task|digest):/.test(key) ? [card] : [],
  );
const threads = () => here.channel.shown.flatMap(({ to, card }) => (to.kind === "thread" ? [{ to, words: wordsOf(card) }] : []));
const digestOf = (person: string) => cards(person).find(({ title }) => /waiting for you|waits for you/.test(title));

describeWithDatabase("many tasks for one person", () => {
  afterEach(async () => {
    await Promise.all(replicas.splice(0).map((one) => one.close()));
    await it.close();
  });

  test("whether others wait for the same place is found in a few pages, however many tasks are open", async () => {
    await begin();
    const [number = 0] = await file(it, "rita", "wiki", [], {});
    await settled(it, here);
    const [row] = await it.connection.sql`select t.id as task from task t join line l on l.id = t.line_id where l.number = ${number}`;
    // A place at which the task was not arranged yet.
    const arrival = { task: String(row?.task), platform: "slack", home: "T0OTHER", place: "person:cleo", asked: { person: "cleo" } };
    const counted = async () => {
      const counting = counter(it.database.url, "generic");
      try {
        expect(await readArrival(counting.db, arrival)).toMatchObject({ known: false, together: 1 });
        return counting.taken().buffers;
      } finally {
        await counting.close();
      }
    };
    const few = await counted();
    for (const who of ["rita", "stan", "lena", "tom", "ines"]) await file(it, who, "suite", NAMES, {});
    await it.connection.sql`update effect set state = 'done' where state = 'due'`;
    expect(await counted()).toBeLessThanOrEqual(few + 20);
  });

  test("ASK-23 five things asked for at once are one card with five rows, each of which can be decided; risk stands on each (ASK-24)", async () => {
    await begin();
    const numbers = await file(it, "rita", "suite", NAMES.slice(0, 5), {});
    await settled(it, here);
    expect(cards("max").map(({ title }) => title)).toEqual(["5 tasks are waiting for you"]);
    const words = () => wordsOf(cards("max")[0]);
    for (const number of numbers) expect(words()).toContain(`Request ${number}`);
    expect(verbsOn(cards("max")[0])).toEqual(numbers.flatMap(() => ["approve", "reject"]));
    expect(words().match(/Risk: (Low|High)/g)).toHaveLength(5);
    expect(words().match(/High risk\. Approve only if/g)).toHaveLength(2);
    const [first = 0, second = 0, ...others] = numbers;
    await on(it, first, "max", { verb: "approve", comment: null });
    await on(it, second, "max", { verb: "reject", reason: "Not this one" });
    await settled(it, here);
    expect(cards("max")[0]?.title).toBe("3 tasks are waiting for you");
    expect(verbsOn(cards("max")[0])).toEqual(others.flatMap(() => ["approve", "reject"]));
    expect(words()).toMatch(new RegExp(`Request ${first} , part-1 in Suite for Rita : Approved by Max`));
    expect(words()).toMatch(/Rejected by Max.*Not this one/);
    // The requester withdraws what is left: nothing keeps a button, and nothing else was posted.
    for (const number of others) await onLine(it, number, "rita", { verb: "withdraw", reason: null });
    await settled(it, here);
    expect(cards("max").map(({ title }) => title)).toEqual(["Nothing on this list waits for you"]);
    expect(verbsOn(cards("max")[0])).toEqual([]);
    expect(words().match(/Withdrawn by Rita/g)).toHaveLength(3);
  });

  test("THREAT-20 whoever files twenty requests gets four messages through to the approver, and every task stands on one of them once", async () => {
    await begin();
    const numbers: number[] = [];
    for (const name of NAMES) {
      numbers.push(...(await file(it, "rita", "suite", [name], {})));
      await here.deliver();
    }
    await settled(it, here);
    const [one, two, three, digest, ...others] = cards("max");
    expect(others).toEqual([]);
    for (const card of [one, two, three]) expect(verbsOn(card)).toEqual(["approve", "reject"]);
    expect(digest?.title).toBe("17 tasks are waiting for you");
    expect(wordsOf(digest)).toMatch(/most urgent of 17/);
    expect(digest?.blocks.length).toBeLessThan(50);
    const rows = await it.connection.sql`select subject, place from message where subject like 'task:%' and place = 'person:max'`;
    expect(rows).toHaveLength(20);
    expect(new Set(rows.map(({ subject }) => subject)).size).toBe(20);
    // What had no room moves up as the others are decided.
    for (const number of numbers.slice(3, 17)) await on(it, number, "max", { verb: "approve", comment: null });
    await settled(it, here);
    expect(digestOf("max")?.title).toBe("3 tasks are waiting for you");
    expect(wordsOf(digestOf("max"))).toContain("part-20");
  });

  test("the daily case is as it was: a task whose card could be a digest looks like any other card while it is alone", async () => {
    await begin();
    for (const name of NAMES.slice(0, 4)) {
      await file(it, "rita", "suite", [name], {});
      await settled(it, here);
    }
    expect(cards("max").map(({ title }) => title)).toEqual([
      "Request 1: Suite",
      "Request 2: Suite",
      "Request 3: Suite",
      "Request 4: Suite",
    ]);
    await file(it, "stan", "suite", ["part-9"], {});
    await settled(it, here);
    expect(
      cards("max")
        .map(({ title }) => title)
        .at(-1),
    ).toBe("2 tasks are waiting for you");
    // A minute later there is something new to be told again; two minutes later it is a card of its own.
    await moveClock(it.world.db, 61_000);
    await file(it, "stan", "suite", ["part-10"], {});
    await settled(it, here);
    await moveClock(it.world.db, 121_000);
    await file(it, "stan", "suite", ["part-11"], {});
    await settled(it, here);
    expect(
      cards("max")
        .slice(-2)
        .map(({ title }) => title),
    ).toEqual(["Request 6: Suite", "Request 7: Suite"]);
    expect(
      await it.connection.sql`select state from message where subject like 'task:%' and place = 'person:max' order by id`,
    ).toHaveLength(7);
  });

  test("several processes agree: each task stands in one place once, and each digest is posted once", async () => {
    await begin({ catalogue: { groups: folder().catalogue.groups.map((one) => ({ ...one, notify: "both" as const })) } });
    const posts: string[] = [];
    const counted = (channel: MemoryChannel): Channel => ({
      ...channel,
      post: async (to, card, key, perhaps) => {
        posts.push(key);
        await new Promise((resolve) => setTimeout(resolve, Math.random() * 5));
        return channel.post(to, card, key, perhaps);
      },
    });
    const [first, second] = [replica(counted), replica(counted)];
    const filing = ["rita", "stan", "lena"].map((who, index) => file(it, who, "suite", NAMES.slice(index * 3, index * 3 + 3), {}));
    await Promise.all([first.deliver(), second.deliver(), ...filing]);
    await settled(it, first, second);
    expect(posts.length).toBe(new Set(posts).size);
    const stands = cards("max").flatMap((card) => wordsOf(card).match(/Request \d+/g) ?? []);
    expect(new Set(stands).size).toBe(6);
    expect(await it.connection.sql`select from effect where state <> 'done'`).toHaveLength(0);
    for (const number of [1, 2, 3, 4]) {
      const [line] = await it.connection.sql`select requester_id from line where number = ${number}`;
      await on(it, number, line?.requester_id === "lena" ? "cleo" : "max", { verb: "approve", comment: null });
      await Promise.all([first.deliver(), second.deliver()]);
    }
    await settled(it, first, second);
    const copies = here.channel.shown.filter(({ card }) => verbsOn(card).length > 0).map(({ card }) => card);
    for (const number of [1, 2, 3, 4])
      for (const card of copies)
        for (const block of card.blocks)
          if (block.type === "buttons")
            for (const { spoken } of block.buttons) if (/Approve|Reject/.test(spoken)) expect(spoken).not.toContain(`request ${number},`);
  });

  test("a digest that was sent although no answer came back, by a process that died, stands once and shows what is true now", async () => {
    await begin();
    const dead = replica((channel) => ({
      ...channel,
      post: async (to, card, key, perhaps) => {
        const sent = await channel.post(to, card, key, perhaps);
        return key.startsWith("digest:") ? new Promise(() => {}) : sent; // killed here
      },
    }));
    const numbers = await file(it, "rita", "suite", NAMES.slice(0, 6), {});
    void dead.deliver();
    while (cards("max").length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
    for (const number of numbers) await onLine(it, number, "rita", { verb: "withdraw", reason: null });
    await hasten(it);
    await settled(it, here);
    expect(cards("max")).toHaveLength(1);
    expect(verbsOn(cards("max")[0])).toEqual([]);
  });

  test("a digest that was deleted is posted anew as long as anything on it waits, and forgotten once nothing does", async () => {
    await begin();
    const numbers = await file(it, "rita", "suite", NAMES.slice(0, 4), {});
    await settled(it, here);
    const gone = () => {
      const shown = here.channel.shown.find(({ key }) => key.startsWith("digest:"));
      if (shown) here.channel.remove(shown.at);
    };
    gone();
    await on(it, numbers[0] ?? 0, "max", { verb: "approve", comment: null });
    await settled(it, here);
    expect(digestOf("max")?.title).toBe("3 tasks are waiting for you");
    gone();
    for (const number of numbers.slice(1)) await onLine(it, number, "rita", { verb: "withdraw", reason: null });
    await settled(it, here);
    expect(cards("max")).toEqual([]);
  });

  test("while the chat is away nothing piles up: afterwards there is one digest", async () => {
    await begin();
    const away = replica((channel) => ({
      ...channel,
      post: () => Promise.resolve({ type: "later", afterMs: 60_000, why: "down", unsent: true }),
    }));
    await file(it, "rita", "suite", NAMES.slice(0, 4), {});
    await away.deliver();
    for (const name of NAMES.slice(4, 8)) {
      await moveClock(it.world.db, 61_000);
      await file(it, "rita", "suite", [name], {});
      await away.deliver();
    }
    expect(cards("max")).toEqual([]);
    await hasten(it);
    await settled(it, here);
    expect(cards("max").map(({ title }) => title)).toEqual(["8 tasks are waiting for you"]);
  });

  describe("below it", () => {
    const hours = (count: number) => ({ kind: "elapsed", seconds: count * 3600 }) as const;
    const policies = folder().catalogue.policies.map((policy) => ({
      ...policy,
      remind: { after: hours(1), every: hours(2), grow: 1, atMost: 1 },
    }));

    test("ASK-8 reminders of one moment are one reply in the digest's thread, which names each request; a nudge names its own (ASK-23)", async () => {
      await begin({ catalogue: { policies } });
      const numbers = await file(it, "rita", "suite", NAMES.slice(0, 4), {});
      await settled(it, here);
      await on(it, numbers[0] ?? 0, "max", { verb: "approve", comment: null });
      await settled(it, here);
      await moveClock(it.world.db, 3_600_000);
      await tick(it.world);
      await settled(it, here);
      const digest = here.channel.shown.find(({ key }) => key.startsWith("digest:"));
      const said = () => threads().filter(({ to }) => to.kind === "thread" && to.message === digest?.at.message);
      const words = said()
        .map((one) => one.words)
        .join("\n");
      expect(said()).toHaveLength(1);
      for (const number of numbers.slice(1)) expect(words).toMatch(new RegExp(`Request ${number}\\b`));
      expect(words).not.toMatch(new RegExp(`Request ${numbers[0]}\\b`));
      await tick(it.world);
      await settled(it, here);
      expect(said()).toHaveLength(1);
      await onLine(it, numbers[1] ?? 0, "rita", { verb: "nudge" });
      await settled(it, here);
      expect(said()).toHaveLength(2);
      expect(said()[1]?.words).toMatch(new RegExp(`Request ${numbers[1]} .* asks you to look at this`));
    });
  });
});

describeWithDatabase("many tasks for one channel", () => {
  afterEach(() => it.close());

  test("THREAT-20 share a digest there as well, on which everybody can act", async () => {
    await begin();
    const numbers = await file(it, "rita", "suite", NAMES.slice(0, 5), {});
    for (const number of numbers) await on(it, number, "max", { verb: "approve", comment: null });
    await settled(it, here);
    const inChannel = () =>
      here.channel.shown.flatMap(({ at, to, card }) => (at.conversation === "C0HANDS" && to.kind !== "thread" ? [card] : []));
    expect(inChannel().map(({ title }) => title)).toEqual(["5 tasks are waiting"]);
    expect(verbsOn(inChannel()[0])).toEqual(["claim", "claim", "claim", "claim", "claim"]);
    await on(it, numbers[0] ?? 0, "lena", { verb: "claim" });
    await settled(it, here);
    expect(verbsOn(inChannel()[0]).toSorted()).toEqual(["claim", "claim", "claim", "claim", "confirm", "release", "report-error"]);
    await on(it, numbers[0] ?? 0, "lena", { verb: "confirm", login: "rita.r" });
    await settled(it, here);
    expect(wordsOf(inChannel()[0])).toMatch(/Done by Lena/);
    expect(inChannel()).toHaveLength(1);
  });

  test("where the bot isn't in the channel, its people get a digest each", async () => {
    const groups = folder().catalogue.groups.map((one) => (one.id === "hands" ? { ...one, slackChannel: "quiet" } : one));
    await begin({ catalogue: { groups } });
    const numbers = await file(it, "rita", "suite", NAMES.slice(0, 5), {});
    for (const number of numbers) await on(it, number, "max", { verb: "approve", comment: null });
    await settled(it, here);
    for (const person of ["lena", "tom"]) {
      expect(cards(person).length).toBeLessThanOrEqual(4);
      const stands = cards(person).flatMap((card) => wordsOf(card).match(/Request \d+/g) ?? []);
      expect(new Set(stands).size).toBe(5);
    }
    const alerts = await it.connection.sql`select from event where kind = 'not-delivered'`;
    expect(alerts).toHaveLength(1);
  });
});

describeWithDatabase("a digest for somebody whom no card reaches", () => {
  afterEach(() => it.close());

  test("ASK-11 strands nothing: all of its tasks are passed on, and an administrator hears why once", async () => {
    await begin({}, { users: USERS.filter(({ user }) => user !== "UMAX") });
    await file(it, "rita", "suite", NAMES.slice(0, 5), {});
    await settled(it, here);
    const asked = await it.connection
      .sql`select distinct a.person_id from task t join task_assignee a on a.task_id = t.id where t.state = 'open'`;
    expect(asked).not.toContainEqual({ person_id: "max" });
    expect(await it.connection.sql`select person_id from unreachable`).toEqual([{ person_id: "max" }]);
    expect(digestOf("cleo") ?? cards("cleo")[0]).toBeDefined();
    expect(new Set(cards("cleo").flatMap((card) => wordsOf(card).match(/Request \d+/g) ?? [])).size).toBe(5);
  });
});
