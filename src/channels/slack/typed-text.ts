/** What somebody typed, out of what Slack makes of it: mentions, addresses and links in angle brackets, three characters as entities. */
import type { Person } from "../../domain/people.ts";
import type { Desk } from "./desk.ts";
import { typed } from "./envelope.ts";
import { plain } from "./plain.ts";

export interface TypedText {
  /** As it was typed; each mention stands as `MENTION`, so that no typed characters can pass for one. */
  readonly words: string;
  /** Slack user ids, in the order in which they stand. */
  readonly mentions: readonly string[];
}

/** A control character, which `plain` takes out of everything that people type. */
export const MENTION = "\u0001";

/** docs.slack.dev/reference/methods/chat.postMessage: Slack cuts off what is longer. */
const MOST_READ = 40_000;

/** docs.slack.dev/messaging/formatting-message-text: `<@U1>`, `<#C1|name>`, `<mailto:a@b|a@b>`, `<https://c.example|c.example>`, `<!here>`. */
export function readText(raw: string): TypedText {
  const mentions: string[] = [];
  const parts = raw
    .slice(0, MOST_READ)
    .split(/(<[^<>]*>)/)
    .map((part, index) => {
      if (part === "") return part;
      if (index % 2 === 0) return plain(typed(part));
      const [target = "", label] = part.slice(1, -1).split("|", 2);
      const user = /^@([UW][A-Z0-9]{1,20})$/.exec(target)?.[1];
      if (user !== undefined) {
        mentions.push(user);
        return ` ${MENTION} `;
      }
      const shown = label ?? target.replace(/^mailto:/, "");
      return plain(
        typed(target.startsWith("#") || target.startsWith("!") ? `${target[0] === "#" ? "#" : "@"}${label ?? target.slice(1)}` : shown),
      );
    });
  return { words: tidied(parts.join("")), mentions };
}

/** One blank beside a mention, however it was typed; all else stays. */
function tidied(text: string): string {
  return text
    .split(MENTION)
    .map((part, index) => (index === 0 ? part.trimEnd() : ` ${part.trim()}`))
    .join(` ${MENTION}`)
    .trim();
}

/** The mentioned people by their linked chat accounts, in order; null: nobody is linked. */
export function mentioned(desk: Desk, home: string, { mentions }: TypedText): Promise<readonly (Person | null)[]> {
  if (mentions.length === 0) return Promise.resolve([]);
  return desk.operations.named(mentions.map((user) => ({ login: { platform: "slack" as const, home, user } })));
}

/** The text with names where people were mentioned; `from`: which mention is the first one in it. */
export function withNames(text: string, people: readonly (Person | null)[], from: number, nobody: string): string {
  let next = from;
  return text.replaceAll(MENTION, () => `@${people[next++]?.name ?? nobody}`).trim();
}
