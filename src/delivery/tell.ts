/** Messages that tell somebody something: outcomes to those it is about, alerts to administrators, and the home page redrawn. */
import { homeCard } from "../cards/home-card.ts";
import { alertCard, noticeCard } from "../cards/notices.ts";
import { loginsOf } from "../db/accounts.ts";
import { loadLine } from "../db/load.ts";
import { settleCopy, takeCopy } from "../db/messages.ts";
import { readAdministrators } from "../db/people.ts";
import { readHome, readRequest } from "../db/views.ts";
import type { Effect } from "../domain/effects.ts";
import { awaited, openTask } from "../domain/line.ts";
import type { PersonId } from "../domain/people.ts";
import { undelivered } from "./alert.ts";
import { both, type Courier, DONE, type Ended } from "./courier.ts";
import { leftHome } from "./left-home.ts";
import type { Spot } from "./places.ts";
import { DRAWN_ELSEWHERE, put } from "./post.ts";

/** Names in an alert; more than that nobody reads. */
const MOST_NAMED = 5;

type Of<K extends Effect["kind"]> = Extract<Effect, { kind: K }>;

export async function tell(courier: Courier, effect: Of<"tell">, id: number): Promise<Ended> {
  const { db } = courier.world;
  const line = await loadLine(db, effect.line);
  const view = line ? await readRequest(db, line.requestId) : null;
  if (!line || !view) return DONE;
  const card = noticeCard(effect.notice, line, view.directory, courier.texts, effect.person);
  const spot: Spot = { kind: "person", person: effect.person };
  const outcome = await put(courier, { subject: `notice:${id}`, spot }, async () => card);
  if (outcome.type !== "unreachable") return outcome;
  await undelivered(courier, { spot, why: outcome.why, number: line.number });
  return DONE;
}

export async function alert(courier: Courier, effect: Of<"alert">, id: number): Promise<Ended> {
  let ended: Ended = DONE;
  const administrators = await readAdministrators(courier.world.db);
  if (administrators.length === 0) courier.log.error({ alert: effect.alert, effect: id }, "an alert, and no administrator to tell");
  const card = alertCard(effect.alert, await told(courier, effect.about), courier.texts);
  for (const { id: person } of administrators) {
    const outcome = await put(courier, { subject: `notice:${id}`, spot: { kind: "person", person } }, async () => card);
    if (outcome.type === "unreachable")
      courier.log.error({ alert: effect.alert, person, why: outcome.why }, "an administrator can't be reached");
    else ended = both(ended, outcome);
  }
  return ended;
}

/** About a line: for whom and what it is, and whom it asks now, by name. */
async function told(courier: Courier, about: Of<"alert">["about"]): Promise<Of<"alert">["about"]> {
  if (about.line === undefined) return about;
  const { db } = courier.world;
  const line = await loadLine(db, about.line);
  const view = line && (await readRequest(db, line.requestId));
  if (!line || !view) return about;
  const name = (person: PersonId) => view.directory.people[person]?.name ?? person;
  const task = openTask(line);
  const asked = task ? awaited(line, task).slice(0, MOST_NAMED).map(name).join(", ") : "";
  const what = { application: line.application.name, item: line.entitlement?.name ?? "", by: name(line.beneficiary) };
  return { ...what, ...(asked === "" ? {} : { to: asked }), ...about };
}

/** Redraws the home page of whoever has opened it. */
export async function home(courier: Courier, effect: Of<"home">): Promise<Ended> {
  if (effect.left) return leftHome(courier, effect.left);
  const { db } = courier.world;
  const logins = await loginsOf(db, { person: effect.person, platform: courier.channel.platform });
  const open = logins.filter((login) => login.homeOpened);
  if (open.length === 0) return DONE;
  let ended: Ended = DONE;
  for (const login of open) ended = both(ended, await publish(courier, effect.person, login));
  return ended;
}

/** One login's home page, drawn under a lease as cards are: another replica's older drawing never comes last. */
async function publish(courier: Courier, person: PersonId, login: { readonly home: string; readonly user: string }): Promise<Ended> {
  const { db, newId } = courier.world;
  const { platform } = courier.channel;
  const copy = await takeCopy(db, { id: newId(), subject: `home:${person}`, platform, home: login.home, place: `home:${login.user}` });
  if (!copy) return DRAWN_ELSEWHERE;
  courier.inHand.copies.add(copy.id);
  try {
    const card = homeCard(await readHome(db, person, { tasks: 0, requests: 0, access: 0 }), courier.texts);
    const outcome = await courier.channel.home(login.home, login.user, card);
    await settleCopy(db, copy, {
      ...copy,
      state: outcome.type === "done" ? "posted" : "lost",
      why: outcome.type === "done" ? null : outcome.why,
    });
    if (outcome.type === "unreachable") courier.log.warn({ person, why: outcome.why }, "a home page could not be published");
    return outcome.type === "later" ? outcome : DONE;
  } catch (error) {
    await settleCopy(db, copy, { ...copy, why: "fault" });
    throw error;
  } finally {
    courier.inHand.copies.delete(copy.id);
  }
}
