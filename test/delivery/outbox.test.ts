import { v7 } from "uuid";
import { afterEach, expect, test } from "vitest";
import { type Connection, connect } from "../../src/db/connect.ts";
import { takeCopy } from "../../src/db/messages.ts";
import { bury, finish, holdOn, LEASE_SECONDS, lease, nextDue, postpone, prune } from "../../src/db/outbox.ts";
import { drain } from "../../src/delivery/drain.ts";
import { schedule } from "../../src/delivery/schedule.ts";
import type { Channel } from "../../src/ports.ts";
import { en } from "../../src/texts/en.ts";
import { APPLICATIONS, type Company, company, file, folder, on, openTask } from "../operations/company.ts";
import type { MemoryChannel, Trouble } from "../ports/memory-channel.ts";
import { describeWithDatabase } from "../setup/database.ts";
import { openTaskOf } from "../setup/tasks.ts";
import { hasten, type Stage, settled, stage, verbsOn, wordsOf } from "./stage.ts";

let it: Company;
const replicas: Connection[] = [];

const sql = () => it.connection.sql;
const count = async (query: string) => Number((await sql().unsafe(`select count(*) as n from ${query}`))[0]?.n);

function replica(): Connection {
  const one = connect(it.database.url, { max: 4 });
  replicas.push(one);
  return one;
}

/** A door that stays shut until it is opened; whoever comes waits there. */
function door() {
  let open: () => void = () => {};
  let arrive: () => void = () => {};
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  const arrived = new Promise<void>((resolve) => {
    arrive = resolve;
  });
  const pass = () => {
    arrive();
    return opened;
  };
  return { open, arrived, pass };
}

/** What goes wrong with the first posts, whatever else is asked of the channel in between. */
function troubled(channel: MemoryChannel, troubles: readonly Trouble[]): Channel {
  const left = [...troubles];
  return {
    ...channel,
    post: (...sent) => {
      channel.trouble.push(...left.splice(0, 1));
      return channel.post(...sent);
    },
  };
}

/** Direct cards for everybody: more places. */
const everyone = {
  catalogue: {
    groups: folder().catalogue.groups.map((one) => ({ ...one, notify: "both" as const })),
    applications: APPLICATIONS,
  },
};

describeWithDatabase("the outbox", () => {
  afterEach(async () => {
    await Promise.all(replicas.splice(0).map((one) => one.close()));
    await it.close();
  });

  test("two workers over one database post each card once, and redraw it as often as needed", async () => {
    it = await company(everyone);
    const posts = new Map<string, number>();
    const counted = (channel: MemoryChannel): Channel => ({
      ...channel,
      post: async (to, card, key, perhaps) => {
        posts.set(key, (posts.get(key) ?? 0) + 1);
        await new Promise((resolve) => setTimeout(resolve, Math.random() * 5));
        return channel.post(to, card, key, perhaps);
      },
    });
    const first = stage(it, { connection: replica(), through: counted });
    const second = stage(it, { connection: replica(), through: counted, channel: first.channel });
    const filing = Promise.all(
      ["rita", "stan", "lena", "tom"].map(async (who) => {
        await file(it, who, "salesforce", ["reports", "admin"]);
        await file(it, who, "wiki", [], {});
      }),
    );
    await Promise.all([first.deliver(), second.deliver(), filing]);
    await settled(it, first, second);
    for (const number of [1, 2, 3, 4, 5, 6]) {
      const task = await openTaskOf(it.operations, number);
      const view = task && (await it.operations.task(task.id, null));
      const by = view?.task.assignees[0];
      await on(it, number, by?.kind === "person" ? by.person : "omar", { verb: "approve", comment: null });
      await Promise.all([first.deliver(), second.deliver()]);
    }
    await settled(it, first, second);
    expect([...posts].filter(([, times]) => times !== 1)).toEqual([]);
    expect(posts.size).toBe(first.channel.shown.length);
    // 8 requests; 4 tasks at managers for reports, 4 for wiki, 4 at the group in a channel and directly; the outcomes and what follows from them.
    expect(await count("message where state = 'posted'")).toBe(posts.size);
    expect(await count("effect where state <> 'done'")).toBe(0);
  });

  test("what a worker took and never gave back is left alone while its lease runs, and carried out by another afterwards", async () => {
    it = await company();
    await file(it, "rita", "wiki", [], {});
    const taken = await lease(it.world.db, 100);
    expect(taken.length).toBeGreaterThan(2);
    const here = stage(it);
    await here.deliver();
    expect(here.channel.shown).toEqual([]);
    expect(await nextDue(it.world.db)).toBeGreaterThan(0);
    expect(await nextDue(it.world.db)).toBeLessThanOrEqual(LEASE_SECONDS * 1000);
    await hasten(it);
    await settled(it, here);
    expect(here.channel.shown.map(({ at }) => at.conversation).sort()).toEqual(["direct UMAX", "direct URITA"]);
  });

  test("a lease in use is extended, one that was given back isn't", async () => {
    it = await company();
    await file(it, "rita", "wiki", [], {});
    const [one, ...others] = await lease(it.world.db, 100);
    const copy = await takeCopy(it.world.db, { id: v7(), subject: "task:x", platform: "slack", home: "T0ACME", place: "person:rita" });
    await hasten(it);
    await holdOn(it.world.db, { effects: [one?.id ?? 0], copies: [copy?.id ?? ""] });
    expect((await lease(it.world.db, 100)).map(({ id }) => id).sort()).toEqual(others.map(({ id }) => id).sort());
    const again = () => takeCopy(it.world.db, { id: v7(), subject: "task:x", platform: "slack", home: "T0ACME", place: "person:rita" });
    expect(await again()).toBeNull();
    await hasten(it);
    expect(await again()).toMatchObject({ id: copy?.id, perhapsSent: true });
  });

  test("a card that was sent by a worker which died before it could write that down stands once, and shows what is true now", async () => {
    it = await company();
    const [number = 0] = await file(it, "rita", "wiki", [], {});
    const { id } = await openTask(it, number);
    const dead = stage(it, {
      through: (channel) => ({
        ...channel,
        post: async (to, card, key, perhaps) => {
          await channel.post(to, card, key, perhaps);
          return new Promise(() => {}); // killed here
        },
      }),
    });
    void dead.deliver();
    while (dead.channel.shown.length < 2) await new Promise((resolve) => setTimeout(resolve, 5));
    expect(await count("message where state = 'posting'")).toBe(2);
    // Decided before anybody else looks: the card isn't wanted any more, but it stands there with its buttons.
    const [card] = dead.channel.shown.filter(({ at }) => at.conversation === "direct UMAX");
    expect(verbsOn(card?.card)).toEqual(["approve", "reject"]);
    await it.operations.act({
      actor: "max",
      aim: { task: id, face: null },
      command: { verb: "reject", reason: "no" },
      once: { key: v7(), fingerprint: "" },
      seen: null,
    });
    const heir = stage(it, { connection: replica(), channel: dead.channel });
    await hasten(it);
    await settled(it, heir);
    const max = heir.cardsOf({ person: "max" });
    expect(max).toHaveLength(1);
    expect(verbsOn(max[0])).toEqual([]);
    expect(await count("message where state <> 'posted'")).toBe(0);
  });

  test("a card that was sent although no answer came back stands once, whichever process tries again", async () => {
    it = await company();
    await file(it, "rita", "wiki", [], {});
    const first = stage(it, { through: (channel) => troubled(channel, [{ type: "lost" }, { type: "lost" }]) });
    await first.deliver();
    expect(first.channel.shown).toHaveLength(2);
    expect(await count("message where state = 'posting' and leased_until is null")).toBe(2);
    const second = stage(it, { connection: replica(), channel: first.channel });
    await hasten(it);
    await settled(it, second);
    expect(first.channel.shown.map(({ at }) => at.conversation).sort()).toEqual(["direct UMAX", "direct URITA"]);
    expect(await count("message where state = 'posted'")).toBe(2);
  });

  test("a card that surely wasn't sent is sent without being looked for", async () => {
    it = await company();
    await file(it, "rita", "wiki", [], {});
    const looked: unknown[] = [];
    const here = stage(it, {
      through: (channel) => {
        const limited = troubled(channel, [
          { type: "limited", afterMs: 1 },
          { type: "limited", afterMs: 1 },
        ]);
        return {
          ...channel,
          post: (to, card, key, perhaps) => {
            looked.push(perhaps);
            return limited.post(to, card, key, perhaps);
          },
        };
      },
    });
    await settled(it, here);
    expect(here.channel.shown).toHaveLength(2);
    expect(looked).toEqual([false, false, false, false]);
  });

  test("a worker that stalled until another took its card over doesn't write over what that one did", async () => {
    it = await company();
    await file(it, "rita", "wiki", [], {});
    const gate = door();
    const stalled = stage(it, {
      connection: replica(),
      through: (channel) => ({
        ...channel,
        post: async (to, card, key, perhaps) => {
          const sent = await channel.post(to, card, key, perhaps);
          if (to.kind === "direct" && to.user === "UMAX") await gate.pass();
          // What it believes is no longer so.
          return sent.type === "done" ? { type: "done", value: { ...sent.value, message: `stale ${sent.value.message}` } } : sent;
        },
      }),
    });
    const stalling = stalled.deliver();
    await gate.arrived;
    const heir = stage(it, { connection: replica(), channel: stalled.channel });
    await hasten(it);
    await heir.deliver();
    const rows = () => sql()`select message, state, why from message where place = 'person:max'`;
    const before = await rows();
    expect(before).toEqual([{ message: expect.stringMatching(/^\d+$/), state: "posted", why: null }]);
    gate.open();
    await stalling;
    expect(await rows()).toEqual(before);
    expect(stalled.notes.map(({ message }) => message)).toEqual(["a copy was taken over while it was being drawn"]);
    await settled(it, heir);
    expect(heir.cardsOf({ person: "max" })).toHaveLength(1);
  });

  test("only who still holds an effect writes how it ended", async () => {
    it = await company();
    await file(it, "rita", "wiki", [], {});
    const [mine] = await lease(it.world.db, 1);
    await hasten(it);
    const [theirs] = await lease(it.world.db, 1);
    if (!mine || !theirs) throw new Error("nothing was due");
    expect(theirs.id).toBe(mine.id);
    const state = () => sql()`select state, why from effect where id = ${mine.id}`;
    const old = { ids: [mine.id], lease: mine.lease };
    await finish(it.world.db, old);
    await postpone(it.world.db, old, { afterMs: 1, why: "late", because: "fault" });
    await bury(it.world.db, old, "late");
    expect(await state()).toEqual([{ state: "due", why: null }]);
    await finish(it.world.db, { ids: [theirs.id], lease: theirs.lease });
    expect(await state()).toEqual([{ state: "done", why: null }]);
  });

  test("a state that comes back after a worker died in the middle of drawing isn't taken for the one that is shown", async () => {
    it = await company();
    const [number = 0] = await file(it, "rita", "salesforce");
    let killed = false;
    const dying = stage(it, {
      through: (channel) => ({
        ...channel,
        redraw: async (at, card) => {
          const drawn = await channel.redraw(at, card);
          return killed ? new Promise(() => {}) : drawn;
        },
      }),
    });
    await on(it, number, "max", { verb: "approve", comment: null });
    await settled(it, dying);
    const live = () =>
      wordsOf(dying.channel.shown.find(({ key, at }) => key.startsWith("request:") && at.conversation === "direct URITA")?.card);
    const before = live();
    killed = true;
    await on(it, number, "tom", { verb: "claim" });
    void dying.deliver();
    while (live() === before) await new Promise((resolve) => setTimeout(resolve, 5));
    await on(it, number, "tom", { verb: "release", reason: null });
    const heir = stage(it, { connection: replica(), channel: dying.channel });
    // The dying one may still take another copy into its hands, which it doesn't give back either.
    const rest = async () => {
      await hasten(it);
      await heir.deliver();
      return count("effect where state = 'due'");
    };
    await expect.poll(rest, { timeout: 20_000, interval: 5 }).toBe(0);
    expect(live()).toBe(before);
  });

  test("a decision made while the card is being posted reaches that card: no copy keeps its buttons", async () => {
    it = await company();
    const [number = 0] = await file(it, "rita", "salesforce", ["admin"]);
    const gate = door();
    const slow = stage(it, {
      connection: replica(),
      through: (channel) => ({
        ...channel,
        post: async (to, card, key, perhaps) => {
          if (to.kind === "channel") await gate.pass();
          return channel.post(to, card, key, perhaps);
        },
      }),
    });
    const posting = slow.deliver();
    await gate.arrived;
    await on(it, number, "ines", { verb: "reject", reason: "no" });
    const quick = stage(it, { connection: replica(), channel: slow.channel });
    await quick.deliver();
    gate.open();
    await posting;
    await settled(it, slow, quick);
    const cards = quick.cardsOf({ channel: "C0APPROVALS" });
    expect(cards).toHaveLength(1);
    expect(verbsOn(cards[0])).toEqual([]);
    expect(wordsOf(cards[0])).toContain("Rejected by Ines");
  });

  test("whatever the order in which drawings arrive, the last one shows how it stands", async () => {
    it = await company(everyone);
    const [number = 0] = await file(it, "rita", "salesforce");
    const jumbled = (channel: MemoryChannel): Channel => ({
      ...channel,
      post: async (to, card, key, perhaps) => {
        await new Promise((resolve) => setTimeout(resolve, Math.random() * 10));
        return channel.post(to, card, key, perhaps);
      },
      redraw: async (at, card) => {
        await new Promise((resolve) => setTimeout(resolve, Math.random() * 20));
        return channel.redraw(at, card);
      },
      home: async (home, user, card) => {
        await new Promise((resolve) => setTimeout(resolve, Math.random() * 20));
        return channel.home(home, user, card);
      },
    });
    await it.operations.homeOpened({ platform: "slack", home: "T0ACME", user: "ULENA" });
    const a = stage(it, { connection: replica(), through: jumbled });
    const b = stage(it, { connection: replica(), through: jumbled, channel: a.channel });
    const c = stage(it, { connection: replica(), through: jumbled, channel: a.channel });
    await on(it, number, "max", { verb: "approve", comment: null });
    await settled(it, a, b, c);
    for (let round = 0; round < 8; round++) {
      const who = round % 2 === 0 ? "lena" : "tom";
      await on(it, number, who, { verb: "claim" });
      void b.deliver();
      await on(it, number, who, { verb: "release", reason: null });
      void c.deliver();
    }
    await on(it, number, "tom", { verb: "claim" });
    await Promise.all([a.deliver(), b.deliver(), c.deliver()]);
    await settled(it, a, b, c);
    const { id, face } = await openTask(it, number);
    const copies = a.channel.shown.filter(({ key }) => key.startsWith(`task:${id}`));
    expect(copies.map(({ at }) => at.conversation).sort()).toEqual(["C0HANDS", "direct ULENA", "direct UTOM"]);
    for (const { card } of copies) {
      const faces = card.blocks
        .flatMap((block) => (block.type === "buttons" ? block.buttons : []))
        .flatMap(({ action }) => (action.kind === "act" ? [action.face] : []));
      expect(new Set(faces)).toEqual(new Set(faces.length > 0 ? [face] : []));
      expect(verbsOn(card)).not.toContain("claim");
    }
    const live = a.channel.shown.filter(({ key, at }) => key.startsWith("request:") && at.conversation === "direct URITA");
    expect(live.map(({ card }) => wordsOf(card))).toEqual([expect.stringContaining("Tom")]);
    // Tom has it: nothing waits for Lena.
    expect(verbsOn(a.channel.homes.get("ULENA"))).toEqual([]);
  });

  test("an effect that keeps failing by our own fault is given up after a dozen tries, with an error in the log, and holds up nobody", async () => {
    it = await company();
    const broken = (channel: MemoryChannel): Channel => ({
      ...channel,
      post: async (to, card, key, perhaps) => {
        if (to.kind === "direct" && to.user === "UMAX")
          throw Object.assign(new TypeError("what-somebody-typed"), {
            cause: Object.assign(new Error("what-somebody-typed"), { code: "22P02" }),
          });
        return channel.post(to, card, key, perhaps);
      },
    });
    const here = stage(it, { through: broken });
    const [number = 0] = await file(it, "rita", "wiki", [], {});
    await file(it, "ines", "wiki", [], {});
    for (let round = 0; round < 20; round++) {
      await here.deliver();
      await hasten(it);
    }
    const dead = await sql()`select kind, attempts, why, body->>'id' as task from effect where state = 'dead'`;
    expect(dead).toEqual([{ kind: "show", attempts: 12, why: "TypeError 22P02", task: (await openTask(it, number)).id }]);
    expect(await count("effect where state = 'due'")).toBe(0);
    expect(here.notes.filter(({ level, message }) => level === "error" && message === "an effect was given up")).toHaveLength(1);
    expect(JSON.stringify(here.notes)).not.toContain("what-somebody-typed");
    expect(here.cardsOf({ person: "rita" }).length).toBe(1);
    // Cleo decides on Ines's request, and as an administrator hears that a card was given up.
    const cleo = here.cardsOf({ person: "cleo" });
    expect(cleo.filter(({ title }) => title === en.alerts["effect-dead"].title).map(wordsOf)).toEqual([
      expect.stringContaining("TypeError 22P02"),
    ]);
    expect(cleo).toHaveLength(2);
  });

  test("while the database has no disk left an effect is tried again for as long as that lasts, and its card arrives afterwards", async () => {
    it = await company();
    const here = stage(it);
    await file(it, "rita", "wiki", [], {});
    const owner = connect(it.database.ownerUrl, { max: 1 });
    await owner.sql.unsafe(`create function full_disk() returns trigger language plpgsql as $$
      begin raise exception 'could not extend file' using errcode = 'disk_full'; end $$;
      create trigger full_disk before insert or update on message for each row execute function full_disk()`);
    for (let round = 0; round < 20; round++) {
      await drain(here.courier, () => true);
      await hasten(it);
    }
    expect(await count("effect where state = 'dead'")).toBe(0);
    expect((await sql()`select distinct why from effect where kind = 'show' and state = 'due'`).map(({ why }) => why)).toEqual([
      "PostgresError 53100",
    ]);
    await owner.sql`drop trigger full_disk on message`;
    await owner.close();
    await settled(it, here);
    expect(await count("effect where state <> 'done'")).toBe(0);
    expect(here.cardsOf({ person: "rita" })).toHaveLength(1);
  });

  test("an alert that can't be told to anybody is given up without another one", async () => {
    it = await company();
    const fails = () => Promise.reject(new TypeError("a-defect"));
    const here = stage(it, { through: (channel) => ({ ...channel, post: fails }) });
    await file(it, "rita", "wiki", [], {});
    for (let round = 0; round < 40; round++) {
      await here.deliver();
      await hasten(it);
    }
    expect(await count("effect where state = 'due'")).toBe(0);
    expect(await count("effect where kind = 'alert'")).toBe(1);
    expect(await count("effect where kind = 'alert' and state = 'dead'")).toBe(1);
  });

  test("an order is handed over however long that kept failing, and tried at the latest every ten minutes", async () => {
    it = await company();
    const here = stage(it);
    const [number = 0] = await file(it, "rita", "wiki", [], {});
    await settled(it, here);
    const broken = { carryOut: () => Promise.reject(new TypeError("a-defect")) };
    const failing = { ...here.courier, byHand: broken };
    await on(it, number, "max", { verb: "approve", comment: null });
    await sql()`insert into clock (ahead) values ('9 days')`;
    for (let round = 0; round < 30; round++) {
      await drain(failing, () => true);
      const [row] =
        await sql()`select extract(epoch from leased_until - clock_timestamp())::float8 as s from effect where kind = 'transmit'`;
      expect(row?.s).toBeLessThanOrEqual(600);
      await hasten(it);
    }
    expect(await sql()`select state, attempts from effect where kind = 'transmit'`).toEqual([{ state: "due", attempts: 30 }]);
    await settled(it, here);
    const task = await openTaskOf(it.operations, number);
    expect(task && (await it.operations.task(task.id, null))?.task.kind).toBe("fulfilment");
  });

  test("an outage of an hour loses nothing and counts as no failed try: afterwards every card is right and every outcome told", async () => {
    it = await company(everyone);
    let down = true;
    let calls = 0;
    const outage = (channel: MemoryChannel): Channel => {
      const unless = async <T>(work: () => Promise<T>) => {
        calls += 1;
        return down ? ({ type: "later", afterMs: 30_000, why: "down" } as const) : work();
      };
      return {
        ...channel,
        post: (to, card, key, perhaps) => unless(() => channel.post(to, card, key, perhaps)),
        redraw: (at, card) => unless(() => channel.redraw(at, card)),
        home: (home, user, card) => unless(() => channel.home(home, user, card)),
      };
    };
    const here = stage(it, { through: outage });
    down = false;
    const [early = 0] = await file(it, "stan", "wiki", [], {});
    await settled(it, here);
    down = true;
    const [number = 0] = await file(it, "rita", "wiki", [], {});
    for (let minute = 0; minute < 60; minute += 2) {
      if (minute === 10) await on(it, number, "max", { verb: "approve", comment: null });
      if (minute === 20) await on(it, number, "lena", { verb: "report-error", reason: "no licence" });
      if (minute === 30) await on(it, number, "tom", { verb: "retry" });
      if (minute === 40) await on(it, number, "lena", { verb: "confirm", login: "rita.r" });
      if (minute === 50) await on(it, early, "max", { verb: "reject", reason: "no" });
      await sql()`insert into clock (ahead) values (make_interval(mins => ${minute})) on conflict (one) do update set ahead = excluded.ahead`;
      await hasten(it);
      await here.deliver();
    }
    expect(calls).toBeGreaterThan(60);
    expect(await count("effect where state = 'dead'")).toBe(0);
    expect(await count("effect where attempts > 1")).toBe(0);
    down = false;
    await settled(it, here);
    expect(here.notes.filter(({ level }) => level === "error")).toEqual([]);
    expect(here.channel.shown.filter(({ card }) => verbsOn(card).length > 0)).toEqual([]);
    const notices = here.channel.shown.filter(({ key, at }) => key.startsWith("notice:") && at.conversation === "direct URITA");
    expect(notices).toHaveLength(4);
    expect(here.channel.shown.filter(({ key, at }) => key.startsWith("request:") && at.conversation === "direct URITA")).toHaveLength(1);
    expect(here.cardsOf({ person: "stan" }).some((card) => wordsOf(card).includes("no"))).toBe(true);
  });

  test("what the outside never takes is given up after a week, not before", async () => {
    it = await company();
    const here = stage(it, { through: (channel) => ({ ...channel, post: async () => ({ type: "later", afterMs: 10, why: "down" }) }) });
    await file(it, "rita", "wiki", [], {});
    const cards = await count("effect where kind = 'show'");
    const passes = async (days: number) => {
      await sql()`insert into clock (ahead) values (make_interval(days => ${days})) on conflict (one) do update set ahead = excluded.ahead`;
      await hasten(it);
      await here.deliver();
      return count("effect where state = 'dead' and why = 'down'");
    };
    expect(await passes(3)).toBe(0);
    expect(await passes(6)).toBe(0);
    expect(await passes(8)).toBe(cards);
    expect(here.notes.filter(({ message }) => message === "an effect was given up")).toHaveLength(cards);
  });

  test("one waiting place doesn't keep a card from the others", async () => {
    it = await company(everyone);
    const here = stage(it, {
      through: (channel) => ({
        ...channel,
        post: async (to, card, key, perhaps) =>
          to.kind === "direct" && to.user === "UINES"
            ? { type: "later", afterMs: 60_000, why: "ratelimited" }
            : channel.post(to, card, key, perhaps),
      }),
    });
    await file(it, "rita", "salesforce", ["admin"]);
    await here.deliver();
    const stands = here.channel.shown.filter(({ key }) => key.startsWith("task:")).map(({ at }) => at.conversation);
    expect(stands.sort()).toEqual(["C0APPROVALS", "direct UOMAR", "direct UUMA"]);
    expect(await nextDue(it.world.db)).toBeGreaterThan(50_000);
  });

  test("outcomes and hand-overs go before cards, and cards before home pages, however long the queue", async () => {
    it = await company();
    await sql()`insert into effect (kind, priority, subject, body, run_at)
      select 'home', 3, 'home:' || n, jsonb_build_object('kind', 'home', 'person', 'p' || n), app_now() from generate_series(1, 200) n`;
    const [number = 0] = await file(it, "rita", "wiki", [], {});
    await on(it, number, "max", { verb: "approve", comment: null });
    const taken = await lease(it.world.db, 12);
    const kinds = taken.map(({ effect }) => effect.kind);
    expect(kinds.slice(0, 2).sort()).toEqual(["tell", "transmit"]);
    expect(kinds.slice(2)).toEqual([...kinds.slice(2)].sort((a, b) => (a === b ? 0 : a === "show" ? -1 : 1)));
    expect(kinds).toContain("show");
  });

  test("a schedule delivers at once what it is woken for, finds by itself what another process left, and ends what it began", async () => {
    it = await company();
    const gate = door();
    let held = false;
    const here: Stage = stage(it, {
      through: (channel) => ({
        ...channel,
        post: async (to, card, key, perhaps) => {
          if (held) await gate.pass();
          return channel.post(to, card, key, perhaps);
        },
      }),
    });
    const running = schedule(here.courier, "0 0 0 1 1 *");
    const until = async (met: () => boolean) => {
      while (!met()) await new Promise((resolve) => setTimeout(resolve, 5));
    };
    await file(it, "rita", "wiki", [], {});
    running.wake();
    await until(() => here.channel.shown.length === 2);
    // Nobody wakes it for this one.
    await file(it, "stan", "wiki", [], {});
    await until(() => here.channel.shown.length === 4);
    held = true;
    await file(it, "lena", "wiki", [], {});
    await gate.arrived;
    let stopped = false;
    const stopping = running.stop().then(() => (stopped = true));
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(stopped).toBe(false);
    gate.open();
    await stopping;
    expect(here.channel.shown.length).toBe(6);
    expect(await count("effect where leased_until is not null")).toBe(0);
    await file(it, "tom", "wiki", [], {});
    running.wake();
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(here.channel.shown.length).toBe(6);
  });

  test("a card that falls due while the chat is slow to take another doesn't wait for that one", async () => {
    it = await company();
    const gate = door();
    const slow: string[] = [];
    const here: Stage = stage(it, {
      through: (channel) => ({
        ...channel,
        post: async (to, card, key, perhaps) => {
          if (slow.length === 0) {
            slow.push(key);
            await gate.pass();
          }
          return channel.post(to, card, key, perhaps);
        },
      }),
    });
    const running = schedule(here.courier, "0 0 0 1 1 *");
    const until = async (met: () => boolean) => {
      while (!met()) await new Promise((resolve) => setTimeout(resolve, 5));
    };
    try {
      await file(it, "rita", "wiki", [], {});
      running.wake();
      await gate.arrived;
      await until(() => here.channel.shown.length === 1);
      await file(it, "stan", "wiki", [], {});
      running.wake();
      await until(() => here.channel.shown.length === 3);
      // Nobody wakes it for this one.
      await file(it, "lena", "wiki", [], {});
      await until(() => here.channel.shown.length === 5);
      expect(here.channel.shown.some(({ key }) => slow.includes(key))).toBe(false);
    } finally {
      gate.open();
      await running.stop();
    }
    expect(here.channel.shown.filter(({ key }) => slow.includes(key))).toHaveLength(1);
    expect(here.channel.shown).toHaveLength(6);
  });

  test("keys and effects are kept 30 days and then forgotten; what is due or was given up stays", async () => {
    it = await company();
    await file(it, "rita", "wiki", [], {});
    await settled(it, stage(it));
    await sql()`insert into effect (kind, priority, subject, body, run_at, state) values ('home', 3, 'dead', '{"kind": "home", "person": "x"}', now(), 'dead')`;
    const kept = async () => [await count("effect"), await count("inbound")];
    const before = await kept();
    const passes = async (days: number) => {
      await sql()`insert into clock (ahead) values (make_interval(days => ${days})) on conflict (one) do update set ahead = excluded.ahead`;
      await prune(it.world.db);
      return kept();
    };
    expect(await passes(29)).toEqual(before);
    expect(await passes(31)).toEqual([1, 0]);
    expect(await count("event")).toBeGreaterThan(0);
  });
});
