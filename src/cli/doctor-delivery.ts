/** Doctor: does what has to go out go out, and does everything hold that must? */
import type { Connection } from "../db/connect.ts";
import { waitingEffects } from "../db/health.ts";
import { type Checked, checkInvariants } from "../db/invariants.ts";
import { type Examined, type Finding, note, someOf, wanting } from "./doctor-finding.ts";

/** Minutes: what was given up longer ago is told and no longer held against the installation. */
const OLD_NEWS = 7 * 24 * 60;
const LATE_MINUTES = 60;

export async function examineDelivery({ db }: Connection): Promise<Examined> {
  const area = "delivery";
  const waiting = await waitingEffects(db);
  const findings = waiting.map(({ state, kind, why, count, oldest, youngest }): Finding => {
    const because = why === "" ? "" : ` (${why})`;
    if (state === "dead") {
      const weigh = youngest < OLD_NEWS ? wanting : note;
      return weigh(area, {
        what: `${count} effects of the kind ${kind} were given up${because}, the latest due ${ago(youngest)}.`,
        why: "These cards or messages never arrived.",
        todo: "Mend the reason. What is still open is shown again with its next change; the rows stay in the table effect, in state dead.",
      });
    }
    const weigh = oldest >= LATE_MINUTES ? wanting : note;
    return weigh(area, {
      what: `${count} effects of the kind ${kind} have been waiting${because}, the oldest since ${ago(oldest)}.`,
      why: "Cards arrive late.",
      todo:
        why === ""
          ? "Is Latchkey running? It carries them out within seconds."
          : "They are tried again by themselves. Is Slack in trouble, or the token?",
    });
  });
  const stands =
    findings.length === 0
      ? "nothing waits longer than ten minutes, nothing was given up"
      : `${findings.length} things wait or were given up`;
  return { area, stands, findings };
}

function ago(minutes: number): string {
  if (minutes < 120) return `${minutes} minutes ago`;
  return minutes < 48 * 60 ? `${Math.floor(minutes / 60)} hours ago` : `${Math.floor(minutes / 1440)} days ago`;
}

export async function examineInvariants({ sql }: Connection): Promise<Examined> {
  const checked = await checkInvariants(sql);
  const hold = checked.filter(({ type }) => type === "holds").length;
  return { area: "invariants", stands: `${hold} of ${checked.length} hold`, findings: checked.flatMap(findingOf) };
}

function findingOf(checked: Checked): readonly Finding[] {
  const { invariant } = checked;
  switch (checked.type) {
    case "holds":
      return [];
    case "unfinished":
      return [
        note("invariants", {
          what: `${invariant.id} was not checked to its end: it took longer than a minute.`,
          why: invariant.holds,
          todo: "Run doctor again when the database has less to do, or on a copy of it.",
        }),
      ];
    case "broken": {
      const shown = someOf(
        checked.first.map(({ id, about }) => `${about} [${id}]`),
        5,
      );
      return [
        wanting("invariants", {
          what: `${invariant.id} is broken ${checked.count} times. ${invariant.holds} Yet: ${shown}.`,
          why: invariant.otherwise.slice(0, invariant.otherwise.indexOf(". ") + 1),
          todo: invariant.otherwise.slice(invariant.otherwise.indexOf(". ") + 2),
        }),
      ];
    }
  }
}
