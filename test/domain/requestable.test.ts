import { expect, test } from "vitest";
import { attributeOf, type Person } from "../../src/domain/people.ts";
import { mayRequest } from "../../src/domain/requestable.ts";

const ana: Person = {
  id: "E001",
  email: "ana@acme.example",
  name: "Ana Ruiz",
  managerId: null,
  department: "Sales",
  title: "Account executive",
  location: "Berlin",
  timeZone: "Europe/Berlin",
  state: "active",
  calendar: null,
  startDate: null,
  endDate: null,
  attributes: { employment: "employee", cost_center: "" },
};

test("everybody may ask for an application without requestable_by", () => {
  expect(mayRequest({ requestableBy: null }, ana)).toBe(true);
});

test.each([
  ["a listed department", { department: ["Sales", "Support"] }, true],
  ["another department", { department: ["Finance"] }, false],
  ["a further column of people.csv", { employment: ["employee"] }, true],
  ["another value of a further column", { employment: ["contractor"] }, false],
  ["all of several attributes", { department: ["Sales"], employment: ["employee"], time_zone: ["Europe/Berlin"] }, true],
  ["one of several attributes only", { department: ["Sales"], employment: ["contractor"] }, false],
  ["an attribute that the person doesn't have", { floor: ["3"] }, false],
  ["an empty attribute", { cost_center: ["CC-1"] }, false],
  ["a rule without any value", { department: [] }, false],
  ["the department in other letters", { department: ["sales"] }, false],
  ["a name that every object answers to", { constructor: ["Object"] }, false],
] as const)("requestable_by is obeyed for %s", (_, requestableBy, may) => {
  expect(mayRequest({ requestableBy }, ana)).toBe(may);
});

test.each([
  ["id", "E001"],
  ["email", "ana@acme.example"],
  ["name", "Ana Ruiz"],
  ["department", "Sales"],
  ["title", "Account executive"],
  ["location", "Berlin"],
  ["time_zone", "Europe/Berlin"],
  ["employment", "employee"],
  ["cost_center", ""],
  ["floor", undefined],
  ["managerId", undefined],
  ["constructor", undefined],
  ["__proto__", undefined],
])("a rule that names %s reads %j", (name, value) => {
  expect(attributeOf(ana, name)).toBe(value);
});
