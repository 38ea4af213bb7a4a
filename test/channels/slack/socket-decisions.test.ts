/** Decisions that come over Socket Mode, on a real database: acknowledged after their commit, and counted once however often they are delivered. */
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { type Company, company } from "../../operations/company.ts";
import { describeWithDatabase } from "../../setup/database.ts";
import type { FrontLink } from "../../setup/socket-front.ts";
import { hooked } from "../stage.ts";
import { type Asked, approveClick, ask } from "./socket-requests.ts";
import { type Latchkey, type SocketStage, socketStage } from "./socket-stage.ts";

describeWithDatabase("decisions over Socket Mode", () => {
  let acme: Company;
  let it: SocketStage;
  let one: Latchkey;
  let two: Latchkey;
  const crashes: unknown[] = [];
  const crash = (error: unknown) => void crashes.push(error);
  /** Called by the first process when an operation has ended, before Slack hears of it. */
  let after: (name: string) => Promise<void> = async () => {};

  beforeAll(async () => {
    process.on("unhandledRejection", crash);
    acme = await company();
  });
  beforeEach(async () => {
    after = async () => {};
    it = await socketStage();
    // Which links are whose: the first two are the first process's.
    one = await it.latchkey(
      hooked(
        acme.operations,
        async () => {},
        (name) => after(name),
      ),
    );
    await it.front.until(2);
    two = await it.latchkey(acme.operations);
    await it.front.until(4);
  });
  afterEach(async () => {
    await it.close();
    expect(crashes).toEqual([]);
  });
  afterAll(async () => {
    await acme.close();
    process.off("unhandledRejection", crash);
  });

  const votes = async (asked: Asked) => {
    const [row] = await acme.connection
      .sql`select l.approval, (select count(*)::int from vote v join task t on t.id = v.task_id where t.line_id = l.id) as votes,
      (select count(*)::int from event e where e.line_id = l.id and e.kind = 'approved') as approvals from line l where l.number = ${asked.number}`;
    return { approval: row?.approval, votes: row?.votes, approvals: row?.approvals };
  };
  const APPROVED = { approval: "approved", votes: 1, approvals: 1 };
  const link = (number: number): FrontLink => it.front.links[number] ?? it.front.links[0] ?? never();
  const never = (): never => {
    throw new Error("there is no link");
  };

  test("a click is committed before it is acknowledged", async () => {
    const asked = await ask(acme, "rita");
    const seen: unknown[] = [];
    let acknowledged = false;
    after = async (name) => {
      if (name !== "act") return;
      seen.push(await votes(asked), acknowledged);
    };
    const answer = await link(0)
      .deliver("interactive", approveClick(asked))
      .then((got) => {
        acknowledged = true;
        return got;
      });
    expect(answer).toMatchObject({ ok: true });
    expect(seen).toEqual([APPROVED, false]);
  });

  test("the link breaks between commit and acknowledgement: delivered again to another process, the click has one effect", async () => {
    const asked = await ask(acme, "rita");
    after = async (name) => {
      if (name === "act") for (const mine of [link(0), link(1)]) mine.breakOff();
    };
    expect(await link(0).deliver("interactive", approveClick(asked))).toEqual({ ok: false });
    expect(await votes(asked)).toEqual(APPROVED);
    const again = await link(2).deliver("interactive", approveClick(asked), { retry_attempt: 1, retry_reason: "timeout" });
    expect(again).toMatchObject({ ok: true });
    expect(await votes(asked)).toEqual(APPROVED);
    expect(two.logged.filter((line) => line.includes("failed"))).toEqual([]);
  });

  test("THREAT-3 one click over every link of both processes at once decides once", async () => {
    const asked = await ask(acme, "rita");
    const answers = await Promise.all(
      it.front.open().flatMap((any) => [1, 2, 3].map(() => any.deliver("interactive", approveClick(asked)))),
    );
    expect(answers).toHaveLength(12);
    expect(answers.every(({ ok }) => ok)).toBe(true);
    expect(await votes(asked)).toEqual(APPROVED);
  });

  test("clicks that come over any link while links break off: each is decided once, and none that was acknowledged is lost", async () => {
    const seed = Number(process.env.LATCHKEY_SEED ?? Math.floor(Math.random() * 2 ** 31));
    console.info(`seed ${seed} (set LATCHKEY_SEED to run it again)`);
    const chance = mulberry(seed);
    const acknowledged: Asked[] = [];
    for (let n = 0; n < 8; n++) {
      const asked = await ask(acme, "rita");
      // As Slack does: until it is acknowledged, over a link chosen by chance.
      for (let attempt = 0; ; attempt++) {
        const open = it.front.open();
        const chosen = open[Math.floor(chance() * open.length)];
        if (!chosen) {
          for (const { clock } of [one, two]) clock.advance(500);
          await new Promise((resolve) => setTimeout(resolve, 5));
          continue;
        }
        const answer = chosen.deliver("interactive", approveClick(asked), attempt === 0 ? {} : { retry_attempt: attempt });
        if (chance() < 0.3) chosen.breakOff();
        if ((await answer).ok) break;
      }
      acknowledged.push(asked);
      expect(await votes(asked)).toEqual(APPROVED);
    }
    expect(acknowledged).toHaveLength(8);
    for (const asked of acknowledged) expect(await votes(asked)).toEqual(APPROVED);
  });

  test("told to stop in the middle of a decision, the process commits it, acknowledges it and ends; the other takes the rest", async () => {
    const [asked, next] = [await ask(acme, "rita"), await ask(acme, "stan")];
    let go = () => {};
    const going = new Promise<void>((resolve) => {
      go = resolve;
    });
    let begun = false;
    after = async (name) => {
      if (name !== "identify") return;
      begun = true;
      await going;
    };
    const answer = link(0).deliver("interactive", approveClick(asked));
    await expect.poll(() => begun).toBe(true);
    const stopping = one.slack.stop();
    const unheard = link(1).deliver("interactive", approveClick(next));
    go();
    expect(await answer).toMatchObject({ ok: true });
    await stopping;
    expect(await unheard).toEqual({ ok: false });
    expect(await votes(asked)).toEqual(APPROVED);
    expect((await votes(next)).approval).toBe("pending");
    expect(await link(2).deliver("interactive", approveClick(next))).toMatchObject({ ok: true });
    expect(await votes(next)).toEqual(APPROVED);
  });
});

/** A small generator of chance with a seed. */
function mulberry(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
