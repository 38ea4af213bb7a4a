import { describe, expect, test } from "vitest";
import { digestCard } from "../../src/cards/digest-card.ts";
import { printMessage } from "../../src/channels/slack/print.ts";
import type { Line, TaskClock } from "../../src/domain/line.ts";
import { NO_CLOCK } from "../../src/domain/line.ts";
import type { DigestView } from "../../src/domain/views.ts";
import { en } from "../../src/texts/en.ts";
import {
  aLine,
  approved,
  approvers,
  claimed,
  directory,
  done,
  failed,
  hour,
  rejected,
  systemAdministrator,
  transmitted,
  voted,
} from "./fixtures.ts";
import { labelsOf, warningsOf, wordsOf } from "./reading.ts";

function digest(viewer: string | null, lines: readonly Line[], more: Partial<DigestView> = {}): DigestView {
  const rows = lines.map((line) => ({ line, task: line.tasks.at(-1)! }));
  const open = rows.filter(({ task }) => task.state === "open");
  const over = rows.filter(({ task }) => task.state !== "open");
  return { viewer, directory, now: hour(50), open, openCount: open.length, over, overCount: over.length, ...more };
}

/** The same line under another number. */
const numbered = (number: number, line: Line): Line => {
  const tasks = line.tasks.map((task) => ({ ...task, id: `${task.id}-${String(number).padStart(3, "0")}` }));
  return { ...line, number, id: `line-${number}`, tasks };
};
const due = (n: number): TaskClock => ({ ...NO_CLOCK, dueAt: hour(n) });
const flood = (count: number) => Array.from({ length: count }, (_, index) => numbered(index + 1, aLine()));

describe("a digest", () => {
  test("ASK-24 says of each request what, for whom, why, how long, account type, risk and since when, and offers its decision", () => {
    const drawn = digestCard(digest("paul", [numbered(12, aLine()), numbered(13, aLine({ entitlement: systemAdministrator }))]), en);
    expect(drawn.title).toBe("2 tasks are waiting for you");
    expect(wordsOf(drawn)).toContain("Request 12: decide on Report builder in Salesforce for Ana Ruiz");
    expect(wordsOf(drawn)).toContain("Why: Quarterly forecast\n30 days, from when it is set up · Account type: Standard · Risk: Low");
    expect(wordsOf(drawn)).toContain("waiting since 2026-11-21 08:00 UTC");
    expect(wordsOf(drawn)).toContain("Risk: High");
    expect(warningsOf(drawn)).toEqual(["High risk. Approve only if you are sure that it is needed."]);
    expect(labelsOf(drawn)).toEqual(["Approve", "Reject", "Show card", "Approve", "Reject", "Show card"]);
    expect(drawn.summary).toBe("2 tasks are waiting for you: request 12 and request 13");
  });

  test("has the most urgent first, and says what is overdue", () => {
    const lines = [numbered(1, aLine()), numbered(2, aLine({}, { clock: due(60) })), numbered(3, aLine({}, { clock: due(40) }))];
    const words = wordsOf(digestCard(digest("paul", lines), en));
    expect(words.match(/Request \d+/g)).toEqual(["Request 3", "Request 2", "Request 1"]);
    expect(words).toContain("Overdue since 2026-11-23 00:00 UTC");
    expect(words).toContain("Due 2026-11-23 20:00 UTC");
  });

  test("what is over keeps its place, says what became of it and has no buttons", () => {
    const lines = [numbered(1, rejected(aLine(), "No budget")), numbered(2, aLine()), numbered(3, approved())];
    const drawn = digestCard(digest("paul", lines), en);
    expect(drawn.title).toBe("1 task is waiting for you");
    expect(labelsOf(drawn)).toEqual(["Approve", "Reject", "Show card"]);
    expect(wordsOf(drawn)).toMatch(/Request 1, .*: Rejected by Paul Weber, .*Reason: No budget[\s\S]*Request 2: decide on/);
  });

  test("nothing is left: the card says so and has no buttons", () => {
    const drawn = digestCard(
      digest("paul", [numbered(1, rejected(aLine(), "No budget")), numbered(2, rejected(aLine(), "No budget"))]),
      en,
    );
    expect(drawn.title).toBe("Nothing on this list waits for you");
    expect(labelsOf(drawn)).toEqual([]);
    expect(digestCard(digest(null, [numbered(1, rejected(aLine(), "No budget"))]), en).title).toBe("Nothing on this list is waiting");
  });

  test("work can be claimed from it; whoever claimed it sees what to enter, a colleague who is on it", () => {
    const waits = digestCard(digest("lena", [numbered(1, transmitted()), numbered(2, transmitted())]), en);
    expect(labelsOf(waits)).toEqual(["Claim", "Show card", "Claim", "Show card"]);
    expect(wordsOf(waits)).toContain("Risk: Low");
    const own = digestCard(digest("lena", [numbered(1, claimed())]), en);
    expect(labelsOf(own)).toEqual(["Confirm done", "Report error", "Release", "Show card"]);
    expect(wordsOf(own)).toContain("Profile: Standard User");
    const theirs = digestCard(digest("tom", [numbered(1, claimed()), numbered(2, transmitted())]), en);
    expect(theirs.title).toBe("1 task is waiting for you");
    expect(wordsOf(theirs)).toMatch(/Request 1, .*: Lena Vogel has been on it since/);
    expect(wordsOf(digestCard(digest("tom", [numbered(1, done())]), en))).toMatch(/Done by Lena Vogel/);
    expect(wordsOf(digestCard(digest("tom", [numbered(1, failed())]), en))).toMatch(/Error: /);
  });

  test("a vote that was given is said, and how many are missing", () => {
    const drawn = digestCard(digest("ines", [numbered(1, voted(aLine({}, { assignees: [approvers], needed: 2 }), "ines"))]), en);
    expect(labelsOf(drawn)).toEqual([]);
    expect(wordsOf(drawn)).toMatch(/You approved this, .* 1 more approval is needed/);
  });

  test("THREAT-20 however many stand on it, Slack takes it whole: the most urgent with buttons, and above them the way to the rest", () => {
    for (const viewer of ["paul", null]) {
      const lines = [...flood(40), ...Array.from({ length: 30 }, (_, index) => numbered(100 + index, rejected(aLine(), "x".repeat(3000))))];
      const drawn = digestCard(digest(viewer, lines, { openCount: 200, overCount: 90 }), en);
      expect(drawn.title).toContain("200 tasks are waiting");
      expect(wordsOf(drawn)).toMatch(/These are the 8 most urgent of 200\. Press My tasks/);
      expect(labelsOf(drawn).filter((label) => label === "Approve")).toHaveLength(8);
      expect(labelsOf(drawn)[0]).toBe("My tasks");
      expect(wordsOf(drawn)).toMatch(/\d+ more are over\./);
      expect(drawn.summary).toBe(`${drawn.title}: request 1, request 2, request 3 and 197 others`);
      const printed = printMessage(drawn, en.slack);
      expect(printed.blocks.length).toBeLessThanOrEqual(50);
      expect(JSON.stringify(printed.blocks)).not.toMatch(/parts? of this/);
      expect(printed.blocks.filter(({ type }) => type === "actions")).toHaveLength(9);
    }
  });
});
