import { beforeAll, describe, expect, test } from "vitest";
import type { ReadFolder } from "../../src/configuration/folder.ts";
import { readFolder } from "../../src/configuration/folder.ts";
import type { Person } from "../../src/domain/people.ts";
import { mayRequest } from "../../src/domain/requestable.ts";
import { renderAccount } from "../../src/domain/template.ts";

describe("Acme, the example company", () => {
  let acme: ReadFolder & { ok: true };
  let people: readonly Person[];
  beforeAll(async () => {
    const found = await readFolder("examples/acme");
    if (!found.ok) throw new Error(JSON.stringify(found.faults, null, 2));
    acme = found;
    people = found.people.map(({ person }) => person);
  });

  const number = (values: readonly string[]) => new Set(values).size;
  const inState = (state: string) => people.filter((person) => person.state === state).length;

  test("has 40 people in five departments and three time zones, one on leave, one left, one to come", () => {
    expect(people).toHaveLength(40);
    expect(number(people.map((person) => person.department))).toBe(5);
    expect(number(people.map((person) => person.timeZone))).toBe(3);
    expect([inState("leave"), inState("left"), inState("future"), inState("active")]).toEqual([1, 1, 1, 37]);
    expect(people.every((person) => /^E\d{3}$/.test(person.id) && person.email.endsWith("@acme.example"))).toBe(true);
  });

  test("is led by one person, to whom everybody reports in the end", () => {
    const heads = people.filter((person) => person.managerId === null);
    expect(heads).toHaveLength(1);
    const top = (person: Person): Person => {
      const boss = people.find((other) => other.id === person.managerId);
      return boss ? top(boss) : person;
    };
    expect(people.every((person) => top(person) === heads[0])).toBe(true);
  });

  test("has 15 applications, 12 of them disconnected, with 60 entitlements", () => {
    const { applications } = acme.catalogue;
    expect(applications).toHaveLength(15);
    expect(applications.filter((application) => application.kind === "disconnected")).toHaveLength(12);
    expect(applications.filter((application) => application.kind !== "disconnected").map((one) => one.kind)).toEqual([
      "scim",
      "scim",
      "webhook",
    ]);
    expect(applications.flatMap((application) => application.entitlements)).toHaveLength(60);
  });

  test("shows every kind of form field, a single named fulfiller, and a vote of two", () => {
    const { applications, policies } = acme.catalogue;
    const types = new Set(applications.flatMap((application) => application.form.map((field) => field.type)));
    expect([...types].sort()).toEqual(["checkbox", "choice", "choices", "date", "long_text", "number", "text"]);
    expect(applications.filter((application) => application.fulfillers.kind === "person").map((one) => one.id)).toEqual(["payroll"]);
    expect(policies.map((policy) => policy.steps)).toContainEqual([
      { approvers: { kind: "group", group: "security-approvers" }, needed: 2, once: false },
    ]);
  });

  test("shows stages in order, of which a manager who is an owner too decides one, and clocks on every policy", () => {
    const { applications, policies } = acme.catalogue;
    const payments = policies.find((policy) => policy.id === "payments");
    expect(payments?.steps.map(({ approvers, once }) => [approvers.kind === "group" ? approvers.group : "manager", once])).toEqual([
      ["manager", true],
      ["system-owners", true],
      ["security-approvers", true],
    ]);
    expect(policies.filter((policy) => policy.steps.length === 1)).toHaveLength(4);
    expect(policies.filter((policy) => !policy.remind || !policy.escalate || !policy.expireAfter)).toEqual([]);
    expect(applications.find((one) => one.id === "salesforce")?.serviceLevel).toMatchObject({
      remind: { atMost: 3 },
      escalate: { to: [{}, {}] },
    });
  });

  test("has holidays of 2026 and 2027 in every calendar", () => {
    for (const calendar of acme.catalogue.calendars) {
      expect(new Set(calendar.holidays.map((day) => day.slice(0, 4)))).toEqual(new Set(["2026", "2027"]));
    }
  });

  test("notes nothing but the three connectors that aren't built yet", () => {
    expect(acme.notes.map(({ file, message }) => [file, message])).toEqual([
      ["latchkey.yaml", '"scim": until its connector is built, the orders of GitHub are done by hand'],
      ["latchkey.yaml", '"scim": until its connector is built, the orders of Figma are done by hand'],
      ["latchkey.yaml", '"webhook": until its connector is built, the orders of Data warehouse are done by hand'],
    ]);
  });

  test("lets Sales and Support ask for Salesforce, and nobody else", () => {
    const salesforce = acme.catalogue.applications.find((application) => application.id === "salesforce")!;
    const allowed = new Set(people.filter((person) => mayRequest(salesforce, person)).map((person) => person.department));
    expect(allowed).toEqual(new Set(["Sales", "Support"]));
  });

  test("IDH-10 every account template fills in a login and every row without a trace of the template", () => {
    const anna = people.find((person) => person.email === "anna@acme.example")!;
    for (const application of acme.catalogue.applications) {
      const form = Object.fromEntries(
        application.form.map((field) => [field.id, field.type === "date" ? "2026-10-01" : (field.options[0] ?? "x1")]),
      );
      const account = renderAccount(application.account, {
        person: anna,
        form,
        application,
        entitlement: application.entitlements[0]!,
        number: 7,
      });
      expect(account.login, application.id).toMatch(/^\S+$/);
      for (const { name, value } of account.attributes) {
        expect(value, `${application.id}: ${name}`).not.toMatch(/[{}]|^$/);
      }
    }
  });

  test("gives every fulfiller instructions of several steps for a new account, and others for one that is there", () => {
    for (const application of acme.catalogue.applications) {
      const { create, update } = application.instructions;
      for (const steps of [create, update]) expect(steps.split("\n").length, application.id).toBeGreaterThanOrEqual(2);
      expect(update, application.id).not.toBe(create);
      expect(update, application.id).not.toMatch(/\b(?:New User|Create team member|Create user|CREATE USER|Invite)\b/);
    }
  });
});
