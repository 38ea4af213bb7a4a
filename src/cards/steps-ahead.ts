/** What happens once a request is sent: who decides, in which order, and who does the work, said in the form itself. */
import type { Approvers } from "../domain/catalogue.ts";
import type { Assignee } from "../domain/line.ts";
import type { People } from "../domain/people.ts";
import type { Ahead, StepAhead } from "../domain/steps-ahead.ts";
import type { Texts } from "../texts/texts.ts";
import type { Text } from "./card.ts";
import { either, group, lookedAfterBy, person, together, type Voice } from "./phrases.ts";

const MOST_NAMES = 4;

/** One paragraph for each way that the chosen items go; `nameOf` names an item by its id. Null: nobody could decide one of them. */
export function aheadText(ways: readonly Ahead[], fulfillers: People, nameOf: (item: string | null) => Text, voice: Voice): Text | null {
  if (!ways.every(({ steps }) => steps.every(({ enough }) => enough))) return null;
  const { ahead } = voice.texts;
  return ways.flatMap((way, index): Text => {
    const items = ways.length === 1 ? null : together(way.items.map(nameOf), voice.texts);
    const steps = way.steps.map((one, position) => ahead.step(position + 1, stepText(one, voice)));
    const parts = [...steps, ahead.setup(setupText(way, fulfillers, voice))];
    const chain = parts.flatMap((part, position) => (position === 0 ? part : [ahead.arrow, ...part]));
    return [...(index === 0 ? [] : ["\n"]), ...ahead.way(items, chain)];
  });
}

function stepText({ step, asked }: StepAhead, voice: Voice): Text {
  const who = whoText(asked.assignees, step.needed, voice);
  return asked.fellBack === null ? who : insteadOf(step.approvers, asked.fellBack, who, voice);
}

function insteadOf(approvers: Approvers, cause: NonNullable<StepAhead["asked"]["fellBack"]>, who: Text, voice: Voice): Text {
  const { ahead } = voice.texts;
  if (approvers.kind === "group") return ahead.insteadOfGroup(who, group(approvers.group, voice), cause === "too-few");
  return [...who, ", ", ahead.insteadOfManager[cause]];
}

/** One person or one group as they are; several bodies with how many of them it takes. */
function whoText(assignees: readonly Assignee[], needed: number, voice: Voice): Text {
  const { ahead } = voice.texts;
  const [first] = assignees;
  if (assignees.length === 1 && first?.kind === "group")
    return ahead.ofMembers(group(first.group, voice), Math.min(needed, first.members.length), first.members.length);
  const bodies = few(
    assignees.map((one): Text => (one.kind === "group" ? [group(one.group, voice)] : named(one, voice))),
    voice.texts,
  );
  if (bodies.length <= 1) return bodies[0] ?? [];
  return needed === 1 ? either(bodies, voice.texts) : ahead.ofAll(needed, together(bodies, voice.texts));
}

function named(one: Extract<Assignee, { readonly kind: "person" }>, voice: Voice): Text {
  return voice.texts.ahead.because(person(one.person, voice), voice.texts.because[one.because]);
}

function setupText({ setup }: Ahead, fulfillers: People, voice: Voice): Text {
  if (setup.fellBack === null) return lookedAfterBy(fulfillers, voice);
  const bodies = setup.assignees.map((one): Text => (one.kind === "group" ? [group(one.group, voice)] : named(one, voice)));
  return voice.texts.ahead.insteadOfFulfiller(either(few(bodies, voice.texts), voice.texts));
}

function few(phrases: readonly Text[], texts: Texts): readonly Text[] {
  if (phrases.length <= MOST_NAMES) return phrases;
  return [...phrases.slice(0, MOST_NAMES - 1), [texts.others(phrases.length - MOST_NAMES + 1)]];
}
