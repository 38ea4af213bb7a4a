/** Who will decide and who will do the work, worked out before anything is filed, by the very rules that will ask them. */
import { type AskFacts, draftOf } from "./asking.ts";
import type { Application, Step } from "./catalogue.ts";
import type { Assignee } from "./line.ts";
import type { PersonId } from "./people.ts";
import { approversOf, fulfillersOf, type Routing } from "./routing.ts";

export interface StepAhead {
  readonly step: Step;
  readonly asked: Routing;
  /** False: fewer can act than have to approve, so that nothing can be filed. */
  readonly enough: boolean;
}

/** The way of one item, or of several that go the same way. */
export interface Ahead {
  /** Ids of entitlements; null: the account itself. */
  readonly items: readonly (string | null)[];
  readonly steps: readonly StepAhead[];
  readonly setup: Routing;
}

/**
 * The steps that lie ahead of each item, in their order, then the setup; items that go the same way are told together. `items` are ids of the
 * application's entitlements, null: the account; unknown ids are passed over. Later steps are worked out with the people of today.
 */
export function stepsAhead(
  application: Application,
  items: readonly (string | null)[],
  facts: Pick<AskFacts, "actor" | "beneficiary" | "policies" | "candidates" | "now">,
): readonly Ahead[] {
  const ways = new Map<string, { items: (string | null)[]; steps: readonly StepAhead[]; setup: Routing }>();
  for (const id of items) {
    const entitlement = id === null ? null : application.entitlements.find((one) => one.id === id);
    if (entitlement === undefined) continue;
    const nothing = { entitlements: [], justification: "", until: null, values: {} };
    const line = draftOf({ id: "", number: 0, requestId: "" }, application, entitlement, nothing, facts);
    const steps = line.policy.steps.map((step): StepAhead => {
      const asked = approversOf(line, step, facts.candidates);
      return { step, asked, enough: peopleOf(asked.assignees).length >= step.needed };
    });
    const setup = fulfillersOf(line, facts.candidates);
    const way = JSON.stringify([steps, setup]);
    const same = ways.get(way);
    if (same) same.items.push(id);
    else ways.set(way, { items: [id], steps, setup });
  }
  return [...ways.values()];
}

/** Everybody among them, once. */
export function peopleOf(assignees: readonly Assignee[]): readonly PersonId[] {
  return [...new Set(assignees.flatMap((one) => (one.kind === "person" ? [one.person] : one.members)))];
}
