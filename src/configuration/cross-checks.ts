/**
 * What one value alone can't show: ids given twice, options that don't fit the type, groups too small for a vote, templates.
 * Works on the values as written and skips over whatever has the wrong shape, which the schemas have named already.
 */
import { FIELD_TYPES } from "./applications.ts";
import type { Path, Spot } from "./document.ts";
import type { Directory, Outline } from "./outline.ts";
import { listOf, mapOf } from "./shapes.ts";
import { quote, unknown } from "./suggest.ts";
import { knownVariables, templateProblems } from "./templates.ts";

export interface Found {
  readonly path: Path;
  readonly spot: Spot;
  readonly message: string;
}

type Written = Readonly<Record<string, unknown>>;

export function crossChecks(value: unknown, outline: Outline, directory: Directory | undefined): Found[] {
  const root = mapOf(value) ?? {};
  const sections = ["calendars", "groups", "policies", "applications", "access_profiles", "roles", "segregation"];
  return [
    ...sections.flatMap((section) => twice(root[section], [section], "id")),
    ...twice(mapOf(root.chat)?.slack, ["chat", "slack"], "team_id"),
    ...twice(mapOf(root.chat)?.teams, ["chat", "teams"], "tenant_id"),
    ...each(root.policies, ["policies"], (policy, path) => votes(policy, path, outline)),
    ...each(root.applications, ["applications"], (application, path) => applicationChecks(application, path, directory)),
    ...each(root.access_profiles, ["access_profiles"], (profile, path) => itemChecks(profile.items, [...path, "items"], outline)),
    ...each(root.roles, ["roles"], (role, path) => itemChecks(role.items, [...path, "items"], outline)),
    ...each(root.segregation, ["segregation"], (rule, path) =>
      ["left", "right"].flatMap((side) => itemChecks(rule[side], [...path, side], outline)),
    ),
  ];
}

function each(value: unknown, path: Path, check: (entry: Written, path: Path) => Found[]): Found[] {
  return listOf(value).flatMap((entry, index) => {
    const written = mapOf(entry);
    return written ? check(written, [...path, index]) : [];
  });
}

/** Entries of a list that give the same value under a key as an earlier one. */
function twice(value: unknown, path: Path, key: string): Found[] {
  const seen = new Set<string>();
  return each(value, path, (entry, at) => {
    const id = typeof entry[key] === "string" ? entry[key].trim() : undefined;
    if (id === undefined) return [];
    if (!seen.has(id)) seen.add(id);
    else return [{ path: [...at, key], spot: "value", message: `${quote(id)} stands here a second time: give each its own ${key}` }];
    return [];
  });
}

function votes(policy: Written, path: Path, outline: Outline): Found[] {
  return each(policy.stages, [...path, "stages"], (stage, stagePath) =>
    each(stage.steps, [...stagePath, "steps"], ({ approvers, needed }, stepPath) => {
      if (typeof needed !== "number") return [];
      const at = { path: [...stepPath, "needed"], spot: "value" } as const;
      if (approvers === "manager")
        return needed > 1 ? [{ ...at, message: "a manager is one person: leave needed out, or name a group" }] : [];
      const group = mapOf(approvers)?.group;
      const size = typeof group === "string" ? outline.groups.get(group) : undefined;
      if (!size || needed <= size) return [];
      const members = size === 1 ? "one member" : `${size} members`;
      const most = size === 1 ? "write 1" : `write at most ${size - 1}, because a member who asks, or is asked for, never decides`;
      return [{ ...at, message: `group ${quote(String(group))} has only ${members}: ${most}; or add members` }];
    }),
  );
}

function applicationChecks(application: Written, path: Path, directory: Directory | undefined): Found[] {
  return [
    ...twice(application.form, [...path, "form"], "id"),
    ...twice(application.entitlements, [...path, "entitlements"], "id"),
    ...each(application.form, [...path, "form"], fieldChecks),
    ...formChecks(listOf(application.form), [...path, "form"]),
    ...templateChecks(application, path, directory),
  ];
}

/** Characters that a form's texts may hold together: Slack sends back what fits one window in one body, of which the gate takes 256 kB. */
const MOST_TYPED = 60_000;
/** What a text may hold where nothing is said: Slack's own limit. */
const LONGEST_TYPED = 3_000;

/** Each question alone may be right, and the form still be one that nobody could send. */
function formChecks(form: readonly unknown[], path: Path): Found[] {
  const texts = form.map((field) => mapOf(field) ?? {}).filter(({ type }) => type === "text" || type === "long_text");
  const typed = texts.reduce((sum, { max_length }) => sum + (typeof max_length === "number" ? max_length : LONGEST_TYPED), 0);
  if (typed <= MOST_TYPED) return [];
  const message = `the texts of this form may hold ${typed} characters together, and Slack sends at most ${MOST_TYPED} of them: write a max_length at each`;
  return [{ path, spot: "key", message }];
}

function fieldChecks(field: Written, path: Path): Found[] {
  const type = FIELD_TYPES.find((one) => one === field.type);
  if (!type) return [];
  const found: Found[] = [];
  const say = (key: string, spot: Spot, message: string) => found.push({ path: [...path, key], spot, message });
  const chooses = type === "choice" || type === "choices";
  if (chooses && !("options" in field)) say("type", "value", `a field of type ${type} needs options, such as options: [EMEA, AMER]`);
  if (!chooses && "options" in field) say("options", "key", `a field of type ${type} has no options: remove them, or write type: choice`);
  const typed = type === "text" || type === "long_text";
  if (!typed && "max_length" in field) say("max_length", "key", `a field of type ${type} has no max_length: remove it`);
  const options = listOf(field.options);
  for (const [index, option] of options.entries()) {
    if (typeof option !== "string" || options.indexOf(option) === index) continue;
    found.push({ path: [...path, "options", index], spot: "value", message: `option ${quote(option)} stands here twice: keep one` });
  }
  return found;
}

function templateChecks(application: Written, path: Path, directory: Directory | undefined): Found[] {
  const account = mapOf(application.account) ?? {};
  const formIds = listOf(application.form).flatMap((field) => {
    const id = mapOf(field)?.id;
    return typeof id === "string" ? [id.trim()] : [];
  });
  const known = knownVariables(formIds, directory?.attributes);
  const attributes = Object.entries(mapOf(account.attributes) ?? {});
  const templates: [Path, unknown][] = [
    [["login"], account.login],
    ...attributes.map(([name, template]): [Path, unknown] => [["attributes", name], template]),
  ];
  return templates.flatMap(([at, template]) =>
    typeof template === "string"
      ? templateProblems(template, known).map(({ spot, message }) => ({ path: [...path, "account", ...at], spot, message }))
      : [],
  );
}

/** That the entitlements of an item belong to its application. */
function itemChecks(items: unknown, path: Path, outline: Outline): Found[] {
  return each(items, path, ({ application, entitlements }, at) => {
    const known = typeof application === "string" ? outline.applications.get(application) : undefined;
    if (!known) return [];
    return listOf(entitlements).flatMap((id, index): Found[] => {
      if (typeof id !== "string" || known.has(id)) return [];
      const otherwise = `add it to the entitlements of ${quote(String(application))}`;
      return [{ path: [...at, "entitlements", index], spot: "value", message: unknown("entitlement", id, known, otherwise) }];
    });
  });
}
