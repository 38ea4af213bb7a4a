import { afterAll, beforeAll, expect, test } from "vitest";
import { repostEverything } from "../../src/db/replay.ts";
import { onLine } from "../operations/acts.ts";
import { type Company, company, file } from "../operations/company.ts";
import { describeWithDatabase } from "../setup/database.ts";
import { type Stage, settled, stage, wordsOf } from "./stage.ts";

let it: Company;

describeWithDatabase("a chat that has forgotten everything", () => {
  beforeAll(async () => {
    it = await company();
  });
  afterAll(() => it.close());

  test("gets the cards of open requests again, and none of those that are over", async () => {
    const before = stage(it);
    const [over = 0] = await file(it, "rita", "wiki", [], {});
    const [open = 0] = await file(it, "rita", "salesforce", [], { region: "EMEA" });
    await onLine(it, over, "rita", { verb: "withdraw", reason: null });
    await settled(it, before);
    const seen = (here: Stage) => [...here.cardsOf({ person: "rita" }), ...here.cardsOf({ person: "max" })].map(wordsOf);
    const about = (number: number, words: readonly string[]) => words.filter((each) => each.includes(`equest ${number}`)).length;
    expect(about(over, seen(before))).toBeGreaterThan(0);

    const after = stage(it);
    await repostEverything(it.connection.db);
    await settled(it, after);
    expect(about(over, seen(after))).toBe(0);
    expect(about(open, after.cardsOf({ person: "rita" }).map(wordsOf))).toBe(1);
    expect(about(open, after.cardsOf({ person: "max" }).map(wordsOf))).toBe(1);
  });
});
