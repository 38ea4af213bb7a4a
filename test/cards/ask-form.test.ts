import { describe, expect, test } from "vitest";
import { answersOfLine, asksDate, submissionOf } from "../../src/cards/ask-answers.ts";
import { askForm } from "../../src/cards/ask-form.ts";
import type { Answers, Field, Form } from "../../src/cards/form.ts";
import type { Application, Entitlement } from "../../src/domain/catalogue.ts";
import type { AskedFor, AskView } from "../../src/domain/views.ts";
import { en } from "../../src/texts/en.ts";
import {
  aLine,
  approvers,
  askViewOf,
  directory,
  groupStep,
  manager,
  managerStep,
  reportBuilder,
  salesforce,
  systemAdministrator,
} from "./fixtures.ts";
import { fieldOf, saidIn } from "./reading.ts";

type Chosen = NonNullable<AskView["chosen"]>;

const view = askViewOf;

function chosen(more: Partial<Chosen> = {}, rest: Partial<AskView> = {}): AskView {
  const base = { application: salesforce, held: [], asked: [], login: null, open: true, ahead: [], directory };
  return view({ chosen: { ...base, ...more }, ...rest });
}

const siti: AskedFor = {
  id: "siti",
  name: "Siti Rahman",
  email: "siti@acme.example",
  title: "Payroll",
  department: "Finance",
  self: false,
  active: true,
};

function form(of: AskView, answers: Answers = {}): Form {
  return askForm(of, en, answers);
}

function choicesOf(field: Field): readonly string[] {
  return field.type === "choice" || field.type === "choices" ? field.choices.map(({ label }) => label) : [];
}

function initialOf(field: Field): unknown {
  return "initial" in field ? field.initial : undefined;
}

describe("before an application is chosen", () => {
  test("only the application is asked for, for oneself, and choosing it draws the form anew", () => {
    const drawn = form(view());
    expect(drawn.fields.map(({ id }) => id)).toEqual(["for", "application"]);
    expect(fieldOf(drawn, "for")).toMatchObject({ type: "search", redraws: true, initial: [{ value: "ana", label: "Ana Ruiz (you)" }] });
    expect(fieldOf(drawn, "application")).toMatchObject({ type: "search", many: false, redraws: true, required: true, initial: [] });
    expect(drawn.purpose).toEqual({ kind: "ask", words: "", application: null, beneficiary: null });
  });

  test("words that fit nothing are said with what to do", () => {
    expect(saidIn(form(view({ words: "xyz%_\\" })))).toBe('Nothing fits "xyz%_\\". Try another word.');
  });

  test("a typing error is answered with what was probably meant", () => {
    const near = [{ id: "salesforce", name: "Salesforce" }];
    expect(saidIn(form(view({ words: "slaesforce", near })))).toBe('Nothing fits "slaesforce". Did you mean Salesforce?');
    const two = [...near, { id: "s2", name: "Salesloft" }];
    expect(saidIn(form(view({ words: "salesfoft", near: two })))).toBe('Nothing fits "salesfoft". Did you mean Salesforce or Salesloft?');
  });

  test("what is there and closed is named, with whom to ask", () => {
    const barred = [{ name: "Payroll", owner: "Bo Berg" }];
    expect(saidIn(form(view({ words: "payroll", barred })))).toBe("There is Payroll, but it is not open to you: ask Bo Berg.");
    expect(saidIn(form(view({ words: "payroll", barred, beneficiary: siti })))).toContain("not open to Siti Rahman: ask Bo Berg.");
    expect(saidIn(form(view({ words: "payroll", barred: [{ name: "Payroll", owner: null }] })))).toContain(
      "ask an administrator of Latchkey.",
    );
  });

  test("words that fit several are said with their names", () => {
    const matches = ["Salesforce", "HubSpot"].map((name) => ({ id: name, name }));
    expect(saidIn(form(view({ words: "crm", matches })))).toBe('"crm" fits Salesforce and HubSpot. Choose one.');
  });

  test("many matches are named in part", () => {
    const matches = ["A", "B", "C", "D", "E", "F", "G"].map((name) => ({ id: name, name }));
    expect(saidIn(form(view({ words: "a", matches })))).toBe('"a" fits A, B, C, D and 3 more. Choose one.');
  });
});

describe("once an application is chosen", () => {
  test("entitlements, reason, time and the application's own fields are asked for, in this order", () => {
    const drawn = form(chosen());
    expect(drawn.fields.map(({ id }) => id)).toEqual([
      "for",
      "application",
      "entitlements",
      "justification",
      "until",
      "form.region",
      "form.territory",
    ]);
    expect(initialOf(fieldOf(drawn, "application"))).toEqual([{ value: "salesforce", label: "Salesforce", description: null }]);
    expect(fieldOf(drawn, "form.region")).toMatchObject({ type: "choice", label: "Sales region", required: true });
    expect(fieldOf(drawn, "form.territory")).toMatchObject({ type: "line", hint: "For example DACH", most: 60, required: false });
    expect(drawn.purpose).toEqual({ kind: "ask", words: "", application: "salesforce", beneficiary: null });
  });

  test("ASK-24 risk and limit stand before an entitlement's description", () => {
    const field = fieldOf(form(chosen()), "entitlements");
    expect(field.type === "choices" && field.choices.map(({ description }) => description)).toEqual([
      "Create reports and dashboards",
      "High risk, at most 30 days. Everything: users, settings, all data",
    ]);
  });

  test("what is held or asked for is left out and said", () => {
    const drawn = form(chosen({ held: [null, "report-builder"], asked: [{ entitlement: "admin", number: 12 }], login: null }));
    expect(drawn.fields.some(({ id }) => id === "entitlements")).toBe(false);
    expect(saidIn(drawn)).toContain("You have Report builder. Already asked: System administrator (request 12).");
  });

  test("while a request brings the account along, the account alone isn't offered, and the form says why", () => {
    const drawn = form(chosen({ asked: [{ entitlement: "admin", number: 3 }] }));
    expect(saidIn(drawn)).toContain("Already asked: System administrator (request 3). The account comes with request 3.");
    expect(fieldOf(drawn, "entitlements")).toMatchObject({ required: true, hint: null });
  });

  test("who has an account must choose an entitlement; who has none may ask for the account alone", () => {
    expect(fieldOf(form(chosen({ login: "aruiz" })), "entitlements")).toMatchObject({ required: true, hint: null });
    expect(saidIn(form(chosen({ login: "aruiz" })))).toBe("You have the account aruiz.");
    expect(fieldOf(form(chosen({ asked: [{ entitlement: null, number: 7 }] })), "entitlements")).toMatchObject({ required: true });
    expect(fieldOf(form(chosen()), "entitlements")).toMatchObject({ required: false, hint: "Leave it empty to get an account only." });
  });

  test("when nothing is left to ask for, the form says so and asks nothing more", () => {
    const drawn = form(chosen({ held: ["report-builder", "admin"], login: "aruiz" }));
    expect(drawn.fields.map(({ id }) => id)).toEqual(["for", "application", "standing", "nothing"]);
    expect(saidIn(drawn)).toContain("Nothing is left to ask for in Salesforce. Choose another application.");
  });

  test("up to ten entitlements are ticked, more are searched", () => {
    const many = (count: number): Application => ({
      ...salesforce,
      entitlements: Array.from({ length: count }, (_, index): Entitlement => ({ ...reportBuilder, id: `e${index}`, name: `E ${index}` })),
    });
    expect(fieldOf(form(chosen({ application: many(10) })), "entitlements").type).toBe("choices");
    const searched = fieldOf(form({ ...chosen({ application: many(11) }), entitlements: ["e3"] }), "entitlements");
    expect(searched).toMatchObject({ type: "search", many: true, initial: [{ value: "e3", label: "E 3" }] });
  });
});

describe("for how long", () => {
  test("without a limit, as long as I need it comes first and is chosen", () => {
    const field = fieldOf(form(chosen()), "until");
    expect(choicesOf(field)).toEqual([
      "As long as I need it",
      "1 day",
      "7 days",
      "30 days",
      "90 days",
      "180 days",
      "365 days",
      "Until a date...",
    ]);
    expect(initialOf(field)).toEqual(["for-good"]);
  });

  test("a limit cuts the list; the longest time stands first, is chosen, and is said", () => {
    const limited = { ...salesforce, maxDuration: { kind: "elapsed", seconds: 45 * 86_400 } } as const;
    const drawn = form(chosen({ application: limited }));
    const field = fieldOf(drawn, "until");
    expect(choicesOf(field)).toEqual(["As long as possible (45 days)", "1 day", "7 days", "30 days", "Until a date..."]);
    expect(initialOf(field)).toEqual(["for-good"]);
    expect(saidIn(drawn)).toBe("Salesforce: at most 45 days.");
  });

  test("an entitlement with a limit of its own draws the form anew; what has no limit keeps the time that was chosen, and the form says so", () => {
    expect(fieldOf(form(chosen()), "entitlements")).toMatchObject({ redraws: true });
    const both = form(chosen(), { entitlements: ["report-builder", "admin"], until: "for-good" });
    expect(initialOf(fieldOf(both, "until"))).toEqual(["for-good"]);
    expect(choicesOf(fieldOf(both, "until"))[0]).toBe("As long as I need it");
    expect(saidIn(both)).toBe("System administrator: at most 30 days. Everything else: for as long as it is needed.");
    const longer = form(chosen(), { entitlements: ["report-builder", "admin"], until: "days:90" });
    expect(saidIn(longer)).toBe("System administrator: at most 30 days. Everything else: 90 days.");
    expect(saidIn(form(chosen(), { entitlements: ["report-builder", "admin"], until: "days:7" }))).toBe("");
    expect(saidIn(form(chosen(), { entitlements: ["report-builder"], until: "for-good" }))).toBe("");
  });

  test("a limit that comes and goes never turns days into as long as I need it", () => {
    const limited = form(chosen(), { entitlements: ["admin"], until: "days:90" });
    expect(initialOf(fieldOf(limited, "until"))).toEqual(["days:30"]);
    expect(choicesOf(fieldOf(limited, "until"))).toEqual([
      "As long as possible (30 days)",
      "1 day",
      "7 days",
      "30 days",
      "Until a date...",
    ]);
    expect(initialOf(fieldOf(form(chosen(), { entitlements: ["report-builder"], until: "days:30" }), "until"))).toEqual(["days:30"]);
  });

  test("a choice that the limit still allows is kept", () => {
    expect(initialOf(fieldOf(form(chosen(), { entitlements: ["admin"], until: "days:7" }), "until"))).toEqual(["days:7"]);
  });

  test("until a date asks for the date, and another choice asks no more", () => {
    const dated = form({ ...chosen(), asksDate: true }, { until: "date", until_date: "2027-01-31" });
    expect(fieldOf(dated, "until_date")).toMatchObject({ type: "date", required: true, initial: "2027-01-31" });
    expect(form(chosen(), { until: "days:7" }).fields.some(({ id }) => id === "until_date")).toBe(false);
    expect(asksDate({ until: "date" })).toBe(true);
    expect(asksDate({ until: "days:7" })).toBe(false);
  });

  test("a limit of less than a day leaves only the date", () => {
    const brief = { ...salesforce, entitlements: [], maxDuration: { kind: "elapsed", seconds: 3600 } } as const;
    expect(choicesOf(fieldOf(form(chosen({ application: brief })), "until"))).toEqual(["Until a date..."]);
  });
});

describe("for somebody else", () => {
  test("ASK-18: the form says whose access it is, and keeps their login to itself", () => {
    const drawn = form(chosen({ login: "srahman", held: [null, "report-builder"] }, { beneficiary: siti }));
    expect(fieldOf(drawn, "for")).toMatchObject({ initial: [{ value: "siti", label: "Siti Rahman", description: "Payroll, Finance" }] });
    expect(fieldOf(drawn, "for")).toMatchObject({ hint: "Siti Rahman gets the access, and you are both told. Neither of you decides." });
    expect(saidIn(drawn)).toBe("Siti Rahman has an account there. Siti Rahman has Report builder.");
    expect(JSON.stringify(drawn)).not.toContain("srahman");
    expect(fieldOf(drawn, "justification")).toMatchObject({ label: "Why does Siti Rahman need it?" });
    expect(choicesOf(fieldOf(drawn, "until"))[0]).toBe("As long as needed");
    expect(drawn.purpose).toMatchObject({ application: "salesforce", beneficiary: "siti" });
  });

  test("ASK-18: who isn't active is said to be so at once", () => {
    const gone = form(chosen({}, { beneficiary: { ...siti, active: false } }));
    expect(saidIn(gone)).toBe("Siti Rahman is not listed as active, so nothing can be asked for them. Choose somebody else.");
  });

  test("an application that isn't open to the new person stays with all that was typed, and is said to be closed", () => {
    const drawn = form(chosen({ open: false }, { beneficiary: siti }), { justification: "Forecasts", "form.territory": "DACH" });
    expect(saidIn(drawn)).toContain("Salesforce can't be asked for, for Siti Rahman.");
    expect(initialOf(fieldOf(drawn, "justification"))).toBe("Forecasts");
    expect(initialOf(fieldOf(drawn, "form.territory"))).toBe("DACH");
    expect(initialOf(fieldOf(form(view(), { justification: "Forecasts" }), "justification"))).toBe("Forecasts");
  });
});

describe("what lies ahead", () => {
  const setup = { assignees: [], fellBack: null } as const;
  const byManager = { step: managerStep, asked: { assignees: [manager], fellBack: null }, enough: true } as const;
  const byGroup = { step: groupStep(2), asked: { assignees: [approvers], fellBack: null }, enough: true } as const;
  const said = (ahead: Chosen["ahead"]) => saidIn(form(chosen({ ahead })));

  test("the steps that will decide, and who does the work, stand in their order", () => {
    expect(said([{ items: [null], steps: [byManager, byGroup], setup }])).toBe(
      "Once sent: 1. Paul Weber (manager) → 2. CRM approvers (2 of 2) → set up by Salesforce administrators",
    );
  });

  test("items that go different ways are told apart", () => {
    const ahead = [
      { items: ["report-builder"], steps: [byManager], setup },
      { items: ["admin"], steps: [byGroup], setup },
    ];
    expect(said(ahead)).toBe(
      "Report builder: 1. Paul Weber (manager) → set up by Salesforce administrators\nSystem administrator: 1. CRM approvers (2 of 2) → set up by Salesforce administrators",
    );
  });

  test("whoever stands in is named with the reason", () => {
    const tom = { kind: "person", person: "tom", because: "technical-owner" } as const;
    const lena = { kind: "person", person: "lena", because: "administrator" } as const;
    const steps = [
      { step: managerStep, asked: { assignees: [tom], fellBack: "own-request" }, enough: true },
      { step: groupStep(1), asked: { assignees: [tom, lena], fellBack: "not-active" }, enough: true },
      { step: groupStep(2), asked: { assignees: [{ ...approvers, members: ["ines"] }, tom], fellBack: "too-few" }, enough: true },
    ] as const;
    expect(said([{ items: [null], steps, setup: { assignees: [tom], fellBack: "not-active" } }])).toBe(
      "Once sent: 1. Tom Keller (technical owner), as the manager asks for it or gets it" +
        " → 2. Tom Keller (technical owner) or Lena Vogel (administrator), as nobody of CRM approvers can act" +
        " → 3. 2 of CRM approvers and Tom Keller (technical owner), as too few of CRM approvers can act" +
        " → set up by Tom Keller (technical owner), as whoever does this can't act now",
    );
  });

  test("when nobody can approve, the form says so before it is sent", () => {
    const steps = [{ step: managerStep, asked: { assignees: [], fellBack: "none" }, enough: false }] as const;
    expect(said([{ items: [null], steps, setup }])).toContain("Nobody can approve this at the moment, so it can't be sent.");
  });
});

describe("asked for again", () => {
  const old = aLine({
    entitlement: systemAdministrator,
    justification: "Quarter end",
    until: { kind: "date", date: "2027-01-31" },
    values: { region: "AMER", territory: "DACH" },
  });

  test("the form comes filled in as the line was, and says from which", () => {
    const drawn = form(chosen({}, { again: old, entitlements: ["admin"], asksDate: true }));
    const ids = ["entitlements", "justification", "until", "until_date", "form.region", "form.territory"];
    expect(ids.map((id) => initialOf(fieldOf(drawn, id)))).toEqual([["admin"], "Quarter end", ["date"], "2027-01-31", ["AMER"], "DACH"]);
    expect(saidIn(drawn)).toContain(`Filled in from request ${old.number}. Change what you like.`);
  });

  test("what is held by now is said and isn't ticked again", () => {
    const drawn = form(chosen({ held: [null, "admin"], login: "aruiz" }, { again: old, entitlements: ["admin"] }));
    expect(initialOf(fieldOf(drawn, "entitlements"))).toEqual([]);
    expect(saidIn(drawn)).toContain("You have the account aruiz. You have System administrator.");
  });

  test("every line goes back into the form and out of it as it was", () => {
    for (const until of [null, { kind: "days", days: 30 } as const, { kind: "date", date: "2027-01-31" } as const]) {
      const back = submissionOf(answersOfLine({ ...old, until }), salesforce);
      expect(back).toEqual({ entitlements: ["admin"], justification: "Quarter end", until, values: old.values });
    }
  });
});

describe("nothing that was typed is lost", () => {
  const answers: Answers = {
    entitlements: ["admin"],
    justification: "Quarterly forecast",
    until: "days:7",
    "form.region": "AMER",
    "form.territory": "DACH",
  };

  test("drawing anew keeps every answer", () => {
    const drawn = form(chosen(), answers);
    expect(
      Object.fromEntries(
        ["entitlements", "justification", "until", "form.region", "form.territory"].map((id) => [id, initialOf(fieldOf(drawn, id))]),
      ),
    ).toEqual({
      entitlements: ["admin"],
      justification: "Quarterly forecast",
      until: ["days:7"],
      "form.region": ["AMER"],
      "form.territory": "DACH",
    });
  });

  test("answers that another application's form can't take are dropped instead of breaking it", () => {
    const other = form(chosen(), { entitlements: ["gone"], "form.region": "Mars", "form.territory": ["a", "b"] });
    expect(initialOf(fieldOf(other, "entitlements"))).toEqual([]);
    expect(initialOf(fieldOf(other, "form.region"))).toEqual([]);
    expect(initialOf(fieldOf(other, "form.territory"))).toBe("");
  });
});

describe("the way back from the answers", () => {
  const own: Application = {
    ...salesforce,
    form: [
      { id: "brands", label: "Brands", type: "choices", options: ["A", "B"], required: false, hint: null, maxLength: null },
      { id: "trained", label: "Trained", type: "checkbox", options: [], required: false, hint: null, maxLength: null },
      { id: "limit", label: "Limit", type: "number", options: [], required: false, hint: null, maxLength: null },
    ],
  };

  test("answers become a submission under the field ids of the rules", () => {
    const answers: Answers = {
      application: "salesforce",
      entitlements: ["report-builder"],
      justification: "Why not",
      until: "days:90",
      "form.brands": ["A", "B"],
      "form.trained": true,
      "form.limit": null,
      "form.unknown": "x",
    };
    expect(submissionOf(answers, own)).toEqual({
      entitlements: ["report-builder"],
      justification: "Why not",
      until: { kind: "days", days: 90 },
      values: { brands: ["A", "B"], trained: true },
    });
  });

  test.each([
    ["as long as I need it", { until: "for-good" }, null],
    ["a date", { until: "date", until_date: "2027-01-31" }, { kind: "date", date: "2027-01-31" }],
    ["a date not given yet", { until: "date", until_date: null }, { kind: "date", date: "" }],
    ["nothing", {}, { kind: "days", days: 0 }],
    ["something made up", { until: "for ever" }, { kind: "days", days: 0 }],
  ])("%s is read as meant, and silence never means for good", (_, answers, until) => {
    expect(submissionOf(answers, own).until).toEqual(until);
  });

  test("every offered time is read back as itself", () => {
    const field = fieldOf(form(chosen()), "until");
    const values = field.type === "choice" ? field.choices.map(({ value }) => value) : [];
    expect(values.map((until) => submissionOf({ until, until_date: "2027-01-31" }, own).until)).toEqual([
      null,
      ...[1, 7, 30, 90, 180, 365].map((days) => ({ kind: "days", days })),
      { kind: "date", date: "2027-01-31" },
    ]);
  });

  test("one entitlement or none is understood as well", () => {
    expect(submissionOf({ entitlements: systemAdministrator.id }, own).entitlements).toEqual(["admin"]);
    expect(submissionOf({ entitlements: null }, own).entitlements).toEqual([]);
  });
});
