import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type Allowance, type Arrangement, arrange, CARDS_AT_ONCE, REFILL_MS } from "../../src/domain/digest.ts";

const START = Date.UTC(2026, 10, 21, 9);
const at = (seconds: number) => new Date(START + seconds * 1000);

/** A place to which tasks come one after the other; each is posted as soon as it is arranged. */
function place() {
  let allowance: Allowance | null = null;
  const messages: { readonly at: number; readonly digest: string | null }[] = [];
  const arrive = (seconds: number, { together = 1, asked = seconds, stands = true } = {}): Arrangement => {
    const said = arrange(allowance, { askedSince: at(asked), together }, at(seconds));
    if (said.type === "joins") return said;
    const digest = said.type === "opens" ? `digest-${messages.length}` : null;
    messages.push({ at: seconds, digest });
    allowance = {
      fullAt: said.fullAt,
      digest: digest === null ? (allowance?.digest ?? null) : { id: digest, openedAt: at(seconds), stands },
    };
    return said;
  };
  return { arrive, messages, digestOf: (id: string) => messages.find(({ digest }) => digest === id) };
}

describe("a new task", () => {
  test("ASK-23 comes alone as long as there are few: the daily case is one task, one card", () => {
    const here = place();
    for (let minute = 0; minute < 60; minute += 2) expect(here.arrive(minute * 60).type).toBe("alone");
  });

  test("THREAT-20 of a flood three come alone, the fourth opens a digest, and the others join it", () => {
    const here = place();
    const said = Array.from({ length: 200 }, (_, index) => here.arrive(index * 0.1).type);
    expect(said.slice(0, CARDS_AT_ONCE)).toEqual(["alone", "alone", "alone"]);
    expect(said[CARDS_AT_ONCE]).toBe("opens");
    expect(new Set(said.slice(CARDS_AT_ONCE + 1))).toEqual(new Set(["joins"]));
  });

  test("ASK-23 that waits with more than three others shares one digest with all of them from the start", () => {
    const here = place();
    expect(here.arrive(1, { together: 12, asked: 0 })).toMatchObject({ type: "opens" });
    for (let left = 11; left > 0; left--) expect(here.arrive(1, { together: left, asked: 0 }).type).toBe("joins");
    // What was asked for afterwards isn't hidden there while there is room for a card of its own.
    expect(here.arrive(2, { asked: 2 }).type).toBe("alone");
  });

  test("is news again once the minute is over: it opens another digest, and later comes alone", () => {
    const here = place();
    for (let count = 0; count < 10; count++) here.arrive(0);
    expect(here.arrive(59).type).toBe("joins");
    expect(here.arrive(60).type).toBe("opens");
    expect(here.arrive(61).type).toBe("joins");
    expect(here.arrive(60 + 2 * 60).type).toBe("alone");
  });

  test("joins a digest that isn't there yet, however long that takes: nothing piles up while the chat is away", () => {
    const here = place();
    for (let count = 0; count < 4; count++) here.arrive(0, { stands: false });
    for (let minute = 1; minute < 100; minute++) expect(here.arrive(minute * 60).type).toBe("joins");
    expect(here.messages).toHaveLength(4);
  });
});

const arrivals = fc.array(
  fc.record({
    /** Seconds since the one before. */
    pause: fc.oneof({ weight: 3, arbitrary: fc.double({ min: 0, max: 3, noNaN: true }) }, fc.double({ min: 0, max: 200, noNaN: true })),
    together: fc.integer({ min: 1, max: 6 }),
    /** Seconds between asking and posting. */
    delay: fc.oneof(fc.constant(0), fc.double({ min: 0, max: 300, noNaN: true })),
  }),
  { maxLength: 150 },
);

test("THREAT-20 however tasks arrive, a place gets at most four messages at once and one a minute, and nothing joins what is no news any more", () => {
  fc.assert(
    fc.property(arrivals, (tasks) => {
      const here = place();
      const late: number[] = [];
      let seconds = 0;
      for (const { pause, together, delay } of tasks) {
        seconds += pause;
        const said = here.arrive(seconds, { together, asked: seconds - delay });
        if (said.type !== "joins") continue;
        const opened = here.digestOf(said.digest)?.at ?? Number.NEGATIVE_INFINITY;
        if ((seconds - opened) * 1000 > REFILL_MS) late.push(seconds);
      }
      const times = here.messages.map((one) => one.at);
      const tooMany = times.flatMap((from, first) =>
        times.slice(first).filter((to, index) => index + 1 > CARDS_AT_ONCE + 1 + (to - from) / 60 + 0.001),
      );
      expect({ late, tooMany }).toEqual({ late: [], tooMany: [] });
    }),
    { numRuns: 300 },
  );
});
