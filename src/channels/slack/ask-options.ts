/** Type-ahead in the request form: what is offered while somebody types. */
import type { PlainTextOption } from "@slack/types";
import { askForm } from "../../cards/ask-form.ts";
import type { Choice } from "../../cards/form.ts";
import { ASK_FIELDS } from "../../domain/asking.ts";
import type { PersonId } from "../../domain/people.ts";
import type { Desk } from "./desk.ts";
import { optionsOf } from "./inputs.ts";
import { LIMIT } from "./limits.ts";

export interface Search {
  readonly person: PersonId;
  /** Whom the request is for. */
  readonly beneficiary: PersonId;
  readonly field: string;
  readonly query: string;
  /** The words that the command was given. */
  readonly words: string;
  readonly application: string | null;
}

/** At most 100 options, ranked; an empty query first offers what fits the command's words, then the rest by name. */
export async function searchOptions(desk: Desk, search: Search): Promise<PlainTextOption[]> {
  return optionsOf(await choicesFor(desk, search)).slice(0, LIMIT.options);
}

/** For whoever hands work on; whether the chosen ones may do it is worked out when the form is sent. */
export async function searchPeople(desk: Desk, person: PersonId, query: string): Promise<PlainTextOption[]> {
  return optionsOf(named(await desk.operations.searchPeople(person, query, LIMIT.options))).slice(0, LIMIT.options);
}

async function choicesFor(desk: Desk, { person, beneficiary, field, query, words, application }: Search): Promise<readonly Choice[]> {
  const { operations } = desk;
  switch (field) {
    case ASK_FIELDS.beneficiary:
      return named(await operations.searchPeople(person, query, LIMIT.options)).map((one) =>
        one.value === person ? { ...one, label: desk.texts.askForm.you(one.label) } : one,
      );
    case ASK_FIELDS.application: {
      const found = await operations.searchApplications(beneficiary, query.trim() === "" ? words : query, LIMIT.options);
      const isShort = query.trim() === "" && words.trim() !== "" && found.length < LIMIT.options;
      return named([...found, ...(isShort ? await operations.searchApplications(beneficiary, "", LIMIT.options) : [])]);
    }
    case ASK_FIELDS.entitlements:
      return application === null ? [] : named(await operations.searchEntitlements(beneficiary, application, query, LIMIT.options));
  }
  if (application === null) return [];
  // A list of the application's own that is too long for Slack to show at once.
  const view = await operations.askView(person, {
    words: "",
    application,
    entitlements: [],
    asksDate: false,
    beneficiary,
    shown: application,
  });
  const asked = askForm(view, desk.texts).fields.find((one) => one.id === field);
  const choices = asked && "choices" in asked ? asked.choices : [];
  const sought = query.trim().toLowerCase();
  return choices.filter(({ label }) => label.toLowerCase().includes(sought));
}

function named(found: readonly { readonly id: string; readonly name: string; readonly description: string }[]): readonly Choice[] {
  return found.map(({ id, name, description }) => ({ value: id, label: name, description: description || null }));
}
