import { afterEach, expect, test } from "vitest";
import { transmit } from "../../src/operations/transmit.ts";
import { describeWithDatabase } from "../setup/database.ts";
import { APPLICATIONS, type Company, company, file, folder, on, once, openTask, PEOPLE } from "./company.ts";

describeWithDatabase("nothing strands in silence", () => {
  let it: Company;
  afterEach(() => it.close());

  const eventsOf = async (kind: string) => it.connection.sql`select data from event where kind = ${kind}`;
  const askWiki = () =>
    it.operations.ask({
      actor: "rita",
      beneficiary: "rita",
      application: "wiki",
      submission: { entitlements: [], justification: "notes", until: null, values: {} },
      once: once(),
    });
  const lineOf = async (number: number) => {
    const [row] = await it.connection.sql`select id from line where number = ${number}`;
    return String(row?.id);
  };

  test("a request that nobody can approve is refused, and the administrators hear of it once", async () => {
    const gone = ["cleo", "max", "tom", "lena"];
    it = await company({ people: PEOPLE.map((one) => (gone.includes(one.id) ? { ...one, state: "leave" as const } : one)) });
    expect(await askWiki()).toMatchObject({ ok: false, refusal: { name: "nobody-can-approve" } });
    expect(await askWiki()).toMatchObject({ ok: false, refusal: { name: "nobody-can-approve" } });
    expect(await eventsOf("nobody-can-approve")).toMatchObject([{ data: { by: "Rita", application: "Wiki" } }]);
  });

  test("a manager who leaves between reading and writing is not asked: the step goes to whoever comes next", async () => {
    it = await company();
    const { db } = it.connection;
    const client = db.$client;
    const unsafe = client.unsafe.bind(client);
    let left = false;
    // Between the load and the commit of the submission, as an applied people.csv would do it.
    client.unsafe = ((text: string, ...rest: never[]) => {
      if (left || !text.includes("nextval")) return unsafe(text, ...rest);
      left = true;
      return it.connection.sql`update person set state = 'left' where id = 'max'`.then(() => unsafe(text, ...rest));
    }) as typeof client.unsafe;
    const [number = 0] = await file(it, "rita", "wiki", [], {});
    client.unsafe = unsafe;
    const view = await it.operations.task((await openTask(it, number)).id, null);
    expect(left).toBe(true);
    expect(view?.task.assignees).toMatchObject([{ person: "cleo", because: "manager-of-manager" }]);
  });

  test("where no administrators are named, the technical owners of all applications stand in for an owner who left", async () => {
    const applications = APPLICATIONS.map((one) => (one.id === "payroll" ? { ...one, technicalOwner: "omar" } : one));
    const settings = { ...folder().catalogue.settings, administrators: null };
    it = await company({
      catalogue: { applications, settings },
      people: PEOPLE.map((one) => (one.id === "tom" ? { ...one, state: "left" as const } : one)),
    });
    const [number = 0] = await file(it, "rita", "wiki", [], {});
    await on(it, number, "max", { verb: "approve", comment: null });
    await transmit(it.world, await lineOf(number));
    expect(await on(it, number, "lena", { verb: "report-error", reason: "no licence left" })).toMatchObject({ ok: true });
    const review = await it.operations.task((await openTask(it, number)).id, null);
    expect(review?.task).toMatchObject({ kind: "review", assignees: [{ person: "omar", because: "administrator" }] });
  });

  test("a task whose claimer left the group stands on the lists of those who may claim it", async () => {
    it = await company();
    const [number = 0] = await file(it, "rita", "salesforce", ["reports"]);
    await on(it, number, "max", { verb: "approve", comment: null });
    await transmit(it.world, await lineOf(number));
    await on(it, number, "lena", { verb: "claim" });
    const tasks = async () => (await it.operations.home("tom", { tasks: 0, requests: 0, access: 0 })).tasks.total;
    expect(await tasks()).toBe(0);
    await it.connection.sql`delete from member where group_id = 'hands' and person_id = 'lena'`;
    expect(await tasks()).toBe(1);
    expect(await on(it, number, "tom", { verb: "claim" })).toMatchObject({ ok: true });
  });

  test("access whose last day is over is neither approved nor confirmed", async () => {
    it = await company();
    const filed = await it.operations.ask({
      actor: "rita",
      beneficiary: "rita",
      application: "wiki",
      submission: { entitlements: [], justification: "notes", until: { kind: "date", date: "2099-01-31" }, values: {} },
      once: once(),
    });
    const number = Number(filed.ok && filed.value.about.numbers);
    await it.connection.sql`update line set until = '{"kind": "date", "date": "2020-01-31"}'`;
    expect(await on(it, number, "max", { verb: "approve", comment: null })).toMatchObject({ ok: false, refusal: { name: "end-passed" } });
    expect(await on(it, number, "max", { verb: "reject", reason: "too late" })).toMatchObject({ ok: true });
  });
});
