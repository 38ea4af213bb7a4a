/** What every channel promises to whoever delivers cards. Run on each implementation. */
import { expect, test } from "vitest";
import type { Card } from "../../src/cards/card.ts";
import type { Channel, Destination, Posted } from "../../src/ports.ts";
import type { Trouble } from "./memory-channel.ts";

export const HOME = "T0ACME";

/** The same small world on every platform: these people and places, and nobody else. */
export const WORLD = {
  users: [
    { user: "UINES", email: "ines@acme.example", standing: "member" },
    { user: "UOMAR", email: "omar@acme.example", standing: "member" },
    { user: "UGIL", email: "gil@guest.example", standing: "guest" },
    { user: "UEVE", email: "eve@other.example", standing: "external" },
    { user: "UBOT", email: null, standing: "bot" },
    { user: "UGUS", email: "gus@acme.example", standing: "deactivated" },
  ],
  places: [
    { id: "C0SALES", name: "sales", bot: true, archived: false, isPrivate: false },
    { id: "G0SECRET", name: "secret", bot: true, archived: false, isPrivate: true },
    { id: "C0OTHER", name: "other", bot: false, archived: false, isPrivate: false },
    { id: "C0OLDONE", name: "old", bot: true, archived: true, isPrivate: false },
  ],
} as const;

export interface Subject {
  readonly channel: Channel;
  /** The words that stand there now; undefined: nothing stands there. */
  wordsAt(at: Posted): string | undefined;
  wordsOnHome(user: string): string | undefined;
  /** How many messages there are in all. */
  count(): number;
  /** What goes wrong with the next call that posts, redraws or publishes. */
  trouble(what: Trouble): void;
  /** So many milliseconds go by. */
  pass(ms: number): void;
  /** Takes the app's rights away for this reason, or gives them back. */
  shutOut(why: string | null): void;
  /** Takes a message away behind the channel's back. */
  remove(at: Posted): void;
}

const card = (words: string): Card => ({ title: "Request 7", blocks: [{ type: "text", text: [words] }], summary: words });
const direct = (user: string): Destination => ({ kind: "direct", home: HOME, user });
const place = (channel: string): Destination => ({ kind: "channel", home: HOME, channel });

export function keepsTheChannelContract(subject: () => Subject): void {
  let keys = 0;
  const fresh = () => `key ${++keys}`;
  const posted = async (to: Destination, words: string, key = fresh(), perhapsSent = false): Promise<Posted> => {
    const delivery = await subject().channel.post(to, card(words), key, perhapsSent);
    if (delivery.type !== "done") throw new Error(`not delivered: ${delivery.why}`);
    return delivery.value;
  };

  test("a card reaches a person, a channel by name or id, and a private channel", async () => {
    for (const to of [direct("UINES"), place("sales"), place("#sales"), place("C0SALES"), place("secret"), place("G0SECRET")]) {
      const at = await posted(to, "look at this");
      expect(at.home).toBe(HOME);
      expect(subject().wordsAt(at)).toContain("look at this");
    }
    expect((await posted(place("sales"), "a")).conversation).toBe((await posted(place("C0SALES"), "b")).conversation);
  });

  test("a person's cards stand in one conversation, each person's in another", async () => {
    const [first, second, other] = [
      await posted(direct("UINES"), "a"),
      await posted(direct("UINES"), "b"),
      await posted(direct("UOMAR"), "c"),
    ];
    expect(first.conversation).toBe(second.conversation);
    expect(first.conversation).not.toBe(other.conversation);
    expect(first.message).not.toBe(second.message);
  });

  test("a redrawn card stands where it stood", async () => {
    const at = await posted(direct("UINES"), "waiting");
    const before = subject().count();
    expect(await subject().channel.redraw(at, card("approved"))).toEqual({ type: "done", value: null });
    expect(subject().wordsAt(at)).toContain("approved");
    expect(subject().wordsAt(at)).not.toContain("waiting");
    expect(subject().count()).toBe(before);
  });

  test("where nothing can be delivered until somebody mends it, it says so", async () => {
    const before = subject().count();
    for (const to of [direct("UNONE"), direct("UBOT"), direct("UGUS"), place("other"), place("C0OTHER"), place("old"), place("none")]) {
      expect(await subject().channel.post(to, card("x"), fresh()), JSON.stringify(to)).toMatchObject({ type: "unreachable" });
    }
    expect(subject().count()).toBe(before);
    const at = await posted(direct("UINES"), "soon gone");
    subject().remove(at);
    expect(await subject().channel.redraw(at, card("x"))).toMatchObject({ type: "unreachable" });
    expect(await subject().channel.home(HOME, "UNONE", card("x"))).toMatchObject({ type: "unreachable" });
  });

  test("a limit says how long to wait, and nothing was delivered", async () => {
    const before = subject().count();
    const key = fresh();
    await posted(direct("UOMAR"), "warm");
    subject().trouble({ type: "limited", afterMs: 7_000 });
    expect(await subject().channel.post(direct("UOMAR"), card("x"), key)).toMatchObject({ type: "later", afterMs: 7_000, unsent: true });
    subject().pass(7_000);
    expect(subject().count()).toBe(before + 1);
    await posted(direct("UOMAR"), "x", key);
    expect(subject().count()).toBe(before + 2);
  });

  test("trouble on the other side means later, for every kind of delivery", async () => {
    const at = await posted(direct("UINES"), "x");
    for (const call of [
      () => subject().channel.post(direct("UINES"), card("y"), fresh()),
      () => subject().channel.redraw(at, card("y")),
      () => subject().channel.home(HOME, "UINES", card("y")),
    ]) {
      subject().trouble({ type: "down" });
      const delivery = await call();
      expect(delivery.type).toBe("later");
      expect(delivery.type === "later" && delivery.afterMs).toBeGreaterThan(0);
    }
  });

  test("a card whose answer was lost is found again under its key, and stands there once", async () => {
    const before = subject().count();
    const key = fresh();
    subject().trouble({ type: "lost" });
    const lost = await subject().channel.post(place("sales"), card("once"), key);
    expect(lost).toMatchObject({ type: "later" });
    expect(lost).not.toHaveProperty("unsent");
    expect(subject().count()).toBe(before + 1);
    const at = await posted(place("sales"), "drawn anew", key, true);
    expect(subject().count()).toBe(before + 1);
    expect(subject().wordsAt(at)).toContain("drawn anew");
    await posted(place("sales"), "another", fresh(), true);
    expect(subject().count()).toBe(before + 2);
    // Nobody but the caller knows that it may have been sent: another process asks the same way.
    await posted(place("sales"), "not looked for", key);
    expect(subject().count()).toBe(before + 3);
  });

  test("a remark stands in the thread of a card, once also where its answer was lost; without the card there is no thread", async () => {
    const above = await posted(place("sales"), "the card");
    const below = (broadcast: boolean, at = above): Destination => ({ kind: "thread", ...at, broadcast });
    const before = subject().count();
    const remark = await posted(below(false), "a reminder");
    expect(remark.conversation).toBe(above.conversation);
    expect(subject().wordsAt(remark)).toContain("a reminder");
    expect(subject().wordsAt(above)).toContain("the card");
    await posted(below(true), "for everybody to see");
    const key = fresh();
    subject().trouble({ type: "lost" });
    expect(await subject().channel.post(below(false), card("lost"), key)).toMatchObject({ type: "later" });
    const found = await posted(below(false), "found again", key, true);
    expect(subject().wordsAt(found)).toContain("found again");
    expect(subject().count()).toBe(before + 3);
    const gone = await posted(direct("UINES"), "soon gone");
    subject().remove(gone);
    expect(await subject().channel.post(below(false, gone), card("x"), fresh())).toMatchObject({ type: "unreachable" });
  });

  test("a channel says whether cards can go there, by name or id", async () => {
    const room = (channel: string) => subject().channel.room(HOME, channel);
    const sales = { type: "done", value: { conversation: "C0SALES", name: "sales", why: null } };
    for (const named of ["sales", "#sales", "C0SALES"]) expect(await room(named)).toEqual(sales);
    expect(await room("C0OTHER")).toMatchObject({ type: "done", value: { why: "not_in_channel" } });
    expect(await room("C0OLDONE")).toMatchObject({ type: "done", value: { why: "is_archived" } });
    expect(await room("none")).toEqual({ type: "done", value: null });
  });

  test("while the app is shut out nothing is taken for delivered or lost, and everything goes out once it is let in again", async () => {
    const at = await posted(place("sales"), "before");
    const before = subject().count();
    subject().shutOut("token_revoked");
    const tries = [
      () => subject().channel.post(place("sales"), card("x"), "shut"),
      () => subject().channel.post(direct("UINES"), card("x"), "shut"),
      () => subject().channel.redraw(at, card("x")),
      () => subject().channel.home(HOME, "UINES", card("x")),
      () => subject().channel.userById(HOME, "UINES"),
    ];
    for (const go of tries) expect(await go()).toMatchObject({ type: "later", held: "shut", why: "shut: token_revoked" });
    expect(subject().channel.shut()).toBe("token_revoked");
    await subject().channel.knock();
    expect(subject().channel.shut()).toBe("token_revoked");
    expect(subject().count()).toBe(before);
    subject().shutOut(null);
    await subject().channel.knock();
    expect(subject().channel.shut()).toBeNull();
    for (const go of tries) expect(await go()).toMatchObject({ type: "done" });
  });

  test("a home page shows the last card that was published for that person", async () => {
    expect(await subject().channel.home(HOME, "UINES", card("first"))).toEqual({ type: "done", value: null });
    expect(await subject().channel.home(HOME, "UINES", card("second"))).toEqual({ type: "done", value: null });
    expect(subject().wordsOnHome("UINES")).toContain("second");
    expect(subject().wordsOnHome("UINES")).not.toContain("first");
    expect(subject().wordsOnHome("UOMAR")).toBeUndefined();
  });

  test("IDH-9 the directory says who somebody is and what standing they have", async () => {
    for (const { user, email, standing } of WORLD.users) {
      const value = { platform: "slack", home: HOME, user, email, standing };
      expect(await subject().channel.userById(HOME, user)).toEqual({ type: "done", value });
    }
    expect(await subject().channel.userById(HOME, "UNONE")).toEqual({ type: "done", value: null });
    expect(await subject().channel.userByEmail(HOME, "ines@acme.example")).toMatchObject({ type: "done", value: { user: "UINES" } });
    for (const email of ["nobody@acme.example", "gus@acme.example", ""]) {
      expect(await subject().channel.userByEmail(HOME, email)).toEqual({ type: "done", value: null });
    }
  });
}
