import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { moveClock } from "../../src/db/clock.ts";
import type { LineCommand, TaskCommand } from "../../src/domain/commands.ts";
import { transmit } from "../../src/operations/transmit.ts";
import { describeWithDatabase } from "../setup/database.ts";
import { type Company, company, file, on, once } from "./company.ts";

const FIRST = { tasks: 0, requests: 0, access: 0 };

describeWithDatabase("what the home page is drawn from", () => {
  let acme: Company;
  beforeAll(async () => {
    acme = await company();
  });
  afterAll(() => acme.close());

  const home = (person: string, late = 0) => acme.operations.home(person, { ...FIRST, late });
  const lineId = async (number: number) => String((await acme.connection.sql`select id from line where number = ${number}`)[0]?.id);
  const onLine = async (number: number, actor: string, command: LineCommand) =>
    acme.operations.actOnLine({ actor, line: await lineId(number), command, once: once(), seen: null });

  describe("what one did last", () => {
    test("each act is the last one, by the name of its verb", async () => {
      const [number = 0] = await file(acme, "rita", "salesforce");
      const did = async (actor: string) => {
        const { last, now } = await home(actor);
        expect(last).toMatchObject({ number, application: "Salesforce" });
        expect(now.getTime()).toBeGreaterThanOrEqual(last?.at.getTime() ?? Number.POSITIVE_INFINITY);
        return last?.did;
      };
      expect(await did("rita")).toBe("ask");
      await onLine(number, "rita", { verb: "nudge" });
      expect(await did("rita")).toBe("nudge");
      await on(acme, number, "cleo", { verb: "reassign", to: ["ines"], reason: "Max is away" });
      expect(await did("cleo")).toBe("reassign");
      const steps: readonly (readonly [string, TaskCommand])[] = [
        ["ines", { verb: "approve", comment: null }],
        ["tom", { verb: "claim" }],
        ["tom", { verb: "release", reason: null }],
        ["lena", { verb: "claim" }],
        ["lena", { verb: "report-error", reason: "no licence" }],
      ];
      for (const [actor, command] of steps) {
        expect(await on(acme, number, actor, command)).toMatchObject({ ok: true });
        if (command.verb === "approve") await transmit(acme.world, await lineId(number));
        expect(await did(actor)).toBe(command.verb);
      }
      expect(await on(acme, number, "cleo", { verb: "reassign", to: ["tom"], reason: "Tom knows" })).toMatchObject({ ok: true });
      await on(acme, number, "tom", { verb: "retry" });
      expect(await did("tom")).toBe("retry");
      await transmit(acme.world, await lineId(number));
      await on(acme, number, "tom", { verb: "claim" });
      await on(acme, number, "tom", { verb: "confirm", login: "rita@acme.example" });
      expect(await did("tom")).toBe("confirm");
    });

    test("what ends a request is named as such, not as the order that ends with it", async () => {
      const handed = async (who: string) => {
        const [number = 0] = await file(acme, who, "wiki", [], {});
        await on(acme, number, "max", { verb: "approve", comment: null });
        await transmit(acme.world, await lineId(number));
        return number;
      };
      const first = await handed("stan");
      await onLine(first, "stan", { verb: "withdraw", reason: null });
      expect((await home("stan")).last).toMatchObject({ did: "withdraw", number: first });
      const second = await handed("rita");
      await onLine(second, "cleo", { verb: "cancel", reason: "by mistake" });
      expect((await home("cleo")).last).toMatchObject({ did: "cancel", number: second });
      const third = await handed("stan");
      await on(acme, third, "lena", { verb: "report-error", reason: "down" });
      const reviewer = (await acme.operations.home("tom", FIRST)).tasks.rows.some(({ line }) => line.number === third) ? "tom" : "cleo";
      await on(acme, third, reviewer, { verb: "cancel-order", reason: "we stop" });
      expect((await home(reviewer)).last).toMatchObject({ did: "cancel-order", number: third });
      const [fourth = 0] = await file(acme, "stan", "wiki", [], {});
      await on(acme, fourth, "max", { verb: "reject", reason: "no" });
      expect((await home("max")).last).toMatchObject({ did: "reject", number: fourth });
    });

    test("once the request is over, only what ended it is still said", async () => {
      const [number = 0] = await file(acme, "stan", "wiki", [], {});
      await onLine(number, "stan", { verb: "nudge" });
      expect((await home("stan")).last).toMatchObject({ did: "nudge", number });
      await on(acme, number, "max", { verb: "reject", reason: "no" });
      expect((await home("stan")).last?.did).not.toBe("nudge");
      expect((await home("max")).last).toMatchObject({ did: "reject", number });
    });

    test("after two minutes it is said no more, and nobody hears of others' acts", async () => {
      const [number = 0] = await file(acme, "uma", "wiki", [], {});
      expect((await home("uma")).last).toMatchObject({ did: "ask", number });
      expect((await home("omar")).last).toBeNull();
      await moveClock(acme.world.db, 3 * 60_000);
      expect((await home("uma")).last).toBeNull();
    });
  });

  test("late work comes oldest first and in pages, and only to administrators", async () => {
    const numbers: number[] = [];
    for (const who of ["rita", "stan", "ines", "omar", "tom", "lena"])
      numbers.push((await file(acme, who, "salesforce", ["admin"]))[0] ?? 0);
    for (const [index, number] of numbers.entries())
      await acme.connection
        .sql`update task set due_at = app_now() - make_interval(mins => ${10 + index}) where state = 'open' and line_id = ${await lineId(number)}`;
    const first = (await home("cleo")).late;
    expect(first).toMatchObject({ total: 6, page: 0, size: 5 });
    expect(first?.rows.map(({ line }) => line.number)).toEqual([...numbers].reverse().slice(0, 5));
    expect((await home("cleo", 1)).late?.rows.map(({ line }) => line.number)).toEqual(numbers.slice(0, 1));
    for (const other of ["rita", "max", "tom"]) expect((await home(other)).late).toBeNull();
    await acme.connection.sql`update person set state = 'leave' where id = 'cleo'`;
    expect((await home("cleo")).late).toBeNull();
    await acme.connection.sql`update person set state = 'active' where id = 'cleo'`;
  });

  test("the most urgent task comes first: what is due, then what has no due time", async () => {
    const numbers = (await home("uma")).tasks.rows.map(({ line }) => line.number);
    expect(numbers.length).toBe(5);
    const lates = (await home("cleo")).late?.rows.map(({ line }) => line.number);
    expect(numbers).toEqual(lates);
  });
});

describeWithDatabase("where the configuration names no administrators", () => {
  test("the technical owners see what is late", async () => {
    const settings = {
      homes: [{ platform: "slack", id: "T0ACME", trustEmail: true }],
      administrators: null,
      fallbackApprovers: null,
    } as const;
    const acme = await company({ catalogue: { settings } });
    try {
      const [number = 0] = await file(acme, "rita", "wiki", [], {});
      await acme.connection.sql`update task set due_at = app_now() - interval '1 hour' where state = 'open'`;
      expect((await acme.operations.home("tom", FIRST)).late?.rows.map(({ line }) => line.number)).toEqual([number]);
      expect((await acme.operations.home("cleo", FIRST)).late).toBeNull();
    } finally {
      await acme.close();
    }
  });
});

describeWithDatabase("whom a typed command names", () => {
  test("a linked login, an e-mail address in any case, an HR id; nobody else, and nobody by name", async () => {
    const acme = await company();
    try {
      const login = (user: string) => ({ login: { platform: "slack" as const, home: "T0ACME", user } });
      const words = ["INES@acme.example", "omar", "Ines", "nobody@acme.example", "", "' or true --"].map((one) => ({ words: one }));
      const found = await acme.operations.named([login("UTOM"), login("UNOBODY"), ...words]);
      expect(found.map((person) => person?.id ?? null)).toEqual(["tom", null, "ines", "omar", null, null, null, null]);
    } finally {
      await acme.close();
    }
  });
});
