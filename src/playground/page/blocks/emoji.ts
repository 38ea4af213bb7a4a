/** Emoji by their short names. */
import { get } from "node-emoji";

/** Names that Slack has and the list of node-emoji has not. */
const SLACKS_OWN: { readonly [name: string]: string } = {
  large_green_circle: "🟢",
  large_yellow_circle: "🟡",
  large_orange_circle: "🟠",
  large_red_square: "🟥",
  large_green_square: "🟩",
  large_yellow_square: "🟨",
  large_purple_circle: "🟣",
  large_brown_circle: "🟤",
  large_blue_square: "🟦",
  hand: "✋",
  thumbsup: "👍",
  thumbsdown: "👎",
};

/** The character of `:name:`, or undefined when there is none. */
export const emojiNamed = (name: string): string | undefined => (Object.hasOwn(SLACKS_OWN, name) ? SLACKS_OWN[name] : get(name));

/** For places that take a string alone, as buttons' names do. */
export const withEmoji = (text: string): string =>
  text.replaceAll(/:([a-z0-9_+'-]+):/g, (whole, name: string) => emojiNamed(name) ?? whole);
