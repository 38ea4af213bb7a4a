import { expect, test } from "vitest";
import type { Application, Policy } from "../../src/domain/catalogue.ts";
import { holdersOf, openTask } from "../../src/domain/line.ts";
import { peopleOf, stepsAhead } from "../../src/domain/steps-ahead.ts";
import { acme, application, ask, but, byGroup, byManager, type Company, candidatesOf, entitlement, noon, policy } from "./situation.ts";

interface Wish {
  readonly company?: Company;
  readonly application?: Application;
  readonly policies?: Readonly<Record<string, Policy>>;
  readonly requester?: string;
  readonly beneficiary?: string;
  readonly items?: readonly (string | null)[];
}

function ahead({
  company = acme,
  application: wanted = application(),
  requester = "rita",
  beneficiary = requester,
  items = [null],
  ...it
}: Wish = {}) {
  const who = (id: string) => company.people[id]!;
  return stepsAhead(wanted, items, {
    actor: who(requester),
    beneficiary: who(beneficiary),
    policies: { standard: policy(byManager, byGroup(2)), ...it.policies },
    candidates: candidatesOf(company, wanted, beneficiary),
    now: noon,
  });
}

test("the steps stand in the policy's order with who will be asked, then who does the work", () => {
  expect(ahead()).toMatchObject([
    {
      items: [null],
      steps: [
        { asked: { assignees: [{ person: "max", because: "manager" }], fellBack: null }, enough: true },
        { asked: { assignees: [{ group: "approvers", members: ["ines", "omar", "uma"] }], fellBack: null }, enough: true },
      ],
      setup: { assignees: [{ group: "hands", members: ["lena", "lou"] }], fellBack: null },
    },
  ]);
});

test("items under one policy go one way; a policy of its own is another", () => {
  const crm = application({
    entitlements: [entitlement("reports"), entitlement("export"), entitlement("admin", { policy: "privileged" })],
  });
  const privileged = { ...policy(byGroup(1)), id: "privileged" };
  const ways = ahead({ application: crm, policies: { privileged }, items: ["reports", "admin", "export", "no-such"] });
  expect(ways.map(({ items, steps }) => [items, steps.length])).toEqual([
    [["reports", "export"], 2],
    [["admin"], 1],
  ]);
});

test("ASK-18: the ways are the beneficiary's, and neither party stands in them", () => {
  const byMax = ahead({ requester: "max", beneficiary: "rita" });
  expect(byMax[0]?.steps[0]?.asked).toMatchObject({
    assignees: [{ person: "cleo", because: "manager-of-manager" }],
    fellBack: "own-request",
  });
  const ofGroup = ahead({ requester: "ines", beneficiary: "omar" });
  expect(peopleOf(ofGroup[0]?.steps[1]?.asked.assignees ?? [])).not.toContain("ines");
  expect(peopleOf(ofGroup[0]?.steps[1]?.asked.assignees ?? [])).not.toContain("omar");
  expect(peopleOf(ofGroup[0]?.steps[1]?.asked.assignees ?? [])).toContain("uma");
});

test("whoever can't act is replaced before anything is sent, and what nobody can decide is told", () => {
  const nobody = but(acme, { ines: "left", omar: "leave", uma: "left", lena: "left", lou: "leave" });
  expect(ahead({ company: nobody })[0]).toMatchObject({
    steps: [{}, { asked: { assignees: [{ person: "bo" }, { person: "tom" }], fellBack: "not-active" }, enough: true }],
    setup: { assignees: [{ person: "tom", because: "technical-owner" }], fellBack: "not-active" },
  });
  const lonely = { ...but(nobody, { bo: "left", tom: "left" }), administrators: [] };
  expect(ahead({ company: lonely })[0]?.steps.map(({ enough }) => enough)).toEqual([true, false]);
});

test("what is shown ahead is what is asked once it is filed", () => {
  for (const [requester, beneficiary] of [
    ["rita", "rita"],
    ["max", "rita"],
    ["stan", "ines"],
    ["max", "max"],
  ] as const) {
    const filed = ask({ requester, beneficiary, steps: [byManager, byGroup(2)] });
    if (!filed.ok) throw new Error(filed.refusal.name);
    const line = filed.value[0]?.line;
    const task = line && openTask(line);
    const shown = ahead({ requester, beneficiary })[0]?.steps[0]?.asked.assignees ?? [];
    expect(task && line && holdersOf(line, task)).toEqual(peopleOf(shown));
    expect(task?.assignees.map(({ because }) => because)).toEqual(shown.map(({ because }) => because));
  }
});
