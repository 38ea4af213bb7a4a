/** What the outside relies on: labels of buttons, and the names that must have a text. */
import type { Verb } from "../../src/domain/commands.ts";
import type { Alert } from "../../src/domain/effects.ts";

export const BUTTON_LABELS = {
  approve: "Approve",
  reject: "Reject",
  claim: "Claim",
  release: "Release",
  confirm: "Confirm done",
  "report-error": "Report error",
  retry: "Try again",
  "cancel-order": "Cancel order",
  reassign: "Reassign",
  ask: "Request access",
} as const satisfies Record<Verb | "ask", string>;

export const ALERT_NAMES = Object.keys({
  "fallback-used": true,
  "nobody-to-ask": true,
  "nobody-can-approve": true,
  "not-linked": true,
  "not-a-member": true,
  "nobody-to-escalate": true,
  "not-delivered": true,
  "slack-cut-off": true,
  "shut-out": true,
  "effect-dead": true,
} satisfies Record<Alert, true>);
