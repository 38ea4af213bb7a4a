/** What Slack's message field makes of what people type: mentions that carry an account's id, and links of e-mail addresses. */
import type { Mention } from "./page-interface.ts";
import type { Json, World } from "./world.ts";

type Piece = { readonly text: string } | { readonly user: string };

/** As Slack does to everything that people type into the message field, slash commands included. */
export const escaped = (text: string) => text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");

/** A message's `text`: `<@U1>`, `<mailto:a@b|a@b>`. */
export const linked = (world: World, typed: string, mentions: readonly Mention[]): string =>
  piecesOf(world, typed, mentions)
    .map((piece) => ("user" in piece ? `<@${piece.user}>` : withAddresses(escaped(piece.text))))
    .join("");

/** A slash command's `text`, when its manifest entry says `should_escape`: `<@U1|name>`. */
export const linkedInCommand = (world: World, typed: string, mentions: readonly Mention[]): string =>
  piecesOf(world, typed, mentions)
    .map((piece) => ("user" in piece ? `<@${piece.user}|${world.users.get(piece.user)?.name ?? ""}>` : escaped(piece.text)))
    .join("");

/** The same as blocks, as Slack's client sends a message. */
export const linkedBlock = (world: World, typed: string, mentions: readonly Mention[]): Json => ({
  type: "rich_text",
  elements: [
    {
      type: "rich_text_section",
      elements: piecesOf(world, typed, mentions).map((piece) =>
        "user" in piece ? { type: "user", user_id: piece.user } : { type: "text", text: piece.text },
      ),
    },
  ],
});

/** Mentions are those that were chosen, and `@name` of anybody in the workspace. */
function piecesOf(world: World, typed: string, mentions: readonly Mention[]): readonly Piece[] {
  const pieces: Piece[] = [];
  let from = 0;
  // Not behind a character that could stand in an address.
  for (const { index } of typed.matchAll(/(?<=^|[\s(])@/g)) {
    if (index < from) continue;
    const found = mentionAt(world, typed, index, mentions);
    if (!found) continue;
    if (index > from) pieces.push({ text: typed.slice(from, index) });
    pieces.push({ user: found.user });
    from = index + found.text.length;
  }
  return from < typed.length ? [...pieces, { text: typed.slice(from) }] : pieces;
}

function mentionAt(world: World, typed: string, index: number, mentions: readonly Mention[]): Mention | undefined {
  const chosen = mentions
    .filter(({ text, user }) => text.startsWith("@") && world.users.has(user) && typed.startsWith(text, index))
    .toSorted((one, other) => other.text.length - one.text.length)[0];
  if (chosen) return chosen;
  const text = /^@[a-z0-9][a-z0-9._-]*[a-z0-9]/.exec(typed.slice(index))?.[0];
  const known = text === undefined ? undefined : [...world.users.values()].find((user) => user.name === text.slice(1));
  return text !== undefined && known ? { text, user: known.id } : undefined;
}

const withAddresses = (text: string) =>
  text.replace(/(?<=^|[\s(])[\w.+-]+@[\w-]+(?:\.[\w-]+)+/g, (address) => `<mailto:${address}|${address}>`);
