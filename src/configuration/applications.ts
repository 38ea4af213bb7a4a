/** The applications of latchkey.yaml: who looks after them, their request form, their account template, their entitlements. */
import type { z } from "zod";
import type { AccountTemplate, Application, Entitlement, FormField, Instructions, ServiceLevel } from "../domain/catalogue.ts";
import { LONGEST_TEMPLATE } from "../domain/template.ts";
import { clockShapes } from "./clocks.ts";
import type { References } from "./organisation.ts";
import { attributeRule, channelSchema, notifySchema } from "./organisation.ts";
import type { Directory } from "./outline.ts";
import { chosen, chosenByKeys, duration, flag, line, list, mapOf, ownId, prose, refusedKey, strict, text, whole, word } from "./shapes.ts";
import { nearest, quote } from "./suggest.ts";

/**
 * What Slack can show and send back. An option's text (75), options of a select (100), a typed text (3,000). `fields`: as many as
 * anybody fills in at one go; a form of more than 80 has pages. Instructions are cut into as many blocks as it takes.
 */
const MOST = {
  optionText: 75,
  options: 100,
  hint: 150,
  typed: 3000,
  instructions: 10_000,
  fields: 200,
  attributes: 40,
  entitlements: 1000,
} as const;
const RISKS = ["low", "medium", "high"] as const;
const ACCOUNT_TYPES = ["standard", "privileged", "shared", "service"] as const;
export const FIELD_TYPES = ["text", "long_text", "choice", "choices", "number", "date", "checkbox"] as const;

export function applicationSchema(refs: References, directory: Directory | undefined): z.ZodType<Application> {
  return strict("{ id, name, business_owner, technical_owner, fulfillers, policy }", {
    id: ownId("an id for the application"),
    name: line("the application's name", 150),
    description: prose("what it is for", 500).optional(),
    keywords: list("words that people search for", line("a word", 75), 0, 50).optional(),
    kind: text("disconnected, or the connector that serves it", kindProblem).optional(),
    business_owner: refs.person,
    technical_owner: refs.person,
    fulfillers: refs.people,
    policy: refs.policy,
    requestable_by: attributeRule(directory).optional(),
    risk: word("risk", RISKS).optional(),
    max_duration: duration("a length of time in days, such as 30 days", "days").optional(),
    service_level: serviceLevelSchema(refs).optional(),
    form: list("form fields", fieldSchema(), 0, MOST.fields).optional(),
    account: accountSchema().optional(),
    instructions: instructionsSchema().optional(),
    entitlements: list("entitlements", entitlementSchema(refs), 0, MOST.entitlements).optional(),
    notify: notifySchema.optional(),
    slack_channel: channelSchema().optional(),
    teams_channel: line("a channel's name or id", 150).optional(),
  }).transform((written): Application => {
    const risk = written.risk ?? "low";
    return {
      id: written.id,
      name: written.name,
      description: written.description ?? "",
      keywords: written.keywords ?? [],
      kind: written.kind ?? "disconnected",
      businessOwner: written.business_owner,
      technicalOwner: written.technical_owner,
      fulfillers: written.fulfillers,
      policy: written.policy,
      requestableBy: written.requestable_by ?? null,
      risk,
      maxDuration: written.max_duration ?? null,
      serviceLevel: written.service_level ?? { fulfilWithin: null, visible: "at_approval", leadTime: null, remind: null, escalate: null },
      form: written.form ?? [],
      account: written.account ?? { login: "{{ person.email }}", type: "standard", attributes: [] },
      instructions: written.instructions ?? { create: "", update: "" },
      entitlements: (written.entitlements ?? []).map((entitlement) => ({ ...entitlement, risk: entitlement.risk ?? risk })),
      notify: written.notify ?? null,
      slackChannel: written.slack_channel ?? null,
    };
  });
}

const KINDS = ["disconnected", "scim", "webhook"];

/** Connectors are named by those who build them, so an unheard-of name is no fault; one that is nearly a known one is a slip. */
function kindProblem(kind: string): string | undefined {
  if (!/^[a-z][a-z0-9_-]{0,63}$/.test(kind)) return `${quote(kind)} is no kind: write disconnected, or a connector's name in small letters`;
  const slip = KINDS.includes(kind) ? undefined : nearest(kind, KINDS);
  return slip ? `unknown kind ${quote(kind)}: did you mean ${quote(slip)}?` : undefined;
}

function serviceLevelSchema(refs: References): z.ZodType<ServiceLevel> {
  return strict("{ fulfil_within: 8 working hours, visible: at_approval }", {
    fulfil_within: refs.length.optional(),
    visible: word("moment", ["at_approval", "before_start"]).optional(),
    lead_time: refs.length.optional(),
    ...clockShapes(refs),
  }).transform((level) => ({
    fulfilWithin: level.fulfil_within ?? null,
    visible: level.visible ?? "at_approval",
    leadTime: level.lead_time ?? null,
    remind: level.remind ?? null,
    escalate: level.escalate ?? null,
  }));
}

function fieldSchema(): z.ZodType<FormField> {
  const option = line("an option", MOST.optionText);
  return strict("{ id, label, type }", {
    id: ownId("an id for the field"),
    label: line("the question, as people read it", 150),
    type: word("type of field", FIELD_TYPES),
    options: list("options to choose from", option, 1, MOST.options).optional(),
    required: flag("must it be answered?").optional(),
    hint: line("a short help for the answer", MOST.hint).optional(),
    max_length: whole("characters of the answer", 1, MOST.typed).optional(),
  }).transform((field) => ({
    id: field.id,
    label: field.label,
    type: field.type,
    options: field.options ?? [],
    required: field.required ?? false,
    hint: field.hint ?? null,
    maxLength: field.max_length ?? null,
  }));
}

function accountSchema(): z.ZodType<AccountTemplate> {
  const template = prose('a text in quotes, such as "{{ person.email }}"', LONGEST_TEMPLATE);
  return strict("{ login, type, attributes }", {
    login: template,
    type: word("type of account", ACCOUNT_TYPES).optional(),
    attributes: attributesSchema(template).optional(),
  }).transform((account) => ({
    login: account.login,
    type: account.type ?? "standard",
    attributes: Object.entries(account.attributes ?? {}).map(([name, value]) => ({ name, value })),
  }));
}

/** Name -> template, in the order in which the fulfiller shall enter them. */
function attributesSchema(template: z.ZodType<string>): z.ZodType<Readonly<Record<string, string>>> {
  const name = line("the attribute's name", MOST.optionText);
  return chosenByKeys<Readonly<Record<string, string>>>((keys) => {
    const shape = Object.fromEntries(keys.map((key) => [key, nameProblem(key) === undefined ? template : refusedKey(nameProblem(key)!)]));
    const most = `at most ${MOST.attributes} attributes can stand here`;
    return strict("attributes with their values, such as { Region: EMEA }", shape)
      .refine(() => keys.length <= MOST.attributes, { error: most })
      .transform((values) => values as Readonly<Record<string, string>>);
  });

  function nameProblem(key: string): string | undefined {
    return name.safeParse(key).error?.issues[0]?.message;
  }
}

/** One text for both, or one for each: `{ create: ..., add: ... }`. */
function instructionsSchema(): z.ZodType<Instructions> {
  const steps = prose("what the fulfiller has to do, step by step", MOST.instructions);
  const each = strict("{ create: <steps for a new account>, add: <steps to add to an account> }", {
    create: steps.optional(),
    add: steps.optional(),
  }).transform((written): Instructions => ({ create: written.create ?? "", update: written.add ?? "" }));
  const both = steps.transform((text): Instructions => ({ create: text, update: text }));
  return chosen<Instructions>((value) => (mapOf(value) ? each : both));
}

type WrittenEntitlement = Omit<Entitlement, "risk"> & { readonly risk: Entitlement["risk"] | undefined };

function entitlementSchema(refs: References): z.ZodType<WrittenEntitlement> {
  return strict("{ id, name }", {
    id: ownId("an id for the entitlement"),
    name: line("the entitlement's name", 150),
    description: prose("what one can do with it", 500).optional(),
    policy: refs.policy.optional(),
    risk: word("risk", RISKS).optional(),
    account_type: word("type of account", ACCOUNT_TYPES).optional(),
    max_duration: duration("a length of time in days, such as 30 days", "days").optional(),
    instructions: prose("what the fulfiller has to do to give it", MOST.instructions).optional(),
  }).transform((entitlement) => ({
    id: entitlement.id,
    name: entitlement.name,
    description: entitlement.description ?? "",
    policy: entitlement.policy ?? null,
    risk: entitlement.risk,
    accountType: entitlement.account_type ?? null,
    maxDuration: entitlement.max_duration ?? null,
    instructions: entitlement.instructions ?? null,
  }));
}
