import fc from "fast-check";
import { expect, test } from "vitest";
import type { Step } from "../../src/domain/catalogue.ts";
import type { TaskCommand } from "../../src/domain/commands.ts";
import type { LineEvent } from "../../src/domain/events.ts";
import { holdersOf, openTask, taskOf } from "../../src/domain/line.ts";
import type { PersonState } from "../../src/domain/people.ts";
import { rounds } from "../setup/thorough.ts";
import {
  acme,
  after,
  application,
  ask,
  asLoaded,
  byGroup,
  byManager,
  type Company,
  given,
  happens,
  person,
  type Situation,
  when,
} from "./situation.ts";

const IDS = ["p0", "p1", "p2", "p3", "p4", "p5", "p6"] as const;
const anybody = fc.constantFrom(...IDS);
const some = fc.uniqueArray(anybody, { maxLength: 5 });
const states: fc.Arbitrary<PersonState> = fc.oneof(
  { weight: 6, arbitrary: fc.constant<PersonState>("active") },
  fc.constantFrom<PersonState>("leave", "left", "future"),
);

/** Who manages whom, with loops and people who manage themselves; who is there; who sits in which group. */
const graphs = fc
  .record({
    managers: fc.array(fc.option(anybody, { freq: 6 }), { minLength: IDS.length, maxLength: IDS.length }),
    states: fc.array(states, { minLength: IDS.length, maxLength: IDS.length }),
    one: some,
    two: some,
    fallback: fc.option(some),
    administrators: some,
  })
  .map(
    ({ managers, states, one, two, fallback, administrators }): Company => ({
      people: Object.fromEntries(IDS.map((id, n) => [id, person(id, { managerId: managers[n] ?? null, state: states[n] ?? "active" })])),
      groups: { one, two },
      fallback,
      administrators,
    }),
  );

const steps: fc.Arbitrary<readonly Step[]> = fc.array(
  fc.oneof(
    fc.constant(byManager),
    fc.tuple(fc.integer({ min: 1, max: 3 }), fc.constantFrom("one", "two")).map(([needed, group]) => byGroup(needed, group)),
  ),
  { minLength: 1, maxLength: 3 },
);

const cases = fc.record({
  company: graphs,
  // Between filing and deciding people join and leave groups, come and go.
  later: graphs,
  requester: anybody,
  beneficiary: anybody,
  owners: fc.tuple(anybody, anybody),
  steps,
  order: fc.shuffledSubarray([...IDS], { minLength: IDS.length, maxLength: IDS.length }),
});

const approve: TaskCommand = { verb: "approve", comment: null };
const reject: TaskCommand = { verb: "reject", reason: "No" };

/** Everybody tries, in turn, on whatever is open, until nobody gets anywhere. */
function everybodyTries(start: Situation, order: readonly string[]): Situation {
  let it = start;
  for (let went = true; went && it.line.approval === "pending"; ) {
    went = false;
    for (const actor of order) {
      const tried = when(it, actor, approve);
      if (!tried.ok) continue;
      it = happens(it, tried.value);
      went = true;
    }
  }
  return it;
}

function decidersOf(events: readonly LineEvent[]): readonly string[] {
  return events.flatMap((event) => {
    if (event.type === "voted") return [event.vote.by];
    return event.type === "task-decided" || event.type === "rejected" ? [event.by] : [];
  });
}

/** As `expect`, which is too slow for half a million questions. */
function never(happened: boolean, what: string): void {
  if (happened) throw new Error(what);
}

/** CI and whoever wants a thorough look draw 10,000. */
const ORGANISATIONS = Number(process.env.ORGANISATIONS ?? 800);

test(`THREAT-4 in ${ORGANISATIONS} organisations nobody decides what they asked for or will receive, whichever way they are asked`, () => {
  const seen = { approved: 0, withFallback: 0, refusedOwn: 0 };
  fc.assert(
    fc.property(cases, ({ company, later, requester, beneficiary, owners: [businessOwner, technicalOwner], steps, order }) => {
      const it = { company, application: application({ businessOwner, technicalOwner }), steps, requester, beneficiary };
      if (!ask(it).ok) return;
      const filed = given(it);
      const parties: readonly string[] = [requester, beneficiary];
      const end = everybodyTries({ ...filed, company: later }, order);
      never(
        decidersOf(end.history).some((id) => parties.includes(id)),
        "a party decided",
      );
      for (const { kind, assignees } of end.line.tasks)
        if (kind === "approval")
          never(
            assignees.some((one) => one.kind === "person" && parties.includes(one.person)),
            "a party was asked",
          );

      if (end.line.approval === "approved") seen.approved++;
      if (end.history.some(({ type }) => type === "fallback-used")) seen.withFallback++;
      // On every task that there was, with any card or none, the parties get nowhere, whoever names them.
      for (const moment of [filed, end])
        for (const task of moment.line.tasks) {
          const forged = {
            ...moment,
            line: {
              ...moment.line,
              tasks: moment.line.tasks.map((one) => ({ ...one, assignees: [...one.assignees, ...parties.map(named)] })),
            },
          };
          for (const actor of parties)
            for (const command of [approve, reject]) {
              const tried = when(forged, actor, command, { task: task.id, face: null });
              never(tried.ok, `${actor} decided a forged task`);
              if (!tried.ok && tried.refusal.name === "own-request") seen.refusedOwn++;
            }
        }
    }),
    { numRuns: ORGANISATIONS },
  );
  // Else so many would have shown nothing.
  expect(seen.approved).toBeGreaterThan(ORGANISATIONS / 10);
  expect(seen.withFallback).toBeGreaterThan(ORGANISATIONS / 10);
  expect(seen.refusedOwn).toBeGreaterThan(ORGANISATIONS);
}, 60_000);

const named = (id: string) => ({ kind: "person", person: id, because: "administrator" }) as const;

test("THREAT-4 joining the approvers' group after asking gives no right to decide, and no button either", () => {
  const filed = given({ steps: [byGroup(1)] });
  const joined = { ...filed, company: { ...acme, groups: { ...acme.groups, approvers: ["rita", "omar"] } } };
  expect(when(joined, "rita", approve)).toMatchObject({ refusal: { name: "own-request" } });
  const line = asLoaded(joined);
  const task = openTask(line);
  expect(task && holdersOf(line, task)).toEqual(["omar"]);
});

test("THREAT-5 whatever a button names, only a live assignee of an open approval gets anywhere", () => {
  const two = after(given({ steps: [byManager, byGroup(1)] }), "max", approve);
  const anything = fc.oneof(fc.string(), fc.constantFrom(...two.line.tasks.map(({ id }) => id), "__proto__", "constructor"));
  const face = fc.option(fc.integer());
  fc.assert(
    fc.property(fc.constantFrom(...Object.keys(acme.people)), anything, face, (actor, task, seen) => {
      const tried = when(two, actor, approve, { task, face: seen });
      const named = taskOf(two.line, task);
      const may = named?.state === "open" && ["ines", "omar", "uma"].includes(actor) && (seen === null || seen === named.face);
      expect(tried.ok).toBe(may);
    }),
    { numRuns: rounds(500, 2_000) },
  );
});
