/** Doctor: whom can't Latchkey reach, and why? First those whom something counts on; everybody if asked for. */
import type { Db } from "../db/connect.ts";
import { loadSettings } from "../db/load.ts";
import { readWanted, thinGroups, type Wanted } from "../db/reach.ts";
import type { SlackInspector } from "../wiring.ts";
import { type Examined, type Finding, note, wanting } from "./doctor-finding.ts";

type Home = NonNullable<Awaited<ReturnType<typeof loadSettings>>>["homes"][number];

const area = "people";
/** users.info and users.lookupByEmail allow 50 calls a minute and more (Tier 3 and 4): without --directory it stays below one minute's worth. */
const MOST_ASKED = 40;
/** Seconds that one question waits for Slack's rate limit before it counts as unanswered. */
const LONGEST_WAIT = 65;

type Reach =
  | { readonly type: "reached" }
  | { readonly type: "not"; readonly why: string; readonly todo: string }
  /** Nobody to ask, or not asked. */
  | { readonly type: "unknown" };

export async function examinePeople(db: Db, slack: SlackInspector | null, everybody: boolean): Promise<Examined> {
  const [settings, people, thin] = await Promise.all([loadSettings(db), readWanted(db, everybody), thinGroups(db)]);
  const homes = (settings?.homes ?? []).filter(({ platform }) => platform === "slack");
  const active = people.filter(({ state }) => state === "active");
  const findings: Finding[] = thin.map(({ group, policy, needed, active: has }) =>
    wanting(area, {
      what: `The group ${group} has ${has} active members, and the policy ${policy} demands ${needed} approvals of it.`,
      why: "The fallback approvers are asked in its place, and administrators are told each time.",
      todo: `Add members to ${group} in latchkey.yaml, or lower "needed".`,
    }),
  );
  if (!people.some(({ parts, state }) => parts.includes("administrator") && state === "active"))
    findings.push(
      wanting(area, {
        what: "No administrator is active.",
        why: "Nobody hears of it when something strands.",
        todo: "Name somebody active under administrators in latchkey.yaml.",
      }),
    );
  let asked = 0;
  let unknown = 0;
  for (const person of active) {
    const reach = await reachOf(person, homes, everybody || asked < MOST_ASKED ? slack : null, everybody, () => {
      asked += 1;
    });
    if (reach.type === "unknown") unknown += 1;
    if (reach.type === "not") findings.push(lost(person, reach));
  }
  if (unknown > 0)
    findings.push(
      note(area, {
        what: `Of ${unknown} people it was not asked whether a Slack account has their e-mail address.`,
        why: "They are linked at their first contact, if it has.",
        todo: slack ? "Run: latchkey doctor --directory (about a minute for 50 people)" : "Run doctor where the Slack credentials are set.",
      }),
    );
  const scope = everybody ? "active people" : "people whom open work or the configuration counts on";
  return { area, stands: `${active.length} ${scope} were looked at`, findings };
}

function lost(person: Wanted, { why, todo }: Extract<Reach, { type: "not" }>): Finding {
  const parts = person.parts.length > 0 ? ` (${person.parts.join(", ")})` : "";
  return wanting(area, {
    what: `${person.name} (${person.id}, ${person.email})${parts} can't be reached in Slack: ${why}.`,
    why: person.parts.includes("holds open work")
      ? "What waits for them reaches nobody, or others are asked in their place."
      : person.parts.length > 0
        ? "Cards that are meant for them don't arrive."
        : "They can't ask for access, and don't hear of theirs.",
    todo,
  });
}

async function reachOf(
  person: Wanted,
  homes: readonly Home[],
  slack: SlackInspector | null,
  thorough: boolean,
  count: () => void,
): Promise<Reach> {
  const logins = person.logins.filter(({ home }) => homes.some(({ id }) => id === home));
  if (person.logins.length > 0 && logins.length === 0)
    return not(
      "linked in a workspace that is not listed",
      "Add the workspace under chat.slack, or link a login of a listed one: latchkey people link",
    );
  if (logins.length > 0) return linkedReach(person, logins, slack, thorough, count);
  const byHand = `Run: latchkey people link ${person.id} <member id>`;
  if (person.takenAway.length > 0) return not(`an administrator took the login ${person.takenAway.join(", ")} away`, byHand);
  const trusted = homes.filter(({ trustEmail }) => trustEmail);
  if (trusted.length === 0) return not("no login is linked, and no workspace's e-mail addresses are trusted", byHand);
  if (!slack) return { type: "unknown" };
  for (const { id } of trusted) {
    count();
    const looked = await patiently(() => slack.userByEmail(id, person.email));
    if (looked.type !== "done") return not(`Slack could not be asked (${looked.why})`, "See to Slack first, then run doctor again.");
    if (looked.value?.standing === "member") return { type: "reached" };
    if (looked.value) return not(`the account with that address is ${looked.value.standing}, not a full member`, byHand);
  }
  return not(
    "no Slack account has that e-mail address",
    `Correct the address in people.csv or in Slack. Or: ${byHand.slice("Run: ".length)}`,
  );
}

/** What the directory said once is asked again only when everybody is examined; logins that only a file names are asked in any case. */
async function linkedReach(
  person: Wanted,
  logins: Wanted["logins"],
  slack: SlackInspector | null,
  thorough: boolean,
  count: () => void,
): Promise<Reach> {
  if (person.unreachable !== null)
    return not(
      `the last card did not arrive (${person.unreachable})`,
      "See whether the account is active in Slack; it is tried again with the next card.",
    );
  if (!slack) return { type: "reached" };
  const standings: string[] = [];
  for (const { home, user, proved } of logins) {
    if (proved && !thorough) return { type: "reached" };
    count();
    const looked = await patiently(() => slack.userById(home, user));
    if (looked.type !== "done") return not(`Slack could not be asked (${looked.why})`, "See to Slack first, then run doctor again.");
    if (looked.value?.standing === "member") return { type: "reached" };
    standings.push(`${user} is ${looked.value?.standing ?? "unknown there"}`);
  }
  return not(
    `${standings.join(", ")}, not a full member`,
    `Link the right login: latchkey people unlink ${logins[0]?.user ?? "<member id>"}, then latchkey people link ${person.id} <member id>`,
  );
}

type Looked = Awaited<ReturnType<SlackInspector["userById"]>>;

/** Waits as long as Slack's rate limit says, a few times. */
async function patiently(ask: () => Promise<Looked>): Promise<Looked> {
  for (let attempt = 0; ; attempt++) {
    const looked = await ask();
    if (looked.type !== "later" || looked.why !== "ratelimited" || looked.afterMs > LONGEST_WAIT * 1000 || attempt >= 3) return looked;
    await new Promise((resolve) => setTimeout(resolve, looked.afterMs));
  }
}

function not(why: string, todo: string): Reach {
  return { type: "not", why, todo };
}
