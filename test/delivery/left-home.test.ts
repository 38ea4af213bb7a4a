import { v7 } from "uuid";
import { afterAll, beforeAll, expect, test } from "vitest";
import { link, unlink } from "../../src/operations/link.ts";
import { type Company, company, file } from "../operations/company.ts";
import { describeWithDatabase } from "../setup/database.ts";
import { type Stage, settled, stage, wordsOf } from "./stage.ts";

let it: Company;
let here: Stage;

describeWithDatabase("the home page of a login that was taken away", () => {
  beforeAll(async () => {
    it = await company();
    here = stage(it);
  });
  afterAll(() => it.close());

  const ground = () => ({ db: it.connection.db, url: it.database.url, newId: v7 });
  const page = () => wordsOf(here.channel.homes.get("URITA"));

  test("shows a stranger's words and nothing of its person any more, until it is linked again", async () => {
    await it.operations.homeOpened({ platform: "slack", home: "T0ACME", user: "URITA" });
    await file(it, "rita", "wiki", [], {});
    await settled(it, here);
    expect(page()).toContain("Wiki");

    await unlink(ground(), { user: "URITA", home: null, by: "cli:ops" });
    await settled(it, here);
    expect(page()).not.toContain("Wiki");
    expect(page()).toContain("Ask an administrator of Latchkey to link your chat account");

    await link(ground(), {
      person: "rita",
      user: "URITA",
      home: null,
      by: "cli:ops",
      look: async () => ({ asked: true, entry: { email: null, standing: "member" } }),
    });
    await it.operations.homeOpened({ platform: "slack", home: "T0ACME", user: "URITA" });
    await file(it, "rita", "salesforce", [], { region: "EMEA" });
    await settled(it, here);
    expect(page()).toContain("Salesforce");
  });

  test("an approver's only login that is taken away leaves nothing to wait for them unnoticed", async () => {
    await file(it, "stan", "wiki", [], {});
    await settled(it, here);
    await unlink(ground(), { user: "UMAX", home: null, by: "cli:ops" });
    await settled(it, here);
    const [row] = await it.connection.sql`select why from unreachable where person_id = 'max'`;
    expect(row?.why).toBe("not-linked");
  });
});
