/**
 * Drawing an open modal anew while somebody fills it in. Clicks come faster than redraws, so each view is drawn by one redraw at a time, always
 * from the newest state that Slack sent; what is overtaken isn't drawn. Slack keeps what stands in inputs whose ids stay, so nothing typed is lost.
 */
import type { ModalView } from "@slack/types";
import { nameOf } from "./client.ts";
import type { Desk } from "./desk.ts";
import type { ModalState } from "./envelope.ts";
import { text } from "./envelope.ts";

/** A modal as Slack sent it, and when it was used: Slack's `action_ts`, since envelopes may overtake each other. */
export interface Used {
  readonly modal: ModalState;
  readonly at: number;
  readonly draw: (modal: ModalState) => Promise<ModalView>;
}

interface Drawing {
  newest: Used | null;
  running: Promise<void> | null;
  /** Hashes of this process's own drawings, the newest last. */
  readonly hashes: string[];
  /** What was drawn last, without what stands in the inputs. */
  drawn: string;
}

/** Views that are remembered; a form that was closed tells nobody, so the oldest make place. */
const MOST_VIEWS = 500;
const MOST_HASHES = 20;

/** Only for the looks of open forms: every right and every limit is worked out again when a form is sent. */
const desks = new WeakMap<Desk, Map<string, Drawing>>();

/** Remembers a modal that was just opened: the answer of views.open. */
export function opened(desk: Desk, answer: unknown, view: ModalView): void {
  const drawing = drawingOf(desk, text(answer, "view", "id"));
  drawn(drawing, answer, view);
}

/** A modal that shows another page from now on: what is still being drawn of the page before is not. */
export function turned(desk: Desk, view: string): void {
  drawingOf(desk, view).newest = null;
}

/** Ends when the newest state is drawn, or can't be. Never rejects. */
export async function redraw(desk: Desk, used: Used): Promise<void> {
  const drawing = drawingOf(desk, used.modal.id);
  if (drawing.newest === null || used.at >= drawing.newest.at) drawing.newest = used;
  drawing.running ??= drawNewest(desk, drawing);
  await drawing.running;
}

async function drawNewest(desk: Desk, drawing: Drawing): Promise<void> {
  let done: Used | null = null;
  try {
    while (drawing.newest !== null && drawing.newest !== done) {
      done = drawing.newest;
      await drawOne(desk, drawing, done);
    }
  } catch (error) {
    desk.log.warn({ why: nameOf(error) }, "the request form did not reach Slack");
  } finally {
    // In the same breath as the last look at `newest`, so that no click falls between.
    drawing.running = null;
  }
}

async function drawOne(desk: Desk, drawing: Drawing, used: Used): Promise<void> {
  const view = await used.draw(used.modal);
  if (drawing.newest !== used) return;
  const known = drawing.hashes.includes(used.modal.hash);
  // What the person sees is the last drawing, and it would be the same again: lists that are open stay open.
  if (used.modal.hash === drawing.hashes.at(-1) && looks(view) === drawing.drawn) return;
  const hash = known ? drawing.hashes.at(-1) : used.modal.hash || undefined;
  try {
    drawn(drawing, await update(desk, used, view, hash), view);
  } catch (error) {
    if (nameOf(error) !== "hash_conflict") throw error;
    // Another process drew it meanwhile, from an older click than ours as far as anybody knows here.
    if (drawing.newest === used) drawn(drawing, await update(desk, used, view, undefined), view);
  }
}

function update(desk: Desk, { modal }: Used, view: ModalView, hash: string | undefined): Promise<unknown> {
  return desk.interactive.views.update({ view_id: modal.id, view, ...(hash === undefined ? {} : { hash }) });
}

function drawn(drawing: Drawing, answer: unknown, view: ModalView): void {
  drawing.drawn = looks(view);
  const hash = text(answer, "view", "hash");
  if (hash !== "") drawing.hashes.push(hash);
  if (drawing.hashes.length > MOST_HASHES) drawing.hashes.shift();
}

/** A drawing without what stands in its inputs: that is Slack's to keep. */
function looks(view: ModalView): string {
  return JSON.stringify([view.private_metadata, view.blocks], (key, value) => (key.startsWith("initial_") ? undefined : value));
}

function drawingOf(desk: Desk, view: string): Drawing {
  const views = desks.get(desk) ?? new Map<string, Drawing>();
  desks.set(desk, views);
  const found = views.get(view) ?? { newest: null, running: null, hashes: [], drawn: "" };
  // Put in again, so that the one that was used longest ago stands first.
  views.delete(view);
  views.set(view, found);
  for (const [id, { running }] of views) {
    if (views.size <= MOST_VIEWS) break;
    if (running === null) views.delete(id);
  }
  return found;
}
