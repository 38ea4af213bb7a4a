/** A workspace in which channels close, accounts are switched off and the token is taken away, told by events or found out; over real HTTP. */
import { afterEach, expect, test } from "vitest";
import { lease } from "../../src/db/outbox.ts";
import { drain } from "../../src/delivery/drain.ts";
import { type Mending, mending } from "../../src/delivery/mend.ts";
import { stage as delivery } from "../delivery/stage.ts";
import { type Company, company, file, on } from "../operations/company.ts";
import { describeWithDatabase } from "../setup/database.ts";
import { type Stage, stage, userOf, wordsOf } from "./stage.ts";

/** What the app's manifest subscribes to, of what this is about. */
const EVENTS = [
  "app_uninstalled",
  "tokens_revoked",
  "channel_archive",
  "channel_unarchive",
  "channel_deleted",
  "channel_rename",
  "channel_left",
  "group_archive",
  "group_unarchive",
  "group_left",
  "member_joined_channel",
  "user_change",
  "message.im",
];

let acme: Company;
let it: Stage;
let look: Mending["look"];
let clock: { now: number };
let deliver: () => Promise<void>;

async function begin(events: readonly string[] = EVENTS): Promise<void> {
  acme = await company();
  clock = { now: 1_000_000 };
  it = await stage(acme.operations, { events, pacing: { rates: {}, now: () => clock.now } });
  const { courier } = delivery(acme);
  const ours = { ...courier, channel: it.slack.channel };
  look = mending(ours, () => clock.now).look;
  deliver = async () => {
    await drain(ours, () => true);
  };
  await look();
}

/** The next look comes ten minutes later. */
async function laterLook(): Promise<void> {
  clock.now += 600_000;
  await look();
}

const sql = () => acme.connection.sql;
const messages = (channel: string) => (it.world.world.channels.get(channel)?.messages ?? []).filter(({ visibleTo }) => !visibleTo);
const direct = (person: string) => messages(`D${person.toUpperCase()}`);
/** Cards about a task that wait for somebody there. */
const waiting = (of: readonly { blocks: readonly unknown[] }[]) =>
  of.filter(({ blocks }) => JSON.stringify(blocks).includes('"do.approve"')).length;
const alerts = async () =>
  (
    await sql()`select kind, data->>'place' as place, data->>'why' as why from event where kind in ('not-delivered', 'shut-out', 'nobody-to-ask') order by seq`
  ).map(({ kind, place, why }) => [kind, place, why].filter((one) => one !== null).join(" "));
const copies = async (place: string) =>
  (await sql()`select state from message where place = ${place} order by subject`).map(({ state }) => String(state));
const unreachable = async () =>
  (await sql()`select person_id, why from unreachable order by 1`).map((one) => `${one.person_id} ${one.why}`);
const dueNow = async () => Number((await sql()`select count(*) as n from effect where state = 'due'`)[0]?.n);

describeWithDatabase("what happens to the workspace", () => {
  afterEach(async () => {
    await it.close();
    await acme.close();
  });

  /** Stan asks for what Ines, Omar and Uma approve in their channel. */
  const ask = async () => {
    const [number = 0] = await file(acme, "stan", "salesforce", ["admin"]);
    await deliver();
    return number;
  };

  test.each([
    ["archived", "is_archived", (id: string) => it.world.upheavals.archive(id), (id: string) => it.world.upheavals.unarchive(id)],
    ["without the app", "not_in_channel", (id: string) => it.world.upheavals.kick(id), (id: string) => it.world.upheavals.invite(id)],
  ] as const)(
    "a channel that is %s: its open cards go to people at once, an administrator hears it once, and it has them again afterwards",
    async (_, why, breaks, mends) => {
      await begin();
      const number = await ask();
      expect(waiting(messages("C0APPROVALS"))).toBe(1);
      await breaks("C0APPROVALS");
      await deliver();
      expect(["ines", "omar", "uma"].map((person) => waiting(direct(person)))).toEqual([1, 1, 1]);
      expect(await alerts()).toEqual([`not-delivered channel:approvals ${why}`]);
      await breaks("C0APPROVALS");
      await deliver();
      expect(await alerts()).toHaveLength(1);
      expect(direct("cleo").filter(({ text }) => text.includes("could not be delivered"))).toHaveLength(1);

      await mends("C0APPROVALS");
      await deliver();
      expect(await copies("channel:approvals")).toEqual(["posted"]);
      // The card that stood there is the one that lives again.
      expect(messages("C0APPROVALS")).toHaveLength(1);
      await on(acme, number, "ines", { verb: "reject", reason: "no" });
      await deliver();
      for (const there of [messages("C0APPROVALS"), direct("ines"), direct("omar")]) expect(waiting(there)).toBe(0);
      expect(wordsOf(messages("C0APPROVALS")[0]?.blocks)).toContain("Rejected");
    },
  );

  test("a request filed while the channel was archived stands there as soon as it is open again", async () => {
    await begin();
    await it.world.upheavals.archive("C0APPROVALS");
    await ask();
    expect(waiting(direct("omar"))).toBe(1);
    expect(messages("C0APPROVALS")).toHaveLength(0);
    await it.world.upheavals.unarchive("C0APPROVALS");
    await deliver();
    expect(waiting(messages("C0APPROVALS"))).toBe(1);
  });

  test("events that are late or invented change nothing: Slack is asked how it is", async () => {
    await begin();
    await ask();
    const before = it.world.world.calls.filter(({ method }) => method === "chat.postMessage").length;
    const late = it.world.upheavals.archive("C0APPROVALS");
    const channel = it.world.world.channels.get("C0APPROVALS");
    if (channel) channel.is_archived = false;
    await late;
    await it.world.upheavals.unarchive("C0HANDS");
    await deliver();
    expect(await alerts()).toEqual([]);
    expect(await copies("channel:approvals")).toEqual(["posted"]);
    expect(it.world.world.calls.filter(({ method }) => method === "chat.postMessage").length).toBe(before);
  });

  test("where no event comes, the next look finds the channel that takes cards again", async () => {
    await begin(["message.im"]);
    await it.world.upheavals.archive("C0APPROVALS");
    await ask();
    expect(await alerts()).toEqual(["not-delivered channel:approvals channel_not_found"]);
    await laterLook();
    await deliver();
    expect(messages("C0APPROVALS")).toHaveLength(0);
    await it.world.upheavals.unarchive("C0APPROVALS");

    await laterLook();
    await deliver();
    expect(waiting(messages("C0APPROVALS"))).toBe(1);
  });

  test("a deleted or renamed channel is told to an administrator, and cards go to people", async () => {
    await begin();
    await it.world.upheavals.remove("C0APPROVALS");
    await ask();
    expect(waiting(direct("uma"))).toBe(1);
    expect(await alerts()).toEqual(["not-delivered channel:approvals channel_not_found"]);
    await it.world.upheavals.rename("C0HANDS", "approvals");
    await deliver();
    expect(waiting(messages("C0HANDS"))).toBe(1);
  });

  test.each([
    ["switched off", { deleted: true }, "user_disabled", { deleted: false }],
    ["made a guest", { is_restricted: true }, "not-a-member", { is_restricted: false }],
  ] as const)(
    "THREAT-13 somebody %s is asked no longer and can't act; back again, they are asked again and have their cards",
    async (_, off, why, back) => {
      await begin();
      const [number = 0] = await file(acme, "rita", "wiki", [], {});
      await deliver();
      expect(waiting(direct("max"))).toBe(1);
      await it.world.upheavals.account(userOf("max"), off);
      await deliver();
      expect(await unreachable()).toEqual([`max ${why}`]);
      expect(waiting(direct("cleo"))).toBe(1);
      expect((await alerts()).filter((one) => one.startsWith("not-delivered"))).toEqual([`not-delivered person:max ${why}`]);
      const looked = await acme.operations.identify({ platform: "slack", home: "T0ACME", user: userOf("max") }, async () => {
        const found = await it.slack.channel.userById("T0ACME", userOf("max"));
        return found.type === "done" ? found.value : null;
      });
      expect(looked).toEqual({ ok: false, stranger: "guest" });

      await it.world.upheavals.account(userOf("max"), back);
      await deliver();
      expect(await unreachable()).toEqual([]);
      expect(waiting(direct("max"))).toBe(1);
      await on(acme, number, "max", { verb: "approve", comment: null });
      await deliver();
      expect([direct("max"), direct("cleo")].map(waiting)).toEqual([0, 0]);
    },
  );

  test("where no event comes, somebody whose account is on again is found by the next look", async () => {
    await begin(["message.im"]);
    await it.world.upheavals.account(userOf("max"), { deleted: true });
    await file(acme, "rita", "wiki", [], {});
    await deliver();
    expect(await unreachable()).toEqual(["max not-a-member"]);
    await laterLook();
    expect(await unreachable()).toEqual(["max not-a-member"]);
    await it.world.upheavals.account(userOf("max"), { deleted: false });
    await laterLook();
    await deliver();
    expect(await unreachable()).toEqual([]);
    expect(waiting(direct("max"))).toBe(1);
  });

  test("accounts that nothing waits for come and go without a word", async () => {
    await begin();
    await it.world.upheavals.account(userOf("uma"), { deleted: true });
    await it.world.upheavals.account("UNOBODY", { deleted: true });
    await deliver();
    expect(await alerts()).toEqual([]);
    expect(direct("cleo")).toEqual([]);
  });

  test.each([
    ["told by Slack", EVENTS, "token_revoked"],
    ["uninstalled", EVENTS, "account_inactive"],
    ["found out by a card", ["message.im"], "invalid_auth"],
  ] as const)(
    "a token that is taken away (%s): everything waits, however long, and nothing is tried, lost or given up; afterwards all of it arrives",
    async (_, events, why) => {
      await begin(events);
      await it.world.upheavals.revoke(why);
      const [number = 0] = await file(acme, "rita", "wiki", [], {});
      await deliver();
      expect(it.slack.channel.shut()).toBe(why);
      await look();
      const calls = it.world.world.calls.length;
      // Nine days, a look every day.
      for (let day = 1; day <= 9; day++) {
        await sql()`insert into clock (ahead) values (make_interval(days => ${day})) on conflict (one) do update set ahead = excluded.ahead`;
        await sql()`update effect set leased_until = clock_timestamp() - interval '1 second' where state = 'due'`;
        await deliver();
      }
      expect(it.world.world.calls.length).toBe(calls);
      expect(Number((await sql()`select count(*) as n from effect where state = 'dead' or (state = 'due' and attempts > 0)`)[0]?.n)).toBe(
        0,
      );
      expect(await unreachable()).toEqual([]);
      expect((await sql()`select state from message where state <> 'lost'`).length).toBe(0);
      await look();
      expect(it.slack.channel.shut()).toBe(why);

      it.world.upheavals.restore();
      await look();
      expect(it.slack.channel.shut()).toBeNull();
      await deliver();
      expect(await dueNow()).toBe(0);
      expect(waiting(direct("max"))).toBe(1);
      expect(await alerts()).toEqual([`shut-out ${why}`]);
      expect(direct("cleo").filter(({ text }) => text.includes("shut Latchkey out"))).toHaveLength(1);
      await on(acme, number, "max", { verb: "approve", comment: null });
      await deliver();
      expect(direct("rita").some(({ text }) => text.includes("approved"))).toBe(true);
    },
  );

  test("what another process put off for want of a token goes out when this one starts with a good one", async () => {
    await begin();
    await it.world.upheavals.revoke("token_revoked");
    await file(acme, "rita", "wiki", [], {});
    await deliver();
    expect(await lease(acme.world.db, 10)).toEqual([]);
    await it.close();
    it = await stage(acme.operations, { events: EVENTS });
    const { courier } = delivery(acme);
    const heir = { ...courier, channel: it.slack.channel };
    await mending(heir).look();
    await drain(heir, () => true);
    expect(await dueNow()).toBe(0);
    expect(waiting(direct("max"))).toBe(1);
  });
});
