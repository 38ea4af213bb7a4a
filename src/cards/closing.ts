/** How a line ended without being decided or carried out: who ended it, when and why; the same words on every card. */
import type { Closing, Line } from "../domain/line.ts";
import type { Block, Text } from "./card.ts";
import type { Voice } from "./phrases.ts";
import { moment, paragraph, person, warning } from "./phrases.ts";

/** For the card of a task that lapsed with its line; `otherwise`: what is said when it lapsed for another reason. */
export function closingBlocks(line: Line, otherwise: string, voice: Voice): readonly Block[] {
  const { closing } = line;
  if (closing === null) return [paragraph([otherwise])];
  return [paragraph(closingText(closing, voice)), ...closingReason(closing, voice)];
}

export function closingReason({ reason }: Closing, voice: Voice): readonly Block[] {
  return reason === null ? [] : [warning(voice.texts.approvals.reason(reason))];
}

function closingText({ how, by, at }: Closing, voice: Voice): Text {
  const { closings } = voice.texts;
  switch (how) {
    case "withdrawn":
    case "cancelled":
      return closings[how](person(by, voice), moment(at));
    case "expired":
      return closings.expired(moment(at));
  }
}
