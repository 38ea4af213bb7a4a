/** Asking: one request with a line for each item, all of it or nothing. */
import { commit } from "../db/commit.ts";
import { type LoadedAsk, loadAsk, takeNumbers } from "../db/load-ask.ts";
import { recordRefusal, rememberRefusal } from "../db/refused.ts";
import { NO_ROWS, rowsOf, together } from "../db/rows.ts";
import { ASK_FIELDS, type AskFacts, type Filed, policyOf, submit } from "../domain/asking.ts";
import { effectsOf } from "../domain/effects.ts";
import { isDenial, type Refusal, type Result } from "../domain/refusals.ts";
import { alertOnce } from "./alert.ts";
import { stored } from "./change.ts";
import type { Answer, Ask, Once } from "./operations.ts";
import { ATTEMPTS, backOff, type World } from "./world.ts";

export async function ask(world: World, it: Ask): Promise<Result<Answer>> {
  const requestId = world.newId();
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const loaded = await loadAsk(world.db, {
      actor: it.actor,
      beneficiary: it.beneficiary,
      application: it.application,
      key: it.once.key,
      delivery: it.once.delivery ?? null,
    });
    if (loaded.stored) return stored(loaded.stored, it.once.fingerprint);
    if (loaded.refused) return { ok: false, refusal: loaded.refused };
    const facts = factsOf(world, loaded);
    if (!facts) return loaded.actor ? NOBODY : { ok: false, refusal: { name: "not-active", about: {} } };

    const tried = submit(requestId, it.submission, { ...facts, numbers: [] });
    if (!tried.ok) {
      await refused(world, { ...it, delivery: it.once.delivery ?? null }, tried.refusal);
      if (tried.refusal.name === "nobody-can-approve") await tellAdministrators(world, it, loaded);
      return tried;
    }
    const numbers = await takeNumbers(world.db, tried.value.length);
    const filed = submit(requestId, it.submission, { ...facts, numbers });
    if (!filed.ok) return filed;

    const answer: Answer = {
      said: "filed",
      about: { request: requestId, numbers: numbers.join(", "), application: loaded.application?.name ?? "" },
    };
    const committed = await commit(world.db, {
      form: "all",
      actor: { person: it.actor, task: null },
      once: { ...it.once, answer, at: loaded.now },
      rows: together([
        { ...NO_ROWS, requests: [requestRow(requestId, it, loaded)] },
        ...filed.value.map((one) => rowsOf(changeOf(one, it, loaded))),
      ]),
    });
    if (committed.type === "committed") {
      world.wake();
      world.meters?.happened(filed.value.flatMap((one) => one.events.map(({ type }) => type)));
      return { ok: true, value: answer };
    }
    world.meters?.conflicted("ask");
    // A clash means that a parallel submission was faster: the next load sees its line, and the rule names it.
    await backOff(attempt);
  }
  return { ok: false, refusal: { name: "busy", about: {} } };
}

/** The first half of `ask`, for a form of which a page was filled in: who isn't allowed to ask is refused here, and that is written down. */
export async function mayAsk(world: World, it: Omit<Ask, "once"> & Pick<Once, "delivery">): Promise<Result<null>> {
  const loaded = await loadAsk(world.db, {
    actor: it.actor,
    beneficiary: it.beneficiary,
    application: it.application,
    key: "",
    delivery: null,
  });
  const facts = factsOf(world, loaded);
  if (!facts) return loaded.actor ? NOBODY : { ok: false, refusal: { name: "not-active", about: {} } };
  const tried = submit(world.newId(), it.submission, { ...facts, numbers: [] });
  if (tried.ok) return { ok: true, value: null };
  if (isDenial(tried.refusal)) await refused(world, { ...it, delivery: it.delivery ?? null }, tried.refusal);
  return tried;
}

/** For somebody whom Latchkey doesn't know. */
const NOBODY: Result<never> = {
  ok: false,
  refusal: { name: "faulty-form", about: {}, fields: { [ASK_FIELDS.beneficiary]: { name: "not-an-option", about: {} } } },
};

function factsOf(world: World, loaded: LoadedAsk): Omit<AskFacts, "numbers"> | null {
  if (!loaded.actor || !loaded.beneficiary) return null;
  return {
    now: loaded.now,
    actor: loaded.actor,
    beneficiary: loaded.beneficiary,
    application: loaded.application,
    policies: Object.fromEntries(Object.entries(loaded.policies).map(([id, { policy }]) => [id, policy])),
    standing: loaded.standing,
    open: loaded.open,
    candidates: loaded.candidates,
    newId: world.newId,
  };
}

function changeOf({ line, events }: Filed, it: Ask, loaded: LoadedAsk): Parameters<typeof rowsOf>[0] {
  const policy = loaded.policies[policyOf(line.application, line.entitlement)];
  if (!policy) throw new Error(`no policy for line ${line.number}`);
  return {
    was: null,
    from: { ...line, approval: "draft", tasks: [] },
    is: line,
    events,
    effects: effectsOf(line, events),
    actor: it.actor,
    at: loaded.now,
    seen: null,
    filedUnder: { application: loaded.applicationRow, policy: policy.row },
  };
}

function requestRow(id: string, it: Ask, loaded: LoadedAsk): Record<string, unknown> {
  return { id, requester_id: it.actor, submitted_at: loaded.now.toISOString(), configuration_version: loaded.configurationVersion };
}

/** Refused through no fault of the requester: whoever keeps the configuration has to know. */
function tellAdministrators(world: World, it: Ask, loaded: LoadedAsk): Promise<void> {
  const about = { by: loaded.actor?.name ?? it.actor, application: loaded.application?.name ?? it.application };
  return alertOnce(world, { alert: "nobody-can-approve", about, key: `nobody-can-approve:${it.application}` });
}

async function refused(world: World, it: Omit<Ask, "once"> & { readonly delivery: string | null }, refusal: Refusal): Promise<void> {
  if (!isDenial(refusal)) return rememberRefusal(world.db, it.delivery, refusal);
  await recordRefusal(world.db, {
    actor: it.actor,
    line: null,
    request: null,
    task: null,
    verb: `ask ${it.application}`,
    refusal,
    seen: null,
    delivery: it.delivery,
  });
}
