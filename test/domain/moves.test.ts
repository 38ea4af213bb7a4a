import { expect, test } from "vitest";
import type { LineEvent } from "../../src/domain/events.ts";
import { moveOf } from "../../src/domain/events.ts";
import { after, claim, given, toBeDone } from "./situation.ts";

const { line: pending } = given();
const { line: work } = after(toBeDone(), "lena", claim);
const task = pending.tasks[0]?.id ?? "";
const move = (event: { readonly type: LineEvent["type"] }, line = pending) => moveOf(line, event as LineEvent);

test.each([
  [{ type: "submitted" }, { life: "approval", from: "pending", to: "pending" }],
  [{ type: "approved" }, { life: "approval", from: "pending", to: "approved" }],
  [{ type: "rejected" }, { life: "approval", from: "pending", to: "rejected" }],
  [{ type: "withdrawn" }, { life: "approval", from: "pending", to: "withdrawn" }],
  [{ type: "cancelled" }, { life: "approval", from: "pending", to: "withdrawn" }],
  [{ type: "expired" }, { life: "approval", from: "pending", to: "expired" }],
  [{ type: "task-opened" }, { life: "task", from: null, to: "open" }],
  [
    { type: "task-closed", task },
    { life: "task", from: "open", to: "closed" },
  ],
  [
    { type: "task-decided", task },
    { life: "task", from: "open", to: "done" },
  ],
  [
    { type: "task-decided", task: "gone" },
    { life: "task", from: null, to: "done" },
  ],
  [
    { type: "task-closed", task: "gone" },
    { life: "task", from: null, to: "closed" },
  ],
  [
    { type: "order-created", order: { state: "pending" } },
    { life: "provisioning", from: null, to: "pending" },
  ],
  [{ type: "order-transmitted" }, { life: "provisioning", from: null, to: "transmitted" }],
] as const)("%j moves a line that waits for its approval: %j", (event, moved) => {
  expect(move(event)).toEqual(moved);
});

test.each([
  ["order-transmitted", "transmitted"],
  ["order-executed", "executed"],
  ["order-errored", "errored"],
  ["order-retried", "pending"],
  ["order-cancelled", "cancelled"],
] as const)("%s moves the order on from where it stands, to %s", (type, to) => {
  expect(move({ type }, work)).toEqual({ life: "provisioning", from: "transmitted", to });
});

test.each([
  "withdrawn",
  "cancelled",
  "fallback-used",
  "step-counted",
  "voted",
  "step-passed",
  "claimed",
  "released",
  "reassigned",
  "reminded",
  "escalated",
  "nudged",
  "assignment-started",
] as const)("%s moves nothing of a line that is approved", (type) => {
  expect(move({ type }, work)).toBeNull();
});
