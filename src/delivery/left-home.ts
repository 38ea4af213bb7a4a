/** The home page of a login that was taken away from its person: it shows what a stranger sees, and nothing of theirs any more. */
import { strangerText } from "../cards/answers.ts";
import type { Card } from "../cards/card.ts";
import { linkOf } from "../db/accounts.ts";
import { type Courier, DONE, type Ended } from "./courier.ts";

export async function leftHome(courier: Courier, login: { readonly home: string; readonly user: string }): Promise<Ended> {
  const { world, channel, texts, log } = courier;
  // Linked again meanwhile: the page is drawn for its person at the next change or look.
  if (await linkOf(world.db, { platform: channel.platform, ...login })) return DONE;
  const { title } = texts.home;
  const card: Card = { title, blocks: [{ type: "text", text: strangerText("not-linked", texts) }], summary: title };
  const outcome = await channel.home(login.home, login.user, card);
  if (outcome.type === "unreachable") log.warn({ user: login.user, why: outcome.why }, "a home page could not be taken back");
  return outcome.type === "later" ? outcome : DONE;
}
