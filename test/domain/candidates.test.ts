import { expect, test } from "vitest";
import { type Candidates, canAct, candidate, isAdministrator } from "../../src/domain/candidates.ts";
import { person } from "./situation.ts";

const nobody: Candidates = {
  managers: [],
  groups: {},
  businessOwner: null,
  technicalOwner: null,
  fulfiller: null,
  fallback: null,
  administrators: [],
  named: {},
  managerOf: {},
  unreachable: [],
  calendars: [],
  groupCalendars: {},
};
const [ana, bo] = [person("ana"), person("bo")];

test.each<[string, Partial<Candidates>]>([
  ["a manager", { managers: [bo, ana] }],
  ["a member of a group", { groups: { a: [bo], b: [bo, ana] } }],
  ["the business owner", { businessOwner: ana, technicalOwner: bo }],
  ["the technical owner", { businessOwner: bo, technicalOwner: ana }],
  ["the fulfiller", { fulfiller: ana }],
  ["a fallback approver", { fallback: [bo, ana] }],
  ["an administrator", { administrators: [bo, ana] }],
  ["somebody's manager", { managerOf: { bo, cy: ana } }],
  ["somebody who is named", { named: { bo, ana } }],
])("%s is found among the candidates", (_, some) => {
  expect(candidate("ana", { ...nobody, ...some })).toBe(ana);
  expect(candidate("zoe", { ...nobody, ...some })).toBeNull();
});

test("among nobody, nobody is found", () => {
  expect(candidate("ana", nobody)).toBeNull();
});

test("an administrator is one of those listed, as long as they are active", () => {
  const away = person("cy", { state: "leave" });
  const administrators = [ana, bo, away];
  expect(isAdministrator("ana", { administrators })).toBe(true);
  expect(isAdministrator("bo", { administrators })).toBe(true);
  expect(isAdministrator("cy", { administrators })).toBe(false);
  expect(isAdministrator("zoe", { administrators })).toBe(false);
  expect(isAdministrator("ana", { administrators: [] })).toBe(false);
});

test("who is away or whom no card reaches can't act", () => {
  expect(canAct(ana, { unreachable: ["bo"] })).toBe(true);
  expect(canAct(bo, { unreachable: ["bo"] })).toBe(false);
  expect(canAct(person("cy", { state: "leave" }), { unreachable: [] })).toBe(false);
});
