/** Forms of the acts that steer a request: withdraw, cancel, and taking somebody's claim away; and the way back from their answers. */
import type { LineCommand, LineVerb } from "../domain/commands.ts";
import { LONGEST_TEXT } from "../domain/commands.ts";
import type { Line } from "../domain/line.ts";
import type { Refusal } from "../domain/refusals.ts";
import type { RequestView, TaskView } from "../domain/views.ts";
import type { Texts } from "../texts/texts.ts";
import { ACT_FIELDS } from "./act-forms.ts";
import type { Answers, Field, Form, Purpose } from "./form.ts";
import type { Voice } from "./phrases.ts";
import { item, nameOf, person, strong } from "./phrases.ts";

/** The form that a button on a line opens; null for what acts at the click, and for a line that isn't there. */
export function lineForm(verb: LineVerb, id: string, view: RequestView, texts: Texts): Form | null {
  const line = view.lines.find((one) => one.id === id);
  if (!line) return null;
  const voice: Voice = { directory: view.directory, texts };
  const { withdraw, cancel } = texts.steering;
  const purpose: Purpose = { kind: "act-on-line", verb, line: id };
  switch (verb) {
    case "withdraw":
      return form(withdraw.title(line.number), texts.buttons.withdraw, purpose, line, voice, [
        reason(withdraw.reason, withdraw.hint, false),
        { type: "note", id: "after", text: [withdraw.after] },
      ]);
    case "cancel":
      return form(cancel.title(line.number), texts.buttons.cancel, purpose, line, voice, [
        reason(cancel.reason, cancel.hint, true),
        { type: "note", id: "after", text: cancel.after(person(line.requester, voice)) },
      ]);
    case "nudge":
      return null;
  }
}

/** For whoever takes a colleague's claim away; one's own is let go of without a word. */
export function releaseForm({ line, task, directory }: TaskView, texts: Texts): Form {
  const voice: Voice = { directory, texts };
  const { release } = texts.steering;
  const purpose: Purpose = { kind: "act", verb: "release", task: task.id, face: task.face };
  return form(release.title(line.number), texts.buttons.release, purpose, line, voice, [
    reason(release.reason, release.hint(nameOf(task.claimedBy, voice)), true),
  ]);
}

/** What was filled in, as a command; nothing about it is believed yet. */
export function lineCommandOf(verb: LineVerb, answers: Answers): LineCommand {
  const answer = answers[ACT_FIELDS.reason];
  const said = typeof answer === "string" ? answer : "";
  switch (verb) {
    case "withdraw":
      return { verb, reason: said || null };
    case "cancel":
      return { verb, reason: said };
    case "nudge":
      return { verb };
  }
}

/** These forms ask for a reason and nothing else. */
export function fieldOfLineRefusal({ name }: Refusal): string | null {
  return name === "reason-missing" || name === "too-long" ? ACT_FIELDS.reason : null;
}

function form(title: string, submit: string, purpose: Purpose, line: Line, voice: Voice, fields: readonly Field[]): Form {
  const { texts } = voice;
  const number = strong(texts.requests.number(line.number));
  const about = texts.forms.about(number, item(line, texts), person(line.beneficiary, voice));
  return { title, submit, close: texts.forms.close, purpose, fields: [{ type: "text", id: "about", text: about }, ...fields] };
}

function reason(label: string, hint: string, required: boolean): Field {
  return { type: "paragraph", id: ACT_FIELDS.reason, label, hint, required, initial: "", placeholder: null, most: LONGEST_TEXT };
}
