import { describe, expect, test } from "vitest";
import { parseHours } from "../../src/configuration/hours.ts";
import { CSV, read, YAML } from "./small.ts";

const catalogue = (yaml: string) => {
  const found = read(yaml, CSV);
  if (!found.ok) throw new Error(JSON.stringify(found.faults));
  return found.catalogue;
};

describe("the catalogue", () => {
  test("IDH-1 an application is read with its owners, fulfillers, form, account and entitlements", () => {
    expect(catalogue(YAML).applications).toEqual([
      {
        ...{ id: "crm", name: "CRM", description: "", keywords: [], kind: "disconnected", businessOwner: "E1", technicalOwner: "E2" },
        ...{ fulfillers: { kind: "group", group: "desk" }, policy: "standard", requestableBy: { department: ["Sales"] } },
        ...{ risk: "low", maxDuration: null, instructions: { create: "Do it.", update: "Do it." }, notify: null, slackChannel: null },
        serviceLevel: {
          fulfilWithin: { kind: "working-hours", hours: 8 },
          visible: "at_approval",
          leadTime: null,
          remind: null,
          escalate: null,
        },
        form: [{ id: "region", label: "Region", type: "choice", options: ["EMEA", "AMER"], required: true, hint: null, maxLength: null }],
        account: { login: "{{ person.email }}", type: "standard", attributes: [{ name: "Region", value: "{{ form.region }}" }] },
        entitlements: [
          {
            ...{ id: "admin", name: "Administrator", description: "", policy: "privileged", risk: "high", accountType: null },
            maxDuration: { kind: "elapsed", seconds: 2_592_000 },
            instructions: null,
          },
        ],
      },
    ]);
  });

  test("people are named by e-mail address in any letters or by HR id, and kept by HR id", () => {
    const groups = catalogue(YAML.replace("[ana@acme.example, E2,", "[ANA@Acme.Example, E2, bo@acme.example,")).groups;
    expect(groups).toEqual([
      { id: "desk", name: "desk", members: ["E1", "E2", "E3"], calendar: null, slackChannel: "it-desk", notify: null },
    ]);
    expect(catalogue(YAML.replace("fulfillers: { group: desk }", "fulfillers: bo@acme.example")).applications[0]!.fulfillers).toEqual({
      kind: "person",
      person: "E2",
    });
  });

  test("what is left out has its default", () => {
    const { applications, settings } = catalogue(
      YAML.replace("    kind: disconnected\n", "")
        .replace(/ {4}account:\n.*\n.*\n/, "")
        .replace(/ {4}entitlements:\n.*\n/, "")
        .replace("administrators: { group: desk }\n", ""),
    );
    expect(applications[0]).toMatchObject({
      kind: "disconnected",
      entitlements: [],
      account: { login: "{{ person.email }}", type: "standard" },
    });
    expect(settings).toEqual({
      homes: [{ platform: "slack", id: "T0ACME", trustEmail: true }],
      administrators: null,
      fallbackApprovers: null,
    });
  });

  test("IDH-9 instructions are one text for every order, or one for a new account and one to add to an account; an entitlement has its own", () => {
    const instructions = (written: string) => catalogue(YAML.replace("instructions: Do it.", written)).applications[0]!.instructions;
    expect(instructions("instructions: { create: Make it., add: Open it. }")).toEqual({ create: "Make it.", update: "Open it." });
    expect(instructions("instructions: { add: Open it. }")).toEqual({ create: "", update: "Open it." });
    const own = catalogue(YAML.replace("max_duration: 30 days }", "max_duration: 30 days, instructions: Tick it. }"));
    expect(own.applications[0]!.entitlements[0]!.instructions).toBe("Tick it.");
  });

  test("an entitlement without a risk has its application's", () => {
    const { applications } = catalogue(YAML.replace("    kind: disconnected\n", "    risk: medium\n").replace("risk: high, ", ""));
    expect(applications[0]!.entitlements[0]!.risk).toBe("medium");
  });

  test("one value of a rule may stand without brackets", () => {
    expect(catalogue(YAML.replace("[Sales]", "Sales")).applications[0]!.requestableBy).toEqual({ department: ["Sales"] });
  });

  test("a workspace's accounts prove nothing by their e-mail address unless that is said", () => {
    expect(catalogue(YAML.replace(", trust_email: true", "")).settings.homes).toEqual([
      { platform: "slack", id: "T0ACME", trustEmail: false },
    ]);
  });

  test("stages are laid out as one row of steps; once holds for a policy, and for a stage before it", () => {
    const stages =
      "stages: [{ steps: [{ approvers: manager }, { approvers: { group: desk }, needed: 2 }] }, { steps: [{ approvers: manager }], once: true }]";
    const steps = (written: string) =>
      catalogue(YAML.replace("stages:\n      - steps: [{ approvers: manager }]", written)).policies[0]!.steps;
    expect(steps(stages)).toEqual([
      { approvers: { kind: "manager" }, needed: 1, once: false },
      { approvers: { kind: "group", group: "desk" }, needed: 2, once: false },
      { approvers: { kind: "manager" }, needed: 1, once: true },
    ]);
    const other = stages.replace("once: true", "once: false");
    expect(steps(`once: true\n    ${other}`).map((step) => step.once)).toEqual([true, true, false]);
  });

  test("OIM-3 a policy's clocks are read with their defaults; left out, they are off", () => {
    const clocks = (written: string) => catalogue(YAML.replace("- id: standard\n", `- id: standard\n${written}`)).policies[0]!;
    expect(clocks("")).toMatchObject({ remind: null, escalate: null, expireAfter: null });
    expect(clocks("    remind: { after: 4 hours }\n").remind).toEqual({
      ...{ after: { kind: "elapsed", seconds: 14_400 }, every: { kind: "elapsed", seconds: 14_400 }, grow: 1, atMost: 3 },
    });
    const all = `    remind: { after: 1 working day, every: 8 working hours, grow: 2, at_most: 5 }
    escalate: { after: 3 working days, to: [manager_of_approver, business_owner, technical_owner, administrators, E2, ana@acme.example, { group: desk }] }
    expire_after: 14 days
`;
    expect(clocks(all)).toMatchObject({
      remind: { after: { kind: "working-days", days: 1 }, every: { kind: "working-hours", hours: 8 }, grow: 2, atMost: 5 },
      escalate: {
        after: { kind: "working-days", days: 3 },
        to: [
          ...[{ kind: "manager" }, { kind: "business-owner" }, { kind: "technical-owner" }, { kind: "administrators" }],
          ...[
            { kind: "person", person: "E2" },
            { kind: "person", person: "E1" },
            { kind: "group", group: "desk" },
          ],
        ],
      },
      expireAfter: { kind: "elapsed", seconds: 1_209_600 },
    });
  });

  test("OIM-3 a service level's clocks are its own; a rung that stands twice is climbed once", () => {
    const own =
      "8 working hours, remind: { after: 4 working hours }, escalate: { after: 1 day, to: [manager_of_fulfiller, manager_of_approver, E1] }";
    expect(catalogue(YAML.replace("8 working hours", own)).applications[0]!.serviceLevel).toMatchObject({
      remind: { after: { kind: "working-hours", hours: 4 }, atMost: 3 },
      escalate: { after: { kind: "elapsed", seconds: 86_400 }, to: [{ kind: "manager" }, { kind: "person", person: "E1" }] },
    });
  });

  test("a calendar's hours are read into openings", () => {
    const [berlin] = catalogue(YAML).calendars;
    expect(berlin!.openings).toEqual([1, 2, 3, 4, 5].map((day) => ({ day, from: 540, until: 1050 })));
  });

  test("parts that are not built yet are checked and kept as written", () => {
    const later = `
access_profiles: [{ id: starter, name: Starter, items: [{ application: crm, entitlements: [admin] }], policy: standard }]
roles: [{ id: seller, name: Seller, when: { department: Sales }, profiles: [starter] }]
segregation: [{ id: two, name: Two, left: [{ application: crm }], right: [{ application: crm, entitlements: [admin] }] }]
`;
    const yaml = YAML.replace(
      "slack_channel: it-desk",
      "rota: { every: 1 week, start: 2026-01-05, on_duty: 1 }, teams_channel: IT Desk",
    ).replace("trust_email: true }]", "trust_email: true }], teams: [{ tenant_id: 0A000000-0000-0000-0000-00000000000f }]");
    const found = catalogue(yaml + later);
    expect(Object.keys(found.later)).toEqual(["access_profiles", "roles", "segregation"]);
    expect(found.settings.homes[1]).toEqual({ platform: "teams", id: "0a000000-0000-0000-0000-00000000000f", trustEmail: false });
  });
});

describe("the digest", () => {
  const digest = (yaml: string, csv = CSV) => {
    const found = read(yaml, csv);
    return found.ok && found.digest;
  };

  test("is the same for other comments, spacing, order of keys and order of people", () => {
    const yaml = `# Comment\n${YAML.replace("{ id: desk, members:", "{ members:").replace("slack_channel: it-desk", "slack_channel:   'it-desk', id: desk")}`;
    const [heading, first, ...others] = CSV.trimEnd().split("\n");
    expect(digest(yaml, `${[heading, ...others, first].join("\n")}\n\n`)).toBe(digest(YAML));
    expect(digest(YAML)).toMatch(/^[0-9a-f]{64}$/);
  });

  test.each([
    ["a word of the instructions", YAML.replace("Do it.", "Do that."), CSV],
    ["an order of approval", YAML.replace("policy: standard", "policy: privileged"), CSV],
    ["a person's manager", YAML, CSV.replace("Di,E1", "Di,E3")],
    ["a chat account", YAML, CSV.replace("active,,,,C2", "active,,U0BO,,C2")],
  ])("is another one after a change of %s", (_, yaml, csv) => {
    expect(digest(yaml, csv)).toMatch(/^[0-9a-f]{64}$/);
    expect(digest(yaml, csv)).not.toBe(digest(YAML));
  });
});

describe("notes", () => {
  const notes = (yaml: string, csv = CSV) => {
    const found = read(yaml, csv);
    return found.ok ? found.notes.map(({ line, column, message }) => [line, column, message]) : found.faults;
  };

  test("a connector that isn't built yet is noted, and its orders are done by hand", () => {
    expect(notes(YAML.replace("kind: disconnected", "kind: scim"))).toEqual([
      [17, 11, '"scim": until its connector is built, the orders of CRM are done by hand'],
    ]);
  });

  test("somebody who has left stops nothing, since people.csv changes daily, but is noted wherever they are named", () => {
    const left = "Bo (bo@acme.example) has left and can't act here: name somebody else";
    const found = notes(YAML, CSV.replace("Berlin,,,active,,,,C2", "Berlin,,,left,,,,C2"));
    expect(found).toEqual([
      [6, 26, left],
      [
        13,
        7,
        'policy "privileged" needs 2 of group "desk", which has 2 active: when one of them asks, fallback_approvers decide; add a member',
      ],
      [19, 22, left],
    ]);
  });

  test("a value that nobody has is noted with the one that was probably meant", () => {
    expect(notes(YAML.replace("[Sales]", "[Sales, Slaes, Marketing]"))).toEqual([
      [22, 43, 'nobody has department "Slaes": did you mean "Sales"?'],
      [22, 50, 'nobody has department "Marketing"'],
    ]);
  });

  test("missing instructions, and templates in instructions, are noted", () => {
    expect(notes(YAML.replace("    instructions: Do it.\n", ""))).toMatchObject([
      [15, 5, expect.stringContaining("CRM has no instructions")],
    ]);
    const shown = expect.stringContaining("shown as written");
    expect(notes(YAML.replace("Do it.", '"Enter {{ person.email }}"'))).toMatchObject([[29, 19, shown]]);
    expect(notes(YAML.replace("Do it.", '{ create: Do it., add: "Open {{ person.email }}" }'))).toMatchObject([[29, 19, shown]]);
    expect(notes(YAML.replace("30 days }", '30 days, instructions: "Tick {{ form.region }}" }'))).toMatchObject([[31, 112, shown]]);
  });

  test("an order for which nothing says what to do is noted", () => {
    expect(notes(YAML.replace("Do it.", "{ create: Do it. }"))).toMatchObject([
      [29, 19, expect.stringContaining("nothing says how to add an entitlement to an account in CRM")],
    ]);
    expect(notes(YAML.replace("Do it.", "{ add: Do it. }"))).toMatchObject([
      [29, 19, expect.stringContaining("nothing says how to create an account in CRM")],
    ]);
    const own = YAML.replace("Do it.", "{ create: Do it. }").replace("30 days }", "30 days, instructions: Tick it. }");
    expect(notes(own)).toEqual([]);
  });
});

describe("hours", () => {
  test("are read day by day", () => {
    expect(parseHours("Sat 10:00-14:00, Thu-Fri 09:00-13:00, Fri 14:00-24:00")).toEqual({
      ok: true,
      openings: [
        { day: 4, from: 540, until: 780 },
        { day: 5, from: 540, until: 780 },
        { day: 5, from: 840, until: 1440 },
        { day: 6, from: 600, until: 840 },
      ],
    });
  });

  test.each([
    "",
    "Mon",
    "Mon 9:00-17:00",
    "Mon-Fri 09:00-24:01",
    "Mon 08:60-09:00",
    "Mon 25:00-26:00",
    "Mo 09:00-17:00",
    "Fri-Mon 09:00-17:00",
    "Mon 17:00-09:00",
    "Mon 09:00-09:00",
    "Mon-Wed 09:00-17:00, Tue 16:00-18:00",
    "Mon 09:00-17:00,,",
  ])("%j are none", (text) => {
    expect(parseHours(text).ok).toBe(false);
  });
});
