/** Commands that only look work beside a Latchkey that runs on the embedded database, and without one. */
import { writeFile } from "node:fs/promises";
import path from "node:path";
import { expect, inject, test } from "vitest";
import { configApply } from "../../src/cli/config-commands.ts";
import { doctor } from "../../src/cli/doctor-command.ts";
import { peopleLink, peopleLinks } from "../../src/cli/people-commands.ts";
import { joinEmbedded } from "../../src/db/embedded/join.ts";
import { home, homeForEachTest, start, startedOnce, stop } from "../db/embedded-home.ts";
import { describeWithDatabase } from "../setup/database.ts";

describeWithDatabase("beside the embedded database", () => {
  if ("missing" in inject("database")) return;
  homeForEachTest();
  const env = () => ({ LATCHKEY_HOME: home });

  test("doctor and people work while its Latchkey runs, and open it themselves when none does", async () => {
    await startedOnce();
    expect(await configApply(env(), undefined)).toMatchObject({ ok: true });
    expect(await joinEmbedded(home)).toBeNull();
    expect(await peopleLink(env(), "anna@acme.example", "U0ANNA")).toMatchObject({ ok: true, json: { proved: false } });

    const running = await start();
    // What needs the folder for itself is refused meanwhile.
    expect(await configApply(env(), undefined)).toMatchObject({ ok: false, lines: [expect.stringContaining("is in use")] });
    expect((await peopleLinks(env(), undefined)).lines.join()).toContain("U0ANNA in T0ACME");
    const said = await doctor(env());
    expect(said.lines).toContain("ok invariants: 11 of 11 hold");
    expect(said.lines.join("\n")).toContain("owner latchkey_owner, runs as latchkey");
    await stop(running);
  });

  test("another server on the port that a dead one had written down isn't taken for it", async () => {
    await startedOnce();
    const running = await start();
    expect(await joinEmbedded(home)).toEqual({ url: running.url, ownerUrl: running.ownerUrl });
    await writeFile(path.join(home, "passwords.json"), JSON.stringify({ admin: "a", owner: "b", runtime: "c" }));
    expect(await joinEmbedded(home)).toBeNull();
  });
});
