import { v7 } from "uuid";
import { afterEach, describe, expect, test } from "vitest";
import { applyFolder } from "../../src/db/apply.ts";
import { readDigest } from "../../src/db/digests.ts";
import { readHome, readRequest, readTask } from "../../src/db/views.ts";
import type { Notify } from "../../src/domain/people.ts";
import type { Channel } from "../../src/ports.ts";
import { en } from "../../src/texts/en.ts";
import { APPLICATIONS, type Company, company, file, folder, on } from "../operations/company.ts";
import type { MemoryChannel } from "../ports/memory-channel.ts";
import { describeWithDatabase } from "../setup/database.ts";
import { type Stage, settled, stage, USERS, verbsOn, wordsOf } from "./stage.ts";

let it: Company;
let here: Stage;

const groupsWith = (id: string, more: { notify?: Notify; slackChannel?: string | null }) =>
  folder().catalogue.groups.map((one) => (one.id === id ? { ...one, ...more } : one));

async function begin(more: Parameters<typeof company>[0] = {}, options: Parameters<typeof stage>[1] = {}): Promise<void> {
  it = await company(more);
  here = stage(it, options);
}

/** Every card that stands somewhere with a title that holds the words. */
const standing = (words: string) => here.channel.shown.filter(({ card }) => card.title.includes(words));
const titles = (person: string) => here.cardsOf({ person }).map(({ title }) => title);
const alerts = async () =>
  (await it.connection.sql`select kind, data from event where kind in ('not-delivered', 'not-linked', 'nobody-to-ask') order by seq`).map(
    ({ kind, data }) => `${kind} ${data.place} ${data.why}`,
  );

describeWithDatabase("cards", () => {
  afterEach(() => it.close());

  test("ASK-1 every copy of a card is redrawn once it is decided, wherever it stands, and its buttons go", async () => {
    await begin({ catalogue: { groups: groupsWith("approvers", { notify: "both" }) } });
    const [number = 0] = await file(it, "rita", "salesforce", ["admin"]);
    await settled(it, here);
    const copies = () => here.channel.shown.filter(({ key }) => key.startsWith("task:"));
    expect(
      copies()
        .map(({ at }) => at.conversation)
        .sort(),
    ).toEqual(["C0APPROVALS", "direct UINES", "direct UOMAR", "direct UUMA"]);
    for (const { card } of copies()) expect(verbsOn(card)).toEqual(["approve", "reject"]);
    await on(it, number, "omar", { verb: "approve", comment: null });
    await settled(it, here);
    for (const { card, at } of copies()) expect(wordsOf(card)).toContain(at.conversation === "direct UOMAR" ? "You approved this" : "Omar");
    await on(it, number, "ines", { verb: "reject", reason: "Not before May" });
    await settled(it, here);
    expect(copies()).toHaveLength(4);
    for (const { card } of copies()) {
      expect(verbsOn(card)).toEqual([]);
      expect(wordsOf(card)).toContain("Rejected by Ines");
      expect(wordsOf(card)).toContain("Not before May");
    }
  });

  test("what cards are drawn from names the groups that they speak of, not all that there are", async () => {
    const extra = Array.from({ length: 30 }, (_, n) => ({ ...folder().catalogue.groups[0], id: `g${n}`, name: `Group ${n}` }));
    const groups = [...folder().catalogue.groups, ...extra] as ReturnType<typeof folder>["catalogue"]["groups"];
    await begin({ catalogue: { groups } });
    const { db } = it.world;
    const [number = 0] = await file(it, "rita", "salesforce", ["admin"]);
    const [row] = await it.connection
      .sql`select l.request_id as request, t.id as task from line l join task t on t.line_id = l.id where number = ${number}`;
    const named = { approvers: "Approvers", hands: "Salesforce admins" };
    expect((await readTask(db, row?.task, null))?.directory.groups).toEqual(named);
    expect((await readRequest(db, row?.request))?.directory.groups).toEqual(named);
    expect((await readHome(db, "ines", { tasks: 0, requests: 0, access: 0 })).directory.groups).toEqual(named);
    // On a digest, too.
    for (const who of ["stan", "tom", "lena", "max"]) await file(it, who, "salesforce", ["admin"]);
    await settled(it, here);
    const [digest] = await it.connection.sql`select distinct digest as id from message where digest is not null`;
    expect((await readDigest(db, digest?.id))?.directory.groups).toEqual(named);
  });

  test("ASK-2 the requester hears every outcome: approved, failed, done; rejected with its reason; given up", async () => {
    await begin();
    const [number = 0] = await file(it, "rita", "wiki", [], {});
    const [other = 0] = await file(it, "stan", "salesforce");
    const [third = 0] = await file(it, "stan", "wiki", [], {});
    await settled(it, here);
    const steps = [
      [number, "max", { verb: "approve", comment: null }],
      [number, "lena", { verb: "report-error", reason: "No licence" }],
      [number, "tom", { verb: "retry" }],
      [number, "lena", { verb: "confirm", login: "rita.r" }],
      [other, "max", { verb: "reject", reason: "Ask in May" }],
      [third, "max", { verb: "approve", comment: null }],
      [third, "lena", { verb: "report-error", reason: "Closed" }],
      [third, "tom", { verb: "cancel-order", reason: "It was switched off" }],
    ] as const;
    for (const [line, actor, command] of steps) {
      expect(await on(it, line, actor, command), command.verb).toMatchObject({ ok: true });
      await settled(it, here);
    }
    const notices = (person: string) =>
      here.channel.shown.filter(({ key, at }) => key.startsWith("notice:") && at.conversation === `direct U${person}`);
    expect(notices("RITA").map(({ card }) => card.title)).toEqual([
      en.notices.approved.title(number),
      en.notices.errored.title(number),
      en.notices.retried.title(number),
      en.notices.executed.title(number),
    ]);
    expect(notices("STAN").map(({ card }) => card.title)).toHaveLength(4);
    expect(wordsOf(notices("RITA")[1]?.card)).toContain("No licence");
    expect(wordsOf(notices("RITA")[3]?.card)).toContain("rita.r");
    expect(wordsOf(notices("STAN")[0]?.card)).toContain("Ask in May");
    expect(wordsOf(notices("STAN")[3]?.card)).toContain("It was switched off");
    // And one live card each, which shows how it stands.
    const live = here.channel.shown.filter(({ key, at }) => key.startsWith("request:") && at.conversation === "direct URITA");
    expect(live).toHaveLength(1);
  });

  test("an error that is tried again and fails again is told twice, also when both messages had to wait", async () => {
    await begin();
    const [number = 0] = await file(it, "rita", "wiki", [], {});
    await settled(it, here);
    await on(it, number, "max", { verb: "approve", comment: null });
    await settled(it, here);
    const fail = async (reason: string) =>
      expect(await on(it, number, "lena", { verb: "report-error", reason })).toMatchObject({ ok: true });
    await fail("first");
    await settled(it, here);
    await on(it, number, "tom", { verb: "retry" });
    await settled(it, here);
    await fail("second");
    await settled(it, here);
    const told = () => titles("rita").filter((title) => title === en.notices.errored.title(number));
    expect(told()).toHaveLength(2);
    // Now nothing gets through but the hand-over itself, and both wait together.
    await it.connection.sql`update effect set leased_until = 'infinity' where kind = 'tell'`;
    await on(it, number, "tom", { verb: "retry" });
    await here.deliver();
    await it.connection.sql`update effect set leased_until = clock_timestamp() + interval '1 hour' where kind = 'tell' and state = 'due'`;
    await fail("third");
    await it.connection.sql`update effect set leased_until = clock_timestamp() + interval '1 hour' where kind = 'tell' and state = 'due'`;
    await on(it, number, "tom", { verb: "retry" });
    await here.deliver();
    await fail("fourth");
    expect(told()).toHaveLength(2);
    await it.connection.sql`update effect set leased_until = null where state = 'due'`;
    await settled(it, here);
    expect(told()).toHaveLength(4);
  });

  describe("go where `notify` says", () => {
    test.each([
      ["channel", "approvals", ["C0APPROVALS"]],
      ["direct", "approvals", ["direct UINES", "direct UOMAR", "direct UUMA"]],
      ["both", "approvals", ["C0APPROVALS", "direct UINES", "direct UOMAR", "direct UUMA"]],
      [null, "#approvals", ["C0APPROVALS"]],
      [null, "C0APPROVALS", ["C0APPROVALS"]],
      [null, null, ["direct UINES", "direct UOMAR", "direct UUMA"]],
      ["channel", null, ["direct UINES", "direct UOMAR", "direct UUMA"]],
    ] as const)("ASK-6 a group's %s with channel %s", async (notify, slackChannel, places) => {
      const more = { ...(notify ? { notify } : {}), slackChannel };
      await begin({ catalogue: { groups: groupsWith("approvers", more) } });
      await file(it, "rita", "salesforce", ["admin"]);
      await settled(it, here);
      const stands = here.channel.shown.filter(({ key }) => key.startsWith("task:")).map(({ at }) => at.conversation);
      expect(stands.sort()).toEqual([...places]);
    });

    test("ASK-6 the application's own word before its group's, for the work only", async () => {
      const applications = APPLICATIONS.map((one) =>
        one.id === "salesforce" ? { ...one, notify: "both" as const, slackChannel: "approvals" } : one,
      );
      await begin({ catalogue: { applications } });
      const [number = 0] = await file(it, "rita", "salesforce");
      await settled(it, here);
      await on(it, number, "max", { verb: "approve", comment: null });
      await settled(it, here);
      const places = here.channel.shown.filter(({ card }) => verbsOn(card).includes("claim")).map(({ at }) => at.conversation);
      expect(places.sort()).toEqual(["C0APPROVALS", "direct ULENA", "direct UTOM"]);
    });

    test("a member of the group asks: their own card is left out", async () => {
      await begin({ catalogue: { groups: groupsWith("approvers", { slackChannel: null }) } });
      await file(it, "ines", "salesforce", ["admin"]);
      await settled(it, here);
      expect(
        here.channel.shown
          .filter(({ key }) => key.startsWith("task:"))
          .map(({ at }) => at.conversation)
          .sort(),
      ).toEqual(["direct UOMAR", "direct UUMA"]);
    });
  });

  test("ASK-6 where the bot isn't in the channel, everybody is asked directly, and the administrator is told once, not with every card", async () => {
    await begin({ catalogue: { groups: groupsWith("approvers", { slackChannel: "quiet" }) } });
    for (const who of ["rita", "stan", "lena"]) await file(it, who, "salesforce", ["admin"]);
    await settled(it, here);
    for (const person of ["ines", "omar", "uma"])
      expect(here.cardsOf({ person }).filter((card) => verbsOn(card).includes("approve"))).toHaveLength(3);
    expect(await alerts()).toEqual(["not-delivered channel:quiet not_in_channel"]);
    expect(here.cardsOf({ person: "cleo" }).filter((card) => wordsOf(card).includes("#quiet"))).toHaveLength(1);
    // Decided: the direct copies follow as well.
    const [line] = await it.connection.sql`select number from line order by number limit 1`;
    await on(it, Number(line?.number), "omar", { verb: "reject", reason: "no" });
    await settled(it, here);
    for (const person of ["ines", "omar", "uma"])
      expect(here.cardsOf({ person }).filter((card) => verbsOn(card).includes("approve"))).toHaveLength(2);
    await it.connection.sql`insert into clock (ahead) values ('25 hours')`;
    await file(it, "tom", "salesforce", ["admin"]);
    await settled(it, here);
    expect(await alerts()).toHaveLength(2);
  });

  test("somebody whose account is switched off gets no card; the others do, and an administrator hears of it", async () => {
    const users = USERS.map((one) => (one.user === "UOMAR" ? { ...one, standing: "deactivated" as const } : one));
    await begin({ catalogue: { groups: groupsWith("approvers", { slackChannel: null }) } }, { users });
    await it.connection.sql`update chat_account set proved_at = now() where person_id = 'omar'`;
    await file(it, "rita", "salesforce", ["admin"]);
    await settled(it, here);
    expect(here.cardsOf({ person: "omar" })).toEqual([]);
    expect(here.cardsOf({ person: "ines" })).toHaveLength(1);
    expect(await alerts()).toEqual(["not-delivered person:omar user_disabled"]);
    expect(wordsOf(here.cardsOf({ person: "cleo" })[0])).toContain("Omar");
  });

  test("somebody's newest account gets the cards, an older one only where the newest can't be reached; a card that stands stays", async () => {
    const max = { platform: "slack", home: "T0ACME", email: null, standing: "member" } as const;
    const users = [...USERS, { ...max, user: "UMAXNEW" }, { ...max, user: "UMAXGONE", standing: "deactivated" as const }];
    await begin({}, { users });
    const link = (user: string, days: number) => it.connection.sql`
      insert into chat_account (id, platform, home, "user", person_id, because, linked_at)
      values (${v7()}, 'slack', 'T0ACME', ${user}, 'max', 'people.csv', now() + make_interval(days => ${days}))`;
    const tasksAt = (user: string) =>
      here.channel.shown.filter(({ key, at }) => key.startsWith("task:") && at.conversation === `direct ${user}`).length;
    const [early = 0] = await file(it, "rita", "wiki", [], {});
    await settled(it, here);
    expect([tasksAt("UMAX"), tasksAt("UMAXNEW")]).toEqual([1, 0]);
    await link("UMAXNEW", 1);
    await file(it, "stan", "wiki", [], {});
    await settled(it, here);
    expect([tasksAt("UMAX"), tasksAt("UMAXNEW")]).toEqual([1, 1]);
    await link("UMAXGONE", 2);
    await file(it, "rita", "salesforce");
    await settled(it, here);
    expect([tasksAt("UMAX"), tasksAt("UMAXNEW"), tasksAt("UMAXGONE")]).toEqual([1, 2, 0]);
    expect(await alerts()).toEqual([]);
    await on(it, early, "max", { verb: "reject", reason: "no" });
    await settled(it, here);
    expect([tasksAt("UMAX"), tasksAt("UMAXNEW")]).toEqual([1, 2]);
    expect(here.cardsOf({ person: "max" }).map(verbsOn)).toEqual([[]]);
  });

  test("a login that only people.csv names gets its first card once it is looked up as a full member, and is looked up once", async () => {
    const users = USERS.map((one) => (one.user === "UOMAR" ? { ...one, standing: "guest" as const } : one));
    const asked: string[] = [];
    const through = (channel: MemoryChannel): Channel => ({
      ...channel,
      userById: (home, user) => {
        asked.push(user);
        return channel.userById(home, user);
      },
    });
    await begin({ catalogue: { groups: groupsWith("approvers", { slackChannel: null }) } }, { users, through });
    const proved = async () =>
      (await it.connection.sql`select person_id as id from chat_account where proved_at is not null`).map(({ id }) => id);
    expect(await proved()).toEqual([]);
    await file(it, "rita", "salesforce", ["admin"]);
    await settled(it, here);
    expect(here.cardsOf({ person: "ines" })).toHaveLength(1);
    expect(here.cardsOf({ person: "omar" })).toEqual([]);
    expect(await alerts()).toEqual(["not-delivered person:omar not-a-member"]);
    expect(await proved()).toEqual(expect.arrayContaining(["ines", "rita", "uma"]));
    expect(await proved()).not.toContain("omar");
    await file(it, "lena", "salesforce", ["admin"]);
    await settled(it, here);
    expect(here.cardsOf({ person: "ines" })).toHaveLength(2);
    expect(asked.filter((user) => user === "UINES")).toHaveLength(1);
  });

  test("a card's person who isn't linked yet is found by address where the workspace is trusted; a guest with that address isn't", async () => {
    const users = USERS.map((one) => (one.user === "UOMAR" ? { ...one, standing: "guest" as const } : one));
    await begin({ catalogue: { groups: groupsWith("approvers", { slackChannel: null }) } }, { users });
    await it.connection.sql`delete from chat_account where person_id in ('ines', 'omar')`;
    await file(it, "rita", "salesforce", ["admin"]);
    await settled(it, here);
    expect(here.cardsOf({ person: "ines" })).toHaveLength(1);
    expect(here.cardsOf({ person: "omar" })).toEqual([]);
    const links = await it.connection.sql`select "user", because from chat_account where person_id in ('ines', 'omar')`;
    expect(links).toEqual([{ user: "UINES", because: "trusted-email" }]);
    expect(await alerts()).toEqual(["not-delivered person:omar not-linked"]);
  });

  test("whoever joins a group gets its open cards, and whoever has left gets no new ones", async () => {
    await begin({ catalogue: { groups: groupsWith("approvers", { slackChannel: null }) } });
    await file(it, "rita", "salesforce", ["admin"]);
    await settled(it, here);
    const groups = groupsWith("approvers", { slackChannel: null }).map((one) =>
      one.id === "approvers" ? { ...one, members: ["ines", "stan"] } : one,
    );
    await applyFolder(it.database.url, folder({ catalogue: { groups } }), { by: "test", newId: v7 });
    await settled(it, here);
    expect(here.cardsOf({ person: "stan" }).map(verbsOn)).toEqual([["approve", "reject"]]);
    await file(it, "lena", "salesforce", ["admin"]);
    await settled(it, here);
    expect(here.cardsOf({ person: "uma" })).toHaveLength(1);
    expect(here.cardsOf({ person: "stan" })).toHaveLength(2);
  });

  test("a message that was deleted is posted anew as long as somebody has to act on it, and forgotten once nobody has", async () => {
    await begin();
    const [number = 0] = await file(it, "rita", "salesforce", ["admin"]);
    await settled(it, here);
    const inChannel = () => here.cardsOf({ channel: "C0APPROVALS" });
    const deleteAll = () => {
      for (const { at } of here.channel.shown.filter(({ at }) => at.conversation === "C0APPROVALS")) here.channel.remove(at);
    };
    deleteAll();
    await on(it, number, "omar", { verb: "approve", comment: null });
    await settled(it, here);
    expect(inChannel().map(verbsOn)).toEqual([["approve", "reject"]]);
    deleteAll();
    await on(it, number, "ines", { verb: "approve", comment: null });
    await settled(it, here);
    expect(inChannel().filter((card) => verbsOn(card).includes("approve"))).toEqual([]);
    expect(await alerts()).toEqual([]);
    for (const person of ["ines", "omar", "uma"]) expect(here.cardsOf({ person })).toEqual([]);
  });

  test("the home page is published for whoever has opened it, and shows the new state", async () => {
    await begin();
    const login = { platform: "slack", home: "T0ACME", user: "UMAX" } as const;
    await it.operations.homeOpened(login);
    const [number = 0] = await file(it, "rita", "wiki", [], {});
    await settled(it, here);
    expect([...here.channel.homes.keys()]).toEqual(["UMAX"]);
    expect(wordsOf(here.channel.homes.get("UMAX"))).toContain("Wiki");
    await on(it, number, "max", { verb: "approve", comment: null });
    await settled(it, here);
    expect(verbsOn(here.channel.homes.get("UMAX"))).toEqual([]);
  });

  test("nothing that people typed reaches the log", async () => {
    await begin({ catalogue: { groups: groupsWith("approvers", { slackChannel: "quiet" }) } });
    const [number = 0] = await file(it, "rita", "salesforce", ["admin"]);
    await settled(it, here);
    await on(it, number, "omar", { verb: "reject", reason: "a-secret-reason" });
    await settled(it, here);
    expect(here.notes.length).toBeGreaterThan(0);
    expect(JSON.stringify(here.notes)).not.toContain("a-secret-reason");
    expect(JSON.stringify(here.notes)).not.toContain("I sell things");
    expect(standing("").length).toBeGreaterThan(0);
  });
});
