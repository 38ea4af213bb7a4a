/** Submitting and closing modals, and what the app's answer does to the stack. */
import type { Slack } from "./acts.ts";
import { isObject } from "./checks.ts";
import type { Incoming } from "./delivery.ts";
import { viewClosed, viewSubmission } from "./envelope.ts";
import { complaint } from "./inputs.ts";
import type { ActAnswer, Values } from "./page-interface.ts";
import { putAll } from "./places.ts";
import { frontModal, pushOnto, takeOff, update, viewById } from "./views.ts";
import { changed, type Outcome } from "./workspace.ts";
import type { Json, OpenView, User, World } from "./world.ts";

const TROUBLE = "We had some trouble connecting. Try again?";
const gone: ActAnswer = { ok: false, error: "not_found", seen: "That window is no longer open." };

export async function submit(slack: Slack, user: User, viewId: string, values?: Values): Promise<ActAnswer> {
  const { world } = slack;
  const view = frontModal(world, user.id);
  if (view?.id !== viewId) return gone;
  if (values) {
    const kept = putAll(world, { view }, user.id, values);
    if (!kept.ok) return { ok: false, error: kept.error, seen: `That can't be entered here (${kept.error}).` };
  }
  const wrong = complaints(view);
  mark(world, view, wrong);
  if (Object.keys(wrong).length > 0) return invalid(wrong);
  const delivered = await slack.carrier.payload(viewSubmission(world, slack.base, user, view));
  if (!delivered.ok) return { ok: false, error: delivered.error, seen: TROUBLE };
  return answered(world, view, delivered.answer);
}

function complaints(view: OpenView): { [blockId: string]: string } {
  const wrong: { [blockId: string]: string } = {};
  for (const block of view.content.blocks) {
    const said = complaint(block, Object.values(view.values[block.block_id] ?? {})[0]);
    if (said !== undefined) wrong[block.block_id] = said;
  }
  return wrong;
}

function mark(world: World, view: OpenView, errors: { [blockId: string]: string }): void {
  view.errors = errors;
  changed(world);
}

const invalid = (errors: { [blockId: string]: string }): ActAnswer => ({
  ok: false,
  error: "invalid_input",
  seen: "Some fields need another look.",
  errors,
});

/** The app's answer to a view_submission. An empty one closes this view alone; what Slack can't use is shown as trouble connecting. */
function answered(world: World, view: OpenView, answer: Incoming): ActAnswer {
  const unusable = (why: string): ActAnswer => ({ ok: false, error: "invalid_response", seen: `${TROUBLE} (${why})` });
  let said: unknown = {};
  try {
    if (answer.body.trim() !== "") said = JSON.parse(answer.body);
  } catch {
    return unusable("the answer is not JSON");
  }
  if (!isObject(said)) return unusable("the answer is not an object");
  switch (said.response_action) {
    case undefined:
      takeOff(world, view, false);
      return { ok: true };
    case "clear":
      takeOff(world, view, true);
      return { ok: true };
    case "errors":
      return told(world, view, said.errors, unusable);
    case "update":
      return shown(update(world, { view_id: view.id, view: said.view }), unusable);
    case "push":
      return shown(viewById(world, view.id) ? pushOnto(world, view, said.view) : { ok: false, error: "not_found" }, unusable);
    default:
      return unusable(`unknown response_action ${String(said.response_action)}`);
  }
}

/** Errors stand at input blocks of this view; any other key makes Slack refuse the whole answer. */
function told(world: World, view: OpenView, errors: unknown, unusable: (why: string) => ActAnswer): ActAnswer {
  if (!isObject(errors) || Object.keys(errors).length === 0) return unusable("errors is empty");
  const inputs = new Set(view.content.blocks.filter((each) => each.type === "input").map((each) => each.block_id));
  const stray = Object.keys(errors).find((id) => !inputs.has(id));
  if (stray !== undefined) return unusable(`errors name ${stray}, which is no input block of this view`);
  const said = Object.fromEntries(Object.entries(errors).map(([id, sentence]) => [id, String(sentence)]));
  mark(world, view, said);
  return invalid(said);
}

const shown = (outcome: Outcome<unknown>, unusable: (why: string) => ActAnswer): ActAnswer =>
  outcome.ok ? { ok: true } : unusable([outcome.error, ...(outcome.messages ?? [])].join("; "));

/** The close button takes one view off, the cross all of them; `clear_on_close` makes the button a cross. */
export async function closeModal(slack: Slack, user: User, viewId: string, all: boolean): Promise<ActAnswer> {
  const view = frontModal(slack.world, user.id);
  if (view?.id !== viewId) return gone;
  const cleared = all || view.content.clear_on_close === true;
  const payloads = takeOff(slack.world, view, cleared)
    .filter((each) => (each.content as Json).notify_on_close === true)
    .map((each) => viewClosed(slack.world, user, each, cleared));
  await Promise.all(payloads.map((payload) => slack.carrier.payload(payload)));
  return { ok: true };
}
