import { expect, test } from "vitest";
import { type Effect, effectsOf, priorityOf } from "../../src/domain/effects.ts";
import {
  acme,
  after,
  asLoaded,
  but,
  byGroup,
  byManager,
  claim,
  done,
  failed,
  given,
  giveUp,
  no,
  release,
  retry,
  type Situation,
  toBeDone,
  transmitted,
  yes,
} from "./situation.ts";

/** What follows from the last act. */
const effects = (it: Situation): readonly Effect[] => effectsOf(asLoaded(it), it.last);
const told = (it: Situation) => effects(it).flatMap((effect) => (effect.kind === "tell" ? [`${effect.person}: ${effect.notice}`] : []));
const shown = (it: Situation) => effects(it).flatMap((effect) => (effect.kind === "show" ? [`${effect.subject} ${effect.id}`] : []));
const homes = (it: Situation) => effects(it).flatMap((effect) => (effect.kind === "home" ? [effect.person] : []));
const alerts = (it: Situation) => effects(it).flatMap((effect) => (effect.kind === "alert" ? [effect.alert] : []));
const transmits = (it: Situation) => effects(it).some((effect) => effect.kind === "transmit");

const filed = given();
const approved = after(filed, "max", yes);
const waiting = toBeDone();
const claimed = after(waiting, "lena", claim);
const errored = after(claimed, "lena", failed);
const voted = after(given({ steps: [byGroup(2)] }), "ines", yes);

const EVERY_CHANGE = {
  filed,
  voted,
  "step passed": after(given({ steps: [byManager, byGroup(1)] }), "max", yes),
  approved,
  rejected: after(filed, "max", no),
  transmitted: waiting,
  claimed,
  released: after(claimed, "lena", release),
  confirmed: after(claimed, "lena", done),
  errored,
  retried: after(errored, "tom", retry),
  "given up": after(errored, "tom", giveUp),
};

test.each(Object.entries(EVERY_CHANGE))(
  "ASK-1 whatever changed (%s), the request's card and the cards of all tasks that it touched are made right",
  (_, it) => {
    const touched = new Set(
      it.last.flatMap((event) => ("task" in event ? [typeof event.task === "string" ? event.task : event.task.id] : [])),
    );
    expect(touched.size).toBeGreaterThan(0);
    // What became of an order that failed stands on the card of the work that failed too.
    const over = it.last.some(({ type }) => type === "order-retried" || type === "order-cancelled");
    if (over) for (const task of it.line.tasks) if (task.kind !== "approval") touched.add(task.id);
    expect([...shown(it)].sort()).toEqual([`request ${it.line.requestId}`, ...[...touched].map((task) => `task ${task}`)].sort());
  },
);

test.each([
  ["approved", approved, ["rita: approved"]],
  ["rejected", EVERY_CHANGE.rejected, ["rita: rejected"]],
  ["done", EVERY_CHANGE.confirmed, ["rita: executed"]],
  ["failed", errored, ["rita: errored"]],
  ["tried again", EVERY_CHANGE.retried, ["rita: retried"]],
  ["given up", EVERY_CHANGE["given up"], ["rita: order-cancelled"]],
  ["only voted on", voted, []],
  ["passed to the next step", EVERY_CHANGE["step passed"], []],
  ["claimed", claimed, []],
  ["put before the fulfillers", waiting, []],
] as const)("ASK-2 the requester hears at once what came of it: %s", (_, it, messages) => {
  expect(told(it)).toEqual(messages);
});

test("ASK-2 who asked for somebody else and who receives it both hear the outcome, each once", () => {
  const it = given({ requester: "stan", beneficiary: "rita" });
  expect(told(after(it, "max", yes))).toEqual(["stan: approved", "rita: approved"]);
  expect(told(after(it, "max", no))).toEqual(["stan: rejected", "rita: rejected"]);
});

test("an approved order, and one that is tried again, is handed on; nothing else is", () => {
  const handedOn = Object.entries(EVERY_CHANGE).filter(([, it]) => transmits(it));
  expect(handedOn.map(([name]) => name)).toEqual(["approved", "retried"]);
});

test("the App Homes of all whom the change concerns are drawn anew: parties, old holders and new ones", () => {
  expect(homes(filed)).toEqual(["rita", "max"]);
  expect(homes(given({ requester: "stan", beneficiary: "rita" }))).toEqual(["stan", "rita", "max"]);
  expect(homes(voted)).toEqual(["rita", "ines", "omar", "uma"]);
  expect(homes(claimed)).toEqual(["rita", "lena", "lou"]);
  expect(homes(errored)).toEqual(["rita", "lena", "lou", "tom"]);
  expect(homes(EVERY_CHANGE["step passed"])).toEqual(["rita", "max", "ines", "omar", "uma"]);
});

test("an administrator hears when others had to be asked, and when nobody is left", () => {
  expect(alerts(filed)).toEqual([]);
  expect(alerts(given({ company: but(acme, { max: "left" }) }))).toEqual(["fallback-used"]);
  const noHands = but(acme, { lena: "left", lou: "left" });
  expect(alerts(toBeDone({ company: noHands }))).toEqual(["fallback-used"]);
  const nobody = but(noHands, { tom: "left", adam: "left" });
  expect(alerts(transmitted({ ...approved, company: nobody }))).toEqual(["nobody-to-ask"]);
  expect(alerts(after({ ...claimed, company: but(acme, { tom: "left" }) }, "lena", failed))).toEqual(["fallback-used"]);
  expect(alerts(after({ ...claimed, company: but(acme, { tom: "left", adam: "left" }) }, "lena", failed))).toEqual(["nobody-to-ask"]);
});

test("an administrator hears when fewer are left than have to approve a later step", () => {
  const it = given({ steps: [byManager, byGroup(2)] });
  const few = but({ ...acme, administrators: [] }, { ines: "left", omar: "left", bo: "left", tom: "left" });
  expect(alerts(after({ ...it, company: few }, "max", yes))).toEqual(["nobody-to-ask"]);
});

test("outcomes go out before cards, and cards before homes", () => {
  const kinds = [...effects(after({ ...claimed, company: but(acme, { tom: "left" }) }, "lena", failed)), ...effects(approved)];
  const order = (kind: Effect["kind"]) => [...new Set(kinds.filter((one) => one.kind === kind).map(priorityOf))];
  expect([order("tell"), order("transmit"), order("show"), order("alert"), order("home")]).toEqual([[1], [1], [2], [2], [3]]);
});
