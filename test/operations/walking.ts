/** What a random walk knows and looks at: each step acts through the real operations, says what must come of it, and looks whether just that stands in the tables. */
import type fc from "fast-check";
import { expect } from "vitest";
import { APPROVAL_MOVES, isMove, PROVISIONING_MOVES } from "../../src/domain/lives.ts";
import type { Result } from "../../src/domain/refusals.ts";
import type { Answer, Once, Operations } from "../../src/operations/operations.ts";
import { type Company, once } from "./company.ts";
import { look, type Shape, type Stood, said } from "./office.ts";

/** What the walk knows: how the company looks, and what was answered to which command. */
export interface Model {
  shape: Shape;
  readonly sent: Sent[];
  /** Every kind of answer and refusal so far. */
  readonly heard: Set<string>;
}

/** The processes, and the lines as they stood after the last step: nothing happens between two. */
export interface Real {
  readonly replicas: readonly Company[];
  stood: readonly Stood[];
}

export type Step = fc.AsyncCommand<Model, Real>;

/** A command under a key of its own, and what must come of it, by how everything stood before. */
export interface Envelope {
  readonly send: (operations: Operations, once: Once) => Promise<Result<Answer>>;
  readonly judge: (result: Result<Answer>, shape: Shape, before: readonly Stood[], after: readonly Stood[]) => void;
}

interface Sent extends Envelope {
  readonly once: Once;
  first: Result<Answer>;
}

/** `toString` gives the step as code, so that a walk that found a fault can be kept as it was printed. */
export function step(name: string, given: readonly unknown[], run: (model: Model, real: Real) => Promise<unknown>): Step {
  return {
    check: () => true,
    toString: () => `${name}(${given.map((one) => JSON.stringify(one)).join(", ")})`,
    run: async (model, real) => void (await run(model, real)),
  };
}

export const pick = <T>(from: readonly T[], at: number): T | undefined => from[at % Math.max(1, from.length)];

export function replica(real: Pick<Real, "replicas">, at: number): Company {
  return real.replicas[at % real.replicas.length] as Company;
}

/** The lines as they stand now. */
export async function looked(real: Real): Promise<readonly Stood[]> {
  real.stood = await look(replica(real, 0));
  return real.stood;
}

/** One of the open lines, as long as there are any and chance doesn't want one that is over. */
export function lineAt(all: readonly Stood[], at: number): Stood | undefined {
  const open = all.filter((one) => one.open);
  return pick(open.length > 0 && at < 7 ? open : all, at);
}

/** What may have become of a line, whatever was done: only legal moves, and nothing at all once it is over. */
export function moved(before: readonly Stood[], after: readonly Stood[]): void {
  const now = new Map(after.map((one) => [one.id, one]));
  for (const was of before) {
    const is = now.get(was.id);
    if (!is) throw new Error(`line ${was.number} is gone`);
    const approval = was.approval as keyof typeof APPROVAL_MOVES;
    if (is.approval !== was.approval)
      expect(isMove(APPROVAL_MOVES, approval, is.approval as typeof approval), `${was.approval} -> ${is.approval}`).toBe(true);
    const order = was.order as keyof typeof PROVISIONING_MOVES | null;
    if (order !== null && is.order !== order)
      expect(isMove(PROVISIONING_MOVES, order, is.order as typeof order), `${was.order} -> ${is.order}`).toBe(true);
    if (!was.open) expect(is).toEqual(was);
    // A line that stands at the same version is the same line, but for who is in a group.
    if (is.version === was.version) expect({ ...is, task: is.task?.id }).toEqual({ ...was, task: was.task?.id });
    if (is.version < was.version || is.votes.length < was.votes.length) throw new Error(`line ${was.number} went back`);
    if (!is.open && is.task !== null) throw new Error(`line ${was.number} is over and has an open task`);
  }
}

/** Delivered so many times at once, each time over another process: one effect, and the same answer to all. */
export async function deliver(model: Model, real: Real, it: Envelope, { over, copies, named }: Delivery): Promise<void> {
  const before = real.stood;
  const key = once("first");
  const envelope = named ? { ...key, delivery: `delivery:${key.key}` } : key;
  const results = await Promise.all(Array.from({ length: copies }, (_, n) => it.send(replica(real, over + n).operations, envelope)));
  const first = results[0] as Result<Answer>;
  for (const other of results) expect(other).toEqual(first);
  model.heard.add(said(first));
  model.sent.push({ ...it, once: envelope, first });
  const after = await looked(real);
  moved(before, after);
  it.judge(first, model.shape, before, after);
}

export interface Delivery {
  /** Over which process the first copy comes, the others over the next ones. */
  readonly over: number;
  readonly copies: number;
  /** The platform says which envelope it is, so that its refusal is remembered too. */
  readonly named: boolean;
}

/** Refusals that nothing can undo, so that nobody remembers them: they come again by themselves, or another one in their place. */
const FOR_GOOD: readonly string[] = ["already-decided", "already-over", "already-voted", "key-reused"];

/** An earlier envelope once more: the same answer and no further effect; a refusal that nothing was remembered under is judged anew. */
export function again(at: number, altered: boolean, over: number): Step {
  return step("again", [at, altered, over], async (model, real) => {
    const sent = pick(model.sent, at);
    if (!sent) return;
    const before = real.stood;
    const rows = await written(real);
    const envelope = altered ? { ...sent.once, fingerprint: "altered" } : sent.once;
    const result = await sent.send(replica(real, over).operations, envelope);
    model.heard.add(said(result));
    const after = await looked(real);
    moved(before, after);
    if (sent.first.ok || envelope.delivery !== undefined) {
      expect(after).toEqual(before);
      if (FOR_GOOD.includes(said(sent.first))) expect(result.ok).toBe(false);
      else {
        expect(altered && sent.first.ok ? said(result) : result).toEqual(altered && sent.first.ok ? "key-reused" : sent.first);
        expect(await written(real)).toEqual(rows);
      }
    } else {
      sent.judge(result, model.shape, before, after);
      sent.first = result;
    }
  });
}

/** How many events, effects and answers there are. */
async function written(real: Real): Promise<unknown> {
  const { sql } = replica(real, 0).connection;
  const [row] =
    await sql`select (select count(*) from event)::int as events, (select count(*) from effect)::int as effects, (select count(*) from inbound)::int as answers`;
  return { ...row };
}

/** What is refused changes no line, what is accepted changes this one by one version. */
export function changedOnly(line: Stood, result: Result<Answer>, before: readonly Stood[], after: readonly Stood[]): void {
  const as = result.ok ? before.map((one) => (one.id === line.id ? { ...one, version: one.version + 1 } : one)) : before;
  expect(after.map(({ id, version }) => ({ id, version }))).toEqual(as.map(({ id, version }) => ({ id, version })));
}
