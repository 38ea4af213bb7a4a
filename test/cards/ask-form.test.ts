import { describe, expect, test } from "vitest";
import { asksDate, submissionOf } from "../../src/cards/ask-answers.ts";
import { askForm } from "../../src/cards/ask-form.ts";
import type { Answers, Field, Form } from "../../src/cards/form.ts";
import type { Application, Entitlement } from "../../src/domain/catalogue.ts";
import type { AskView } from "../../src/domain/views.ts";
import { en } from "../../src/texts/en.ts";
import { reportBuilder, salesforce, systemAdministrator } from "./fixtures.ts";
import { fieldOf, saidIn } from "./reading.ts";

type Chosen = NonNullable<AskView["chosen"]>;

function view(more: Partial<AskView> = {}): AskView {
  return { words: "", matches: [], chosen: null, asksDate: false, entitlements: [], ...more };
}

function chosen(more: Partial<Chosen> = {}): AskView {
  return view({ chosen: { application: salesforce, held: [], asked: [], login: null, ...more } });
}

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
  test("only the application is asked for, and choosing it draws the form anew", () => {
    const drawn = form(view());
    expect(drawn.fields.map(({ id }) => id)).toEqual(["application"]);
    expect(fieldOf(drawn, "application")).toMatchObject({ type: "search", many: false, redraws: true, required: true, initial: [] });
    expect(drawn.purpose).toEqual({ kind: "ask", words: "", application: null });
  });

  test("words that fit nothing are said with what to do", () => {
    expect(saidIn(form(view({ words: "xyz%_\\" })))).toBe('Nothing fits "xyz%_\\". Try another word.');
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
    expect(drawn.purpose).toEqual({ kind: "ask", words: "", application: "salesforce" });
  });

  test("ASK-24 risk and limit stand before an entitlement's description", () => {
    const field = fieldOf(form(chosen()), "entitlements");
    expect(field.type === "choices" && field.choices.map(({ description }) => description)).toEqual([
      "Create reports and dashboards",
      "High risk, at most 30 days. Everything: users, settings, all data",
    ]);
  });

  test("what is held or asked for is left out and said", () => {
    const drawn = form(chosen({ held: ["report-builder"], asked: [{ entitlement: "admin", number: 12 }], login: null }));
    expect(drawn.fields.some(({ id }) => id === "entitlements")).toBe(false);
    expect(saidIn(drawn)).toBe("You have Report builder. Already asked: System administrator (request 12).");
  });

  test("who has an account must choose an entitlement; who has none may ask for the account alone", () => {
    expect(fieldOf(form(chosen({ login: "aruiz" })), "entitlements")).toMatchObject({ required: true, hint: null });
    expect(saidIn(form(chosen({ login: "aruiz" })))).toBe("You have the account aruiz.");
    expect(fieldOf(form(chosen({ asked: [{ entitlement: null, number: 7 }] })), "entitlements")).toMatchObject({ required: true });
    expect(fieldOf(form(chosen()), "entitlements")).toMatchObject({ required: false, hint: "Leave it empty to get an account only." });
  });

  test("when nothing is left to ask for, the form says so and asks nothing more", () => {
    const drawn = form(chosen({ held: ["report-builder", "admin"], login: "aruiz" }));
    expect(drawn.fields.map(({ id }) => id)).toEqual(["application", "standing", "nothing"]);
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

  test("a limit cuts the list, is among the times, and is chosen", () => {
    const limited = { ...salesforce, maxDuration: { kind: "elapsed", seconds: 45 * 86_400 } } as const;
    const field = fieldOf(form(chosen({ application: limited })), "until");
    expect(choicesOf(field)).toEqual(["1 day", "7 days", "30 days", "45 days", "Until a date..."]);
    expect(initialOf(field)).toEqual(["days:45"]);
    expect(field).toMatchObject({ hint: "At most 45 days for what you chose." });
  });

  test("choosing an entitlement with a limit of its own draws the form anew and shortens the time", () => {
    expect(fieldOf(form(chosen()), "entitlements")).toMatchObject({ redraws: true });
    const after = fieldOf(form(chosen(), { entitlements: ["report-builder", "admin"], until: "for-good" }), "until");
    expect(choicesOf(after)).toEqual(["1 day", "7 days", "30 days", "Until a date..."]);
    expect(initialOf(after)).toEqual(["days:30"]);
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
