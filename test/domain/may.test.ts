import { describe, expect, test } from "vitest";
import type { TaskCommand } from "../../src/domain/commands.ts";
import { mayAct } from "../../src/domain/may.ts";
import {
  acme,
  after,
  but,
  candidatesOf,
  claim,
  done,
  failed,
  given,
  giveUp,
  no,
  retry,
  type Situation,
  toBeDone,
  when,
  yes,
} from "./situation.ts";

const letGo: TaskCommand = { verb: "release", reason: "Lena is ill" };
const passOn: TaskCommand = { verb: "reassign", to: ["stan"], reason: "He knows it" };
const COMMANDS: readonly TaskCommand[] = [yes, no, claim, letGo, done, failed, retry, giveUp, passOn];
const claimed = after(toBeDone(), "lena", claim);

const SITUATIONS: Readonly<Record<string, Situation>> = {
  "waiting for the manager": given(),
  "rejected already": after(given(), "max", no),
  "to be claimed": toBeDone(),
  "claimed by Lena": claimed,
  "reported as an error": after(claimed, "lena", failed),
  "waiting for a manager who is away": { ...given(), company: but(acme, { max: "leave" }) },
};

describe.each(Object.entries(SITUATIONS))("a line %s", (_, it) => {
  const task = it.line.tasks.at(-1);

  test.each(COMMANDS.map((command) => [command.verb, command] as const))(
    "%s is allowed beforehand exactly to those who may then do it, and refused in the same words",
    (verb, command) => {
      for (const actor of Object.values(it.company.people)) {
        for (const face of [null, task?.face ?? 0, (task?.face ?? 0) + 1]) {
          const before = mayAct(it.line, { task: task?.id ?? "", face }, verb, {
            actor,
            candidates: candidatesOf(it.company, it.line.application, it.line.beneficiary),
          });
          const then = when(it, actor.id, command, { task: task?.id ?? "", face });
          expect(before.ok ? "allowed" : before.refusal, `${actor.id} ${face}`).toEqual(then.ok ? "allowed" : then.refusal);
        }
      }
    },
  );
});

test("each verb is allowed to somebody somewhere", () => {
  const allowed = Object.values(SITUATIONS).flatMap((it) =>
    COMMANDS.filter(({ verb }) =>
      Object.values(it.company.people).some(
        (actor) =>
          mayAct(it.line, { task: it.line.tasks.at(-1)?.id ?? "", face: null }, verb, {
            actor,
            candidates: candidatesOf(it.company, it.line.application, it.line.beneficiary),
          }).ok,
      ),
    ),
  );
  expect(new Set(allowed)).toEqual(new Set(COMMANDS));
});
