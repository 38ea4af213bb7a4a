/** Sections of parts that are not built yet: their shape and their references are checked, and they are kept as written. */
import type { z } from "zod";
import type { References } from "./organisation.ts";
import { attributeRule } from "./organisation.ts";
import type { Directory, Outline } from "./outline.ts";
import { duration, line, list, ownId, prose, reference, strict, text, word } from "./shapes.ts";

export const LATER_SECTIONS = ["access_profiles", "roles", "segregation"] as const;

export function laterSchemas(refs: References, outline: Outline, directory: Directory | undefined) {
  const listed = <Known>(section: string, known: Known) => (outline.unread.has(section) ? undefined : known);
  const item = strict("{ application: <id>, entitlements: [<id>] }", {
    application: reference(
      "application",
      listed("applications", outline.applications.keys()),
      "add it to applications, or name one that stands there",
    ),
    entitlements: list("ids of entitlements", text("the id of an entitlement of this application"), 1).optional(),
  });
  const items = list("items, such as { application: salesforce, entitlements: [admin] }", item, 1, 1000);
  const named = { name: line("a name for people", 150), description: prose("what it is for", 500).optional() };
  const profile = strict("{ id, name, items }", {
    id: ownId("an id for the access profile"),
    ...named,
    keywords: list("words that people search for", line("a word", 75)).optional(),
    items,
    business_owner: refs.person.optional(),
    policy: refs.policy.optional(),
    requestable_by: attributeRule(directory).optional(),
    risk: word("risk", ["low", "medium", "high"]).optional(),
    max_duration: duration("a length of time in days, such as 30 days", "days").optional(),
  });
  const role = strict("{ id, name, when, profiles }", {
    id: ownId("an id for the role"),
    ...named,
    when: attributeRule(directory),
    profiles: list(
      "ids of access profiles",
      reference("access profile", listed("access_profiles", outline.profiles), "add it to access_profiles"),
      1,
    ).optional(),
    items: items.optional(),
    business_owner: refs.person.optional(),
  });
  const segregation = strict("{ id, name, left, right }", {
    id: ownId("an id for the rule"),
    ...named,
    left: items,
    right: items,
    policy: refs.policy.optional(),
  });
  return {
    access_profiles: list("access profiles", profile).optional(),
    roles: list("roles", role).optional(),
    segregation: list("segregation rules", segregation).optional(),
  } satisfies Record<(typeof LATER_SECTIONS)[number], z.ZodType>;
}
