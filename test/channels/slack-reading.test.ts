/** What Slack and people write, read as data: unseen characters, long messages, and a directory's entry that isn't as documented. */
import { expect, test } from "vitest";
import { chatUser, type SlackUser } from "../../src/channels/slack/directory.ts";
import { plain } from "../../src/channels/slack/plain.ts";
import { readText } from "../../src/channels/slack/typed-text.ts";

test.each([
  ["Sal\u200b\u200desforce", "Salesforce"],
  ["Sal\ud800\u200desforce", "Salesforce"],
  ["Sal\u200c\u200desforce", "Salesforce"],
  ["\u0301\u200dSalesforce", "Salesforce"],
  ["\u200d\u0301\u200cSalesforce", "Salesforce"],
])("THREAT-9 a joiner inside of a Latin word goes, whatever unseen stands beside it: %j", (written, seen) => {
  expect(plain(written)).toBe(seen);
});

test.each(["क्‍ष", "ക്‍", "👩‍👩‍👧‍👦", "می‌خواهم"])("a joiner that a script or an emoji needs stays: %j", (written) => {
  expect(plain(written)).toBe(written);
});

test("of a message as much is read as Slack carries, mentions among it", () => {
  expect(readText(`reassign 12 ${"<@U0BO> ".repeat(20_000)}`).mentions).toHaveLength(4_998);
  expect(readText(`reject 12 ${"no ".repeat(20_000)}`).words.length).toBeLessThanOrEqual(40_000);
});

test("a directory's entry with parts of another kind than documented counts for less, never for more", () => {
  const user = (odd: object) =>
    chatUser("T0ACME", "UANA", { team_id: "T0ACME", profile: { email: "ana@acme.example" }, ...odd } as SlackUser);
  expect(user({})).toMatchObject({ email: "ana@acme.example", standing: "member" });
  for (const email of [null, 7, ["ana@acme.example"], {}]) expect(user({ profile: { email } }).email).toBeNull();
  for (const profile of [null, "ana@acme.example", 7]) expect(user({ profile }).email).toBeNull();
  for (const teams of ["T0ACME", { 0: "T0ACME" }, null, 7])
    expect(user({ team_id: "T0ELSE", enterprise_user: { teams } }).standing).toBe("external");
  expect(user({ team_id: "T0ELSE", enterprise_user: { teams: ["T0ACME"] } }).standing).toBe("member");
});
