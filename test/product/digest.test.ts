/** Many requests for one approver at once, in Slack: one card, on which each is decided. */
import { v7 } from "uuid";
import { afterAll, beforeAll, expect, test } from "vitest";
import { connect } from "../../src/db/connect.ts";
import { operations } from "../../src/operations/wire.ts";
import type { Actor } from "../../src/playground/slack/actor.ts";
import type { MessageOnPage } from "../../src/playground/slack/page-interface.ts";
import { describeWithDatabase } from "../setup/database.ts";
import { copies, refusedBySlack } from "./copies.ts";
import { buttonsOf, card, cardSaying, filled, messagesOf, press, read, whisper } from "./people.ts";
import { fail, type Product, product, quiet } from "./stage.ts";

let it: Product;

/** Everything that Anna and Chloe ask for reaches Ines at once: one is her own report, the other too. */
async function askForMuch(): Promise<void> {
  const { db, close } = connect(it.database.url, { max: 1 });
  const verbs = operations({ db, newId: v7, wake: () => {} });
  const why = { justification: "Quarter end", until: { kind: "days", days: 30 } } as const;
  const asks = ["E015", "E017"].flatMap((actor) => [
    { actor, application: "salesforce", entitlements: ["report-builder", "campaign-manager", "quotes"], values: { region: "EMEA" } },
    { actor, application: "vpn", entitlements: [], values: { device: "Company laptop", serial: `AB12${actor.slice(1)}` } },
    { actor, application: "building-access", entitlements: [], values: { office: "Berlin", pick_up: "2030-01-10" } },
  ]);
  try {
    for (const { actor, application, ...more } of asks) {
      const once = { key: v7(), fingerprint: "" };
      const asked = await verbs.ask({ actor, beneficiary: actor, application, submission: { ...more, ...why }, once });
      expect(asked).toMatchObject({ ok: true });
    }
  } finally {
    await close();
  }
}

/** The button of one row: its label, and the request that a screen reader names. */
async function pressOn(person: Actor, message: MessageOnPage, label: string, number: string): Promise<void> {
  for (const block of message.blocks)
    for (const element of block.type === "actions" ? block.elements : [])
      if (element.type === "button" && element.accessibility_label?.startsWith(`${label}, request ${number},`)) {
        const where = { in: message, block_id: block.block_id ?? "", action_id: element.action_id ?? "" };
        return void expect(await person.click(where)).toMatchObject({ ok: true });
      }
  fail(`no ${label} for request ${number}`);
}

describeWithDatabase("an approver whom ten requests reach at once", () => {
  beforeAll(async () => {
    it = await product();
    await askForMuch();
    await quiet(it);
  });
  afterAll(() => it?.stop());

  const titled = /waiting for you|waits for you/;

  test("THREAT-20 gets few messages, and decides each request on them with the same clicks as on its own card", async () => {
    const ines = it.slack.as("ines");
    const waiting = () => messagesOf(ines).filter(({ blocks }) => buttonsOf({ blocks }).includes("Approve"));
    expect(waiting().length).toBeLessThanOrEqual(4);
    expect(new Set(waiting().flatMap((one) => read(one).match(/Request \d+/g) ?? [])).size).toBeGreaterThanOrEqual(8);
    const digest = await cardSaying(ines, { title: titled }, "Risk: ");
    const rows = () => buttonsOf(card(ines, { title: titled }) ?? digest).filter((label) => label === "Approve").length;
    const before = Number(/^\d+/.exec(read(digest))?.[0]);

    const [, number = ""] = /Request (\d+): decide/.exec(read(digest)) ?? [];
    await pressOn(ines, digest, "Show card", number);
    expect(read(ines.modal())).toContain("What it allows");
    expect(await ines.close()).toEqual({ ok: true });
    await pressOn(ines, digest, "Approve", number);
    expect(await whisper(ines, `approved request ${number}`)).toBeDefined();
    const after = await cardSaying(ines, { title: titled }, new RegExp(`Request ${number}, .*Approved by Ines Moreau`));
    expect(read(after)).toMatch(new RegExp(`^${before - 1} tasks are waiting for you`));
    expect(after.ts).toBe(digest.ts);

    const [, other = ""] = /Request (\d+): decide/.exec(read(after)) ?? [];
    await pressOn(ines, after, "Reject", other);
    expect(await ines.submit(filled(ines.modal(), { reason: "Not for this quarter" }))).toEqual({ ok: true });
    await cardSaying(ines, { title: titled }, new RegExp(`Request ${other}, .*Rejected by Ines Moreau.*Not for this quarter`));
    expect(rows()).toBeLessThanOrEqual(8);

    // What has no room is in a list of her own, which comes beside the card.
    const full = card(ines, { title: titled });
    if (full && buttonsOf(full).includes("My tasks")) {
      await press(ines, full, "My tasks");
      expect(await whisper(ines, /Request \d+: decide/)).toBeDefined();
      expect(card(ines, { title: titled })?.ts).toBe(digest.ts);
    }
    expect(await copies(it)).toMatchObject({ outdated: [] });
    expect(refusedBySlack(it)).toEqual([]);
  });
});
