import fc from "fast-check";
import { expect, test } from "vitest";
import { MOST_ITEMS, MOST_OPEN } from "../../src/domain/asking.ts";
import type { FieldType, FormField } from "../../src/domain/catalogue.ts";
import { fieldFault } from "../../src/domain/field-fault.ts";
import { type FormValue, holdersOf } from "../../src/domain/line.ts";
import { endFault, type Until } from "../../src/domain/until.ts";
import { type Ask, acme, application, ask, but, byGroup, byManager, entitlement, noon, person, policy, refused } from "./situation.ts";

function field(type: FieldType, more: Partial<FormField> = {}): FormField {
  return { id: "f", label: "F", type, options: [], required: false, hint: null, maxLength: null, ...more };
}

const colours = { options: ["red", "blue"] };

test.each([
  ["a text that is long enough", field("text", { maxLength: 3 }), "abc", null],
  ["a text that is too long", field("text", { maxLength: 3 }), "abcd", { name: "too-long", about: { most: "3" } }],
  ["a long text without a limit of its own", field("long_text"), "x".repeat(3000), null],
  ["a long text beyond any", field("long_text"), "x".repeat(3001), { name: "too-long", about: { most: "3000" } }],
  ["one of the options", field("choice", colours), "red", null],
  ["something that is no option", field("choice", colours), "green", { name: "not-an-option" }],
  ["several options where one is asked for", field("choice", colours), ["red"], { name: "not-an-option" }],
  ["some of the options", field("choices", colours), ["red", "blue"], null],
  ["options with a stranger among them", field("choices", colours), ["red", "green"], { name: "not-an-option" }],
  ["one option where several may be", field("choices", colours), "red", { name: "not-an-option" }],
  ["a whole number", field("number"), " 42 ", null],
  ["a negative number", field("number"), "-3", null],
  ["a fraction with a comma", field("number"), "1,5", null],
  ["a fraction with a point", field("number"), "1.25", null],
  ["a number in words", field("number"), "four", { name: "not-a-number" }],
  ["a number with a unit", field("number"), "4 GB", { name: "not-a-number" }],
  ["a number in another notation", field("number"), "1e9", { name: "not-a-number" }],
  ["a number without end", field("number"), "9".repeat(16), { name: "not-a-number" }],
  ["a date", field("date"), "2026-12-24", null],
  ["a day that isn't", field("date"), "2026-02-30", { name: "not-a-date" }],
  ["a date written otherwise", field("date"), "24.12.2026", { name: "not-a-date" }],
  ["a tick", field("checkbox"), true, null],
  ["a word for a tick", field("checkbox"), "yes", { name: "not-an-option" }],
] as const)("%s is answered at the field", (_, it, value, fault) => {
  const found = fieldFault(it, value as FormValue);
  if (fault === null) expect(found).toBeNull();
  else expect(found).toMatchObject(fault);
});

const types: readonly FieldType[] = ["text", "long_text", "choice", "choices", "number", "date", "checkbox"];

test.each(types)("a %s that is left empty is a fault only when it is required", (type) => {
  const empty: readonly (FormValue | undefined)[] = [undefined, "", "  ", [], false];
  for (const value of empty) {
    expect(fieldFault(field(type, { required: true }), value)).toEqual({ name: "missing", about: {} });
    expect(fieldFault(field(type), value)).toBeNull();
  }
});

test("no value of whatever kind makes a field throw", () => {
  const value = fc.oneof(fc.string(), fc.boolean(), fc.array(fc.string()));
  fc.assert(
    fc.property(fc.constantFrom(...types), value, fc.boolean(), (type, given, required) => {
      const found = fieldFault(field(type, { required, ...colours }), given);
      expect(found === null || typeof found.name === "string").toBe(true);
    }),
  );
});

const faultsOf = (it: Ask) => {
  const filed = ask(it);
  return filed.ok ? {} : filed.refusal.name === "faulty-form" ? filed.refusal.fields : { refused: filed.refusal.name };
};

test("what is filed becomes one line for each item, with what was said and the policy of the item", () => {
  const privileged = { ...policy(byGroup(2)), id: "privileged" };
  const crm = application({ entitlements: [entitlement("reports"), entitlement("admin", { policy: "privileged", risk: "high" })] });
  const filed = ask({
    application: crm,
    policies: { privileged },
    submission: { entitlements: ["reports", "admin"], justification: "  Forecasts ", until: { kind: "days", days: 7 } },
  });
  if (!filed.ok) throw new Error(filed.refusal.name);
  expect(filed.value.map(({ line }) => line)).toMatchObject([
    { number: 101, entitlement: { id: "reports" }, policy: { id: "standard" }, tasks: [{ assignees: [{ person: "max" }] }] },
    {
      number: 102,
      entitlement: { id: "admin" },
      policy: { id: "privileged" },
      tasks: [{ needed: 2, assignees: [{ group: "approvers" }] }],
    },
  ]);
  for (const { line } of filed.value)
    expect(line).toMatchObject({
      requestId: "request",
      requester: "rita",
      beneficiary: "rita",
      justification: "Forecasts",
      until: { kind: "days", days: 7 },
      approval: "pending",
      submittedAt: noon,
      version: 1,
      order: null,
    });
  expect(new Set(filed.value.map(({ line }) => line.id)).size).toBe(2);
});

test("without entitlements the account itself is asked for; the same entitlement twice is one line", () => {
  const lines = (entitlements: readonly string[]) => {
    const filed = ask({ submission: { entitlements } });
    return filed.ok ? filed.value.map(({ line }) => line.entitlement?.id ?? null) : filed.refusal;
  };
  expect(lines([])).toEqual([null]);
  expect(lines(["admin", "reports", "admin"])).toEqual(["admin", "reports"]);
});

test("ASK-18: who isn't active neither asks nor gets anything", () => {
  for (const state of ["leave", "left", "future"] as const)
    expect(ask({ company: but(acme, { rita: state }) })).toEqual(refused("not-active"));
  for (const state of ["leave", "left", "future"] as const) {
    const gone = { company: but(acme, { rita: state }), requester: "max", beneficiary: "rita" };
    expect(faultsOf(gone)).toEqual({ for: { name: "not-active", about: { name: "rita" } } });
  }
});

test("requestable_by is obeyed at submit, for whom it is asked and not by whom", () => {
  const sales = application({ requestableBy: { department: ["Sales"] } });
  const finance = application({ requestableBy: { department: ["Finance"] } });
  expect(ask({ application: sales })).toMatchObject({ ok: true });
  expect(ask({ application: finance })).toEqual(refused("not-requestable", { application: "CRM" }));
  const people = { ...acme.people, max: { ...acme.people.max, department: "Finance" } } as typeof acme.people;
  expect(ask({ company: { ...acme, people }, application: finance, requester: "max", beneficiary: "rita" })).toEqual(
    refused("not-requestable", { application: "CRM", name: "rita" }),
  );
});

test("ASK-18: a request for somebody else keeps both, is worked out for who gets it, and neither of them decides", () => {
  const filed = ask({ requester: "stan", beneficiary: "rita" });
  expect(filed.ok && filed.value[0]?.line).toMatchObject({
    requester: "stan",
    beneficiary: "rita",
    tasks: [{ assignees: [{ person: "max" }] }],
  });
  // Max manages Rita and asks for her: his own manager decides.
  const byMax = ask({ requester: "max", beneficiary: "rita" });
  expect(byMax.ok && byMax.value[0]?.line.tasks).toMatchObject([{ assignees: [{ person: "cleo", because: "manager-of-manager" }] }]);
  const byGroupOf = ask({ requester: "ines", beneficiary: "omar", steps: [byGroup(1)] });
  if (!byGroupOf.ok) throw new Error(byGroupOf.refusal.name);
  const [task] = byGroupOf.value[0]?.line.tasks ?? [];
  expect(task && byGroupOf.value[0] && holdersOf(byGroupOf.value[0].line, task)).toEqual(["uma"]);
  expect(faultsOf({ requester: "max", beneficiary: "rita", held: [null] })).toEqual({
    application: { name: "already-held", about: { name: "rita" } },
  });
});

test("ASK-18: the last day is the day where the beneficiary lives", () => {
  const people = { ...acme.people, far: { ...person("far", { managerId: "max" }), timeZone: "Pacific/Auckland" } };
  const company = { ...acme, people };
  // In Auckland it is past midnight already, in Berlin the 23rd has hours to go.
  const today = { until: { kind: "date", date: "2026-11-23" } } as const;
  expect(faultsOf({ company, requester: "rita", beneficiary: "far", submission: today })).toEqual({
    until_date: { name: "past", about: {} },
  });
  expect(faultsOf({ company, requester: "far", beneficiary: "rita", submission: today })).toEqual({});
});

test("an account that an open request brings along isn't asked for alone", () => {
  const fault = { application: { name: "comes-with", about: { number: "3" } } };
  expect(faultsOf({ asked: [{ entitlement: "admin", number: 3 }] })).toEqual(fault);
  expect(faultsOf({ requester: "max", beneficiary: "rita", asked: [{ entitlement: "admin", number: 3 }] })).toEqual({
    application: { name: "comes-with", about: { number: "3", name: "rita" } },
  });
  expect(faultsOf({ submission: { entitlements: ["reports"] }, asked: [{ entitlement: "admin", number: 3 }] })).toEqual({});
  expect(faultsOf({ held: [null], asked: [{ entitlement: "admin", number: 3 }] })).toEqual({
    application: { name: "already-held", about: {} },
  });
});

test("what one already holds or has asked for can't be asked again, and is named", () => {
  expect(faultsOf({ submission: { entitlements: ["reports"] }, held: [null, "reports"] })).toEqual({
    entitlements: { name: "already-held", about: { item: "The reports" } },
  });
  expect(faultsOf({ submission: { entitlements: ["reports", "admin"] }, asked: [{ entitlement: "admin", number: 7 }] })).toEqual({
    entitlements: { name: "already-asked", about: { item: "The admin", number: "7" } },
  });
  expect(faultsOf({ held: [null] })).toEqual({ application: { name: "already-held", about: {} } });
  expect(faultsOf({ asked: [{ entitlement: null, number: 7 }] })).toEqual({
    application: { name: "already-asked", about: { number: "7" } },
  });
  // Holding the account doesn't stand in the way of an entitlement, nor one entitlement of another.
  expect(faultsOf({ submission: { entitlements: ["admin"] }, held: [null, "reports"], asked: [{ entitlement: null, number: 7 }] })).toEqual(
    {},
  );
});

test("what isn't in the catalogue, and more than one form can hold, is refused at the entitlements", () => {
  const many = Array.from({ length: MOST_ITEMS + 1 }, (_, index) => entitlement(`e${index}`));
  const ids = many.map(({ id }) => id);
  const wide = application({ entitlements: many });
  expect(faultsOf({ submission: { entitlements: ["admin", "root"] } })).toEqual({ entitlements: { name: "not-an-option", about: {} } });
  expect(faultsOf({ submission: { entitlements: ["root"] } })).toEqual({ entitlements: { name: "not-an-option", about: {} } });
  expect(faultsOf({ application: wide, submission: { entitlements: ids } })).toEqual({
    entitlements: { name: "not-an-option", about: {} },
  });
  expect(faultsOf({ application: wide, submission: { entitlements: ids.slice(1) } })).toEqual({});
});

test("every fault of the form is said at once, each at its field", () => {
  const form = [field("text", { id: "region", required: true }), field("number", { id: "seats" })];
  const crm = application({ form, entitlements: [entitlement("admin", { maxDuration: { kind: "elapsed", seconds: 30 * 86_400 } })] });
  const submission = { entitlements: ["admin"], justification: " ", until: null, values: { seats: "many" } };
  expect(faultsOf({ application: crm, submission, held: ["admin"] })).toEqual({
    entitlements: { name: "already-held", about: { item: "The admin" } },
    justification: { name: "missing", about: {} },
    "form.region": { name: "missing", about: {} },
    "form.seats": { name: "not-a-number", about: {} },
  });
  expect(faultsOf({ submission: { justification: "x".repeat(3001) } })).toEqual({
    justification: { name: "too-long", about: { most: "3000" } },
  });
  expect(faultsOf({ submission: { justification: "x".repeat(3000) } })).toEqual({});
});

const limit = (n: number) => ({ maxDuration: { kind: "elapsed", seconds: n * 86_400 } }) as const;

test("each line gets the time that was chosen within its own limit; what has no limit keeps it", () => {
  const crm = application({ entitlements: [entitlement("reports"), entitlement("admin", limit(30)), entitlement("export", limit(60))] });
  const times = (until: Until | null) => {
    const filed = ask({ application: crm, submission: { until, entitlements: ["reports", "admin", "export"] } });
    return filed.ok ? filed.value.map(({ line }) => line.until) : filed.refusal;
  };
  const days = (n: number) => ({ kind: "days", days: n }) as const;
  expect(times(null)).toEqual([null, days(30), days(60)]);
  expect(times(days(45))).toEqual([days(45), days(30), days(45)]);
  expect(times(days(7))).toEqual([days(7), days(7), days(7)]);
  const january = { kind: "date", date: "2027-01-10" } as const;
  expect(times(january)).toEqual([january, days(30), january]);
});

test("a time beyond every item's limit is refused, and a wrong date is said at the date", () => {
  const crm = application({ ...limit(90), entitlements: [entitlement("reports", limit(60)), entitlement("admin", limit(30))] });
  const fault = (until: Until | null, entitlements: string[]) => faultsOf({ application: crm, submission: { until, entitlements } });
  expect(fault({ kind: "days", days: 60 }, ["reports", "admin"])).toEqual({});
  expect(fault({ kind: "days", days: 61 }, ["reports", "admin"])).toEqual({ until: { name: "too-long-a-time", about: { most: "60" } } });
  expect(fault({ kind: "days", days: 91 }, [])).toEqual({ until: { name: "too-long-a-time", about: { most: "90" } } });
  expect(fault(null, [])).toEqual({});
  expect(fault({ kind: "date", date: "2027-06-01" }, ["admin"])).toEqual({
    until_date: { name: "too-long-a-time", about: { most: "30" } },
  });
  expect(fault({ kind: "date", date: "2026-11-22" }, [])).toEqual({ until_date: { name: "past", about: {} } });
  expect(fault({ kind: "date", date: "soon" }, [])).toEqual({ until_date: { name: "not-a-date", about: {} } });
  expect(fault({ kind: "days", days: 0 }, [])).toEqual({ until: { name: "not-a-date", about: {} } });
});

test("a limit of less than a day can't be met by days, and nobody gets longer than it", () => {
  const brief = application({
    entitlements: [entitlement("reports"), entitlement("admin", { maxDuration: { kind: "elapsed", seconds: 3600 } })],
  });
  const fault = (until: Until | null, entitlements: string[]) => faultsOf({ application: brief, submission: { until, entitlements } });
  expect(fault(null, ["reports", "admin"])).toMatchObject({ until: { name: "too-long-a-time" } });
  expect(fault({ kind: "days", days: 1 }, ["reports", "admin"])).toMatchObject({ until: { name: "too-long-a-time" } });
  expect(fault(null, ["reports"])).toEqual({});
});

test("no line is filed for longer than its item may be granted, whatever was chosen", () => {
  const until: fc.Arbitrary<Until | null> = fc.oneof(
    fc.constant(null),
    fc.record({ kind: fc.constant("days" as const), days: fc.integer({ min: -2, max: 400 }) }),
    fc.record({
      kind: fc.constant("date" as const),
      date: fc.date({ min: noon, max: new Date("2028-01-01"), noInvalidDate: true }).map((at) => at.toISOString().slice(0, 10)),
    }),
  );
  fc.assert(
    fc.property(until, fc.array(fc.option(fc.integer({ min: 1, max: 200 })), { minLength: 1, maxLength: 5 }), (chosen, limits) => {
      const entitlements = limits.map((days, index) => entitlement(`e${index}`, days === null ? {} : limit(days)));
      const filed = ask({
        application: application({ entitlements }),
        submission: { until: chosen, entitlements: entitlements.map(({ id }) => id) },
      });
      if (!filed.ok) return;
      filed.value.forEach(({ line }, index) => {
        const rule = { timeZone: "Europe/Berlin", longest: limits[index] ?? null };
        expect(endFault(line.until, noon, rule)).toBeNull();
        if (limits[index] === null) expect(line.until).toEqual(chosen);
      });
    }),
  );
});

test("only answers to the application's own questions are kept, an unticked box among them", () => {
  const form = [
    field("text", { id: "region" }),
    field("choices", { id: "brands", ...colours }),
    field("checkbox", { id: "vip" }),
    field("text", { id: "constructor" }),
  ];
  const values = { region: "EMEA", brands: [], vip: false, admin: "yes", password: "hunter2" };
  const filed = ask({ application: application({ form }), submission: { values } });
  expect(filed.ok ? filed.value[0]?.line.values : filed.refusal).toEqual({ region: "EMEA", vip: false });
});

test("all or nothing: one item that can't be filed keeps back the others", () => {
  const crm = application({ entitlements: [entitlement("reports"), entitlement("admin", { policy: "privileged" })] });
  const company = { ...but(acme, { ines: "left", omar: "left", uma: "left", bo: "left", tom: "left" }), administrators: [] };
  const it = { company, application: crm, policies: { privileged: policy(byGroup(1)) }, steps: [byManager] };
  expect(ask({ ...it, submission: { entitlements: ["reports"] } })).toMatchObject({ ok: true });
  expect(ask({ ...it, submission: { entitlements: ["reports", "admin"] } })).toEqual(refused("nobody-can-approve"));
});

test("THREAT-20 one requester has at most a hundred open requests, whomever they are for", () => {
  expect(ask({ open: MOST_OPEN - 1 })).toMatchObject({ ok: true });
  expect(ask({ open: MOST_OPEN })).toEqual(refused("too-many-open", { most: "100" }));
  const both = { entitlements: ["reports", "admin"] };
  expect(ask({ open: MOST_OPEN - 2, submission: both })).toMatchObject({ ok: true });
  expect(ask({ open: MOST_OPEN - 1, submission: both })).toEqual(refused("too-many-open", { most: "100" }));
});
