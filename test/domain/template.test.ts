import fc from "fast-check";
import { expect, test } from "vitest";
import type { AccountTemplate } from "../../src/domain/catalogue.ts";
import type { Person } from "../../src/domain/people.ts";
import type { AccountFacts } from "../../src/domain/template.ts";
import { LONGEST_VALUE, renderAccount, variablesOf } from "../../src/domain/template.ts";

const ana: Person = {
  id: "E001",
  email: "ana@acme.example",
  name: "Ana Ruiz",
  managerId: "E009",
  department: "Sales",
  title: "Account executive",
  location: "Berlin",
  timeZone: "Europe/Berlin",
  state: "active",
  calendar: null,
  startDate: "2021-04-01",
  endDate: null,
  attributes: { cost_center: "CC-1" },
};

const facts: AccountFacts = {
  person: ana,
  form: { region: "EMEA", brands: ["Acme", "Acme Pro"], lost: true, from: "2026-10-01" },
  application: { id: "crm", name: "CRM", description: "Customers", kind: "disconnected" },
  entitlement: { id: "admin", name: "Administrator", description: "Everything", risk: "high" },
  number: 17,
};

const template = (login: string, attributes: Record<string, string> = {}): AccountTemplate => ({
  login,
  type: "standard",
  attributes: Object.entries(attributes).map(([name, value]) => ({ name, value })),
});
const rendered = (text: string, changed: Partial<AccountFacts> = {}) => renderAccount(template(text), { ...facts, ...changed }).login;

test("IDH-10 the account template is filled in from person and form, in the order in which it was written", () => {
  const account = template("{{ person.email }}", {
    Profile: "Standard User",
    Region: "{{ form.region }}",
    "Cost centre": "{{ person.cost_center }}",
  });
  expect(renderAccount(account, facts)).toEqual({
    login: "ana@acme.example",
    attributes: [
      { name: "Profile", value: "Standard User" },
      { name: "Region", value: "EMEA" },
      { name: "Cost centre", value: "CC-1" },
    ],
  });
});

test.each([
  ["{{ person.name | split: ' ' | last | upcase }}{{ person.id | slice: 1, 3 }}", "RUIZ001"],
  ["{{ person.manager_id }} {{ person.time_zone }} {{ person.start_date }} {{ person.state }}", "E009 Europe/Berlin 2021-04-01 active"],
  ["{{ application.name }}/{{ entitlement.id }}/{{ entitlement.risk }}/{{ request.number }}", "CRM/admin/high/17"],
  ["{% if form.lost %}yes{% else %}no{% endif %}", "yes"],
  ["{{ form.brands }}", "Acme, Acme Pro"],
  ["{{ form.from | date: '%d.%m.%Y' }}", "01.10.2026"],
  ["a & b <c> {{ '<d>' }}", "a & b <c> <d>"],
])("%s comes to %j", (text, value) => {
  expect(rendered(text)).toBe(value);
});

test.each([
  "{{ form.territory }}",
  "{{ form.territory | upcase }}",
  "{{ person.end_date }}",
  "{{ person.calendar }}",
  "{% if form.x %}y{% endif %}",
])("what was left out renders as empty: %s", (text) => {
  expect(rendered(text)).toBe("");
});

test("the account itself has no entitlement, and its template renders all the same", () => {
  expect(rendered("[{{ entitlement.name }}]", { entitlement: null })).toBe("[]");
});

test("what people typed is never read as a template", () => {
  const tricky = "{{ person.email }}{% assign x = 1 %}{% raw %}";
  expect(rendered("{{ form.region }}", { form: { region: tricky } })).toBe(tricky);
  expect(rendered("{{ form.region | append: form.region }}", { form: { region: "{{" } })).toBe("{{{{");
  expect(rendered("{{ person.name }}", { person: { ...ana, name: tricky } })).toBe(tricky);
});

test("nothing but what stands there can be reached", () => {
  for (const name of ["constructor", "__proto__", "toString", "hasOwnProperty"]) {
    expect(rendered(`{{ person.${name} }}{{ form.${name} }}{{ ${name} }}`)).toBe("");
  }
  expect(rendered("{{ 'now' | date: '%Y' }}{{ 'today' | date: '%Y' }}")).toBe("");
});

test.each(["for", "include", "render", "layout", "block", "tablerow", "increment", "cycle", "capture", "liquid"])(
  "files and loops are no part of templates: %s",
  (tag) => {
    expect(variablesOf(`{% ${tag} x %}`)).toEqual({ ok: false, why: { kind: "tag", what: tag }, offset: 0 });
  },
);

test("values have a bounded length and never end in half a character", () => {
  expect(rendered("{{ form.region }}", { form: { region: "x".repeat(3000) } })).toHaveLength(254);
  const account = renderAccount(template("x", { Note: "{{ form.region }}" }), { ...facts, form: { region: `x${"😀".repeat(2000)}` } });
  const value = account.attributes[0]!.value;
  expect(value.length).toBe(LONGEST_VALUE - 1);
  expect(value).toBe(`x${"😀".repeat((LONGEST_VALUE - 2) / 2)}`);
});

test("a template that grows without end is stopped and shown as it was written", () => {
  const text = `{% assign a = 'xxxxxxxx' %}${"{% assign a = a | append: a %}".repeat(50)}{{ a }}`;
  expect(rendered(text)).toBe(text.slice(0, 254));
  expect(rendered("{{ (1..99999999999) }}")).toBe("{{ (1..99999999999) }}");
});

test("the variables of a template come with their places", () => {
  expect(variablesOf("a\n{{ form.x | upcase }}{% if person.name %}{% endif %}")).toEqual({
    ok: true,
    variables: [
      { segments: ["form", "x"], offset: 5 },
      { segments: ["person", "name"], offset: 29 },
    ],
  });
});

test("what a template assigns itself isn't one of its variables", () => {
  expect(variablesOf("{% assign q = form.x %}{{ q }}")).toEqual({ ok: true, variables: [{ segments: ["form", "x"], offset: 14 }] });
});

test("a computed name is told apart from a written one", () => {
  expect(variablesOf("{{ person[form.k] }}")).toMatchObject({
    variables: [{ segments: ["person", "[...]"] }, { segments: ["form", "k"] }],
  });
});

test.each([
  ["{{ form.x | upcas }}", { kind: "filter", what: "upcas" }],
  ["{% iff x %}", { kind: "tag", what: "iff" }],
  ["{{ form.x", { kind: "syntax", what: 'output "{{ form.x" not closed' }],
])("%s is no template, and why is said", (text, why) => {
  expect(variablesOf(text)).toMatchObject({ ok: false, why });
});

test("rendering never throws and stays within its bounds, whatever the template, the form and the person say", () => {
  const piece = fc.constantFrom(
    "{{",
    "}}",
    "{%",
    "%}",
    " form.a ",
    " person.name ",
    " | append: form.a ",
    " if ",
    " assign a = ",
    "endif",
    "'",
    "|",
    ".",
  );
  const text = fc.array(fc.oneof(piece, fc.string({ maxLength: 6 })), { maxLength: 12 }).map((parts) => parts.join(""));
  const value = fc.oneof(fc.string(), fc.boolean(), fc.array(fc.string(), { maxLength: 3 }));
  fc.assert(
    fc.property(text, text, fc.dictionary(fc.string({ maxLength: 3 }), value), fc.string(), (login, attribute, form, name) => {
      variablesOf(login);
      const account = renderAccount(template(login, { a: attribute }), { ...facts, form, person: { ...ana, name } });
      expect(account.login.length).toBeLessThanOrEqual(254);
      expect(account.attributes.map((row) => row.name)).toEqual(["a"]);
      expect(account.attributes[0]!.value.length).toBeLessThanOrEqual(LONGEST_VALUE);
    }),
    { numRuns: 500 },
  );
});
