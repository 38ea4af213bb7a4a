import { describe, expect, test } from "vitest";
import type { Application } from "../../src/domain/catalogue.ts";
import type { Routing } from "../../src/domain/routing.ts";
import { approversOf, fulfillersOf, reviewersOf } from "../../src/domain/routing.ts";
import { acme, application, but, byGroup, byManager, type Company, candidatesOf, given, person, toPerson } from "./situation.ts";

interface Asked {
  readonly company?: Company;
  readonly step?: typeof byManager;
  readonly requester?: string;
  readonly beneficiary?: string;
}

/** Who is asked, as `because: person` or `because: group of members`. */
function says(routing: Routing): readonly string[] {
  return [
    ...routing.assignees.map((one) => `${one.because}: ${one.kind === "person" ? one.person : `${one.group} of ${one.members.join(" ")}`}`),
    ...(routing.fellBack ? ["instead"] : []),
  ];
}

function asked({ company = acme, step = byManager, beneficiary = "rita", requester = beneficiary }: Asked = {}): readonly string[] {
  const line = { ...given().line, requester, beneficiary };
  return says(approversOf(line, step, candidatesOf(company, line.application, beneficiary)));
}

test("the beneficiary's manager is asked", () => {
  expect(asked()).toEqual(["manager: max"]);
});

test.each(["leave", "left", "future"] as const)("a manager who is on %s gives way to the manager's manager", (state) => {
  expect(asked({ company: but(acme, { max: state }) })).toEqual(["manager-of-manager: cleo", "instead"]);
});

test("a manager who asks for somebody of the team doesn't decide it", () => {
  expect(asked({ requester: "max", beneficiary: "rita" })).toEqual(["manager-of-manager: cleo", "instead"]);
});

test("after two managers nobody further up is asked, but the fallback", () => {
  const people = { ...acme.people, cleo: person("cleo", { managerId: "gil" }), gil: person("gil") };
  expect(asked({ company: but({ ...acme, people }, { max: "left", cleo: "left" }) })).toEqual(["business-owner: bo", "instead"]);
});

test("somebody at the top, or their own manager, is decided by the fallback", () => {
  expect(asked({ beneficiary: "cleo" })).toEqual(["business-owner: bo", "instead"]);
  const own = { ...acme, people: { ...acme.people, cleo: person("cleo", { managerId: "cleo" }) } };
  expect(asked({ company: own, beneficiary: "cleo" })).toEqual(["business-owner: bo", "instead"]);
});

test("two who manage each other never decide for themselves", () => {
  const people = { ...acme.people, max: person("max", { managerId: "rita" }) };
  const company = but({ ...acme, people }, { max: "left" });
  expect(asked({ company })).toEqual(["business-owner: bo", "instead"]);
});

test("a group is asked as a group, without requester and beneficiary", () => {
  expect(asked({ step: byGroup(1) })).toEqual(["group: approvers of ines omar uma"]);
  expect(asked({ step: byGroup(2), requester: "omar", beneficiary: "rita" })).toEqual(["group: approvers of ines uma"]);
  expect(asked({ step: byGroup(1), requester: "omar", beneficiary: "ines" })).toEqual(["group: approvers of uma"]);
});

test("a group with too few who can act gets the fallback beside it, as many as are missing", () => {
  const company = but(acme, { ines: "left", omar: "leave" });
  expect(asked({ company, step: byGroup(2) })).toEqual(["group: approvers of uma", "business-owner: bo", "instead"]);
  expect(asked({ company, step: byGroup(3) })).toEqual([
    "group: approvers of uma",
    "business-owner: bo",
    "technical-owner: tom",
    "instead",
  ]);
  expect(asked({ company: but(company, { uma: "future" }), step: byGroup(1) })).toEqual(["business-owner: bo", "instead"]);
  expect(asked({ step: byGroup(1, "nobody") })).toEqual(["business-owner: bo", "instead"]);
});

test("who stands in the group isn't asked a second time as the fallback", () => {
  const company = { ...acme, groups: { approvers: ["bo"] } };
  expect(asked({ company, step: byGroup(2) })).toEqual(["group: approvers of bo", "technical-owner: tom", "instead"]);
});

test("the fallback is business owner, then technical owner, then administrators: the first who can act", () => {
  const without = (...gone: readonly string[]) =>
    asked({ company: but(acme, Object.fromEntries(["max", "cleo", ...gone].map((id) => [id, "left" as const]))) });
  expect(without()).toEqual(["business-owner: bo", "instead"]);
  expect(without("bo")).toEqual(["technical-owner: tom", "instead"]);
  expect(without("bo", "tom")).toEqual(["administrator: adam", "instead"]);
  expect(without("bo", "tom", "adam")).toEqual(["instead"]);
});

test("fallback_approvers replace the owners; the administrators stay last", () => {
  const company = but({ ...acme, fallback: ["stan", "uma"] }, { max: "left", cleo: "left" });
  expect(asked({ company })).toEqual(["fallback-approver: stan", "fallback-approver: uma", "instead"]);
  expect(asked({ company: but(company, { stan: "leave" }) })).toEqual(["fallback-approver: uma", "instead"]);
  expect(asked({ company: but(company, { stan: "leave", uma: "left" }) })).toEqual(["administrator: adam", "instead"]);
  expect(asked({ company: { ...company, fallback: [] } })).toEqual(["administrator: adam", "instead"]);
});

test("the fallback leaves out requester and beneficiary on every rung", () => {
  const company = { ...but(acme, { max: "left", cleo: "left" }), administrators: ["adam", "stan"] };
  const own = (requester: string) => asked({ company, requester, beneficiary: "rita" });
  expect(own("bo")).toEqual(["technical-owner: tom", "instead"]);
  const ownersGone = but(company, { bo: "left", tom: "left" });
  expect(asked({ company: ownersGone, requester: "adam", beneficiary: "rita" })).toEqual(["administrator: stan", "instead"]);
  expect(asked({ company: { ...ownersGone, administrators: ["adam", "rita"] }, requester: "adam", beneficiary: "rita" })).toEqual([
    "instead",
  ]);
  expect(asked({ company: { ...company, fallback: ["rita", "stan"] } })).toEqual(["fallback-approver: stan", "instead"]);
});

test("the fallback is said on the line, so that an administrator hears of it", () => {
  const it = given({ company: but(acme, { max: "left" }) });
  expect(it.history.map(({ type }) => type)).toEqual(["submitted", "fallback-used", "task-opened"]);
  expect(it.history[1]).toEqual({ type: "fallback-used", step: 0, because: ["manager-of-manager"], why: "not-active" });
  expect(given().history.map(({ type }) => type)).toEqual(["submitted", "task-opened"]);
});

function hands(more: Partial<Application>, company: Company = acme): readonly string[] {
  const line = { ...given().line, application: application(more) };
  return says(fulfillersOf(line, candidatesOf(company, line.application, line.beneficiary)));
}

test("OIM-14 who does the work is read from the application's fulfillers by one rule, whatever the application", () => {
  const company = { ...acme, groups: { ...acme.groups, "wiki-admins": ["stan"], "erp-admins": ["uma", "bo"] } };
  expect(hands({ id: "crm" }, company)).toEqual(["fulfiller: hands of lena lou"]);
  expect(hands({ id: "wiki", fulfillers: { kind: "group", group: "wiki-admins" } }, company)).toEqual(["fulfiller: wiki-admins of stan"]);
  expect(hands({ id: "erp", fulfillers: { kind: "group", group: "erp-admins" } }, company)).toEqual(["fulfiller: erp-admins of uma bo"]);
  expect(hands({ id: "badge", fulfillers: toPerson("uma") }, company)).toEqual(["fulfiller: uma"]);
});

test("the work goes to those of the group who are there, then to the technical owner, then to the administrators", () => {
  expect(hands({}, but(acme, { lena: "leave" }))).toEqual(["fulfiller: hands of lou"]);
  const gone = but(acme, { lena: "leave", lou: "left" });
  expect(hands({}, gone)).toEqual(["technical-owner: tom", "instead"]);
  expect(hands({ fulfillers: toPerson("lena") }, gone)).toEqual(["technical-owner: tom", "instead"]);
  expect(hands({}, but(gone, { tom: "left" }))).toEqual(["administrator: adam", "instead"]);
  expect(hands({}, but(gone, { tom: "left", adam: "left" }))).toEqual(["instead"]);
});

test("an error is looked into by the technical owner, else by the administrators", () => {
  const reviewers = (company: Company) => says(reviewersOf(candidatesOf(company, application(), "rita")));
  expect(reviewers(acme)).toEqual(["technical-owner: tom"]);
  expect(reviewers(but(acme, { tom: "left" }))).toEqual(["administrator: adam", "instead"]);
  expect(reviewers(but(acme, { tom: "left", adam: "leave" }))).toEqual(["instead"]);
});

describe("why others are asked than those named", () => {
  const why = (company: Company, { step = byManager, beneficiary = "rita" }: Asked = {}) => {
    const line = { ...given().line, requester: beneficiary, beneficiary };
    return approversOf(line, step, candidatesOf(company, line.application, beneficiary)).fellBack;
  };
  const group = (members: readonly string[], more: Partial<Company> = {}): Company => ({
    ...acme,
    groups: { approvers: members },
    ...more,
  });

  test.each<[string, string | null, Company, Asked | undefined]>([
    ["the manager is there", null, acme, undefined],
    ["there is no manager", "none", acme, { beneficiary: "cleo" }],
    ["the group has nobody", "none", group([]), { step: byGroup(1) }],
    ["there is no such group", "none", acme, { step: byGroup(1, "nobody") }],
    ["the group is the beneficiary alone", "own-request", group(["rita"]), { step: byGroup(1) }],
    ["everybody else in the group is away", "not-active", but(group(["rita", "ines"]), { ines: "leave" }), { step: byGroup(1) }],
    [
      "everybody else in the group can't be reached",
      "not-reachable",
      group(["rita", "ines"], { unreachable: ["ines"] }),
      { step: byGroup(1) },
    ],
    [
      "one is away and one can't be reached",
      "not-reachable",
      but(group(["ines", "omar"], { unreachable: ["omar"] }), { ines: "leave" }),
      { step: byGroup(1) },
    ],
    [
      "who can't be reached is away as well",
      "not-active",
      but(group(["ines"], { unreachable: ["ines"] }), { ines: "leave" }),
      { step: byGroup(1) },
    ],
    ["too few of the group are there", "too-few", but(acme, { ines: "leave", omar: "leave" }), { step: byGroup(2) }],
    ["one manager can't give two approvals", "too-few", acme, { step: { ...byManager, needed: 2 } }],
  ])("%s: %s", (_, cause, company, asking) => {
    expect(why(company, asking)).toBe(cause);
  });
});
