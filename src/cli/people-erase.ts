/** `latchkey people erase`: what is known of somebody who has left goes; that it went, and every decision, stays. */

import { type Erased, erase, type NotErased } from "../operations/erase.ts";
import { ERASED_WORDS } from "../wiring.ts";
import { demandMigrated } from "./demand-migrated.ts";
import { operator } from "./operator.ts";
import { counted, failed, type Said } from "./said.ts";
import { withDatabase } from "./with-database.ts";

export interface EraseOptions {
  readonly reason: string;
  readonly accessRemoved?: boolean;
}

export function peopleErase(env: NodeJS.ProcessEnv, person: string, options: EraseOptions): Promise<Said> {
  const act = async ({ url, ownerUrl }: { readonly url: string; readonly ownerUrl: string }) => {
    const behind = await demandMigrated(url);
    if (behind) return behind;
    const said = await erase({
      ownerUrl,
      person,
      reason: options.reason,
      by: operator(),
      accessIsRemoved: options.accessRemoved === true,
      words: ERASED_WORDS,
    });
    return said.ok ? erased(said) : refused(said, person);
  };
  return withDatabase(env, act, { join: true });
}

/** What plan, apply and doctor say of rows of people.csv that are passed over. */
export function erasedLine(ids: readonly string[]): string {
  return `! ${counted(ids.length, "row", "rows")} of people.csv passed over, whose people were erased: ${ids.join(", ")}. Take them out of the file; who comes back gets a new id`;
}

function erased({ ok: _, ...json }: Erased): Said {
  const { person, lines, events, links, accounts, named } = json;
  return {
    ok: true,
    lines: [
      `${person} is erased: name, address and attributes, ${counted(links, "chat account")}, ${counted(accounts, "login")} that stood, and the words of ${counted(lines, "request line")} (${counted(events, "event")} rewritten). Who decided what, and when, stays.`,
      ...(named.length === 0
        ? []
        : [
            `The name or address still stands in the words of requests for others: ${named.join(", ")}. These are evidence of somebody else's access and stay.`,
          ]),
      "Still to do: take the row out of people.csv and its source. Backups and Slack's own messages keep the old words until they end; after restoring a backup from before today, erase again.",
    ],
    json,
  };
}

function refused({ why, found }: NotErased, person: string): Said {
  const sentence = sentenceOf({ ok: false, why, found }, person);
  return failed([sentence], { why, problems: [sentence] });
}

function sentenceOf({ why, found }: NotErased, word: string): string {
  const name = found ? `${found.person.name} (${found.person.id})` : word;
  switch (why) {
    case "no-such-person":
      return `Nobody has the id or e-mail address "${word}".`;
    case "reason-missing":
      return 'Say why, for the record: --reason "request of 2 May, ticket 4711". Leave the person\'s name out.';
    case "erased-already":
      return `${found?.person.id ?? word} was erased before; nothing was changed.`;
    case "not-left":
      return `${name} is ${found?.person.state ?? "here"}, says people.csv. Only who has left is erased: give the row the state "left", then run: latchkey config apply`;
    case "open-requests":
      return `${name} still has open requests: ${found?.open.join(", ") ?? ""}. Withdraw or cancel them first (cancel N reason, as an administrator), then erase.`;
    case "has-accounts":
      return `${name} still has ${counted(found?.accounts.length ?? 0, "account")}: ${(found?.accounts ?? []).map(({ application, login }) => `${login} on ${application}`).join(", ")}. Have them removed there first: afterwards nobody could tell whose they were. Then add --access-removed.`;
    case "not-the-owner":
      return "Only the owner of the tables may do this: set DATABASE_OWNER_URL to the role that owns them. Nothing was changed.";
    case "busy":
      return "Others were writing all the time; nothing was changed. Try again in a moment.";
  }
}
