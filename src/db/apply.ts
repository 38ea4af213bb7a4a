/** Writes an applied configuration: one transaction on a connection of its own, a row per thing that differs, each applied version kept. */
import { createHash } from "node:crypto";
import type { Catalogue } from "../domain/catalogue.ts";
import type { Person } from "../domain/people.ts";
import { followUp, type Touched } from "./apply-open-work.ts";
import { batch, type Transaction } from "./connect.ts";

/** A row of people.csv: the person, and the login that the file names, if it does. */
export interface PersonEntry {
  readonly person: Person;
  readonly slack: { readonly teamId: string; readonly userId: string } | null;
}

export interface Folder {
  readonly catalogue: Catalogue;
  readonly people: readonly PersonEntry[];
  /** Digest of the whole content, comments and order of keys left out. */
  readonly digest: string;
}

export interface ApplyOptions {
  /** Who applies it, for the record: a person's id, or "start". */
  readonly by: string;
  readonly newId: () => string;
  /** True: more than 5 % of the active people may leave at once. */
  readonly manyMayLeave?: boolean;
}

/** A login that people.csv gives to one person and that is somebody else's already: the link stays. */
export interface LinkedOtherwise {
  readonly user: string;
  readonly person: string;
  readonly linkedTo: string;
}

export type Applied =
  | { readonly type: "unchanged"; readonly version: number }
  | {
      readonly type: "applied";
      readonly version: number;
      readonly changed: number;
      readonly missing: readonly string[];
      /** In the file, and erased before: their rows were passed over. */
      readonly erased: readonly string[];
      readonly linkedOtherwise: readonly LinkedOtherwise[];
    }
  /** Nothing was changed: that many of so many active people would leave at once. */
  | { readonly type: "too-many-leavers"; readonly leaving: number; readonly active: number };

/** The share of active people that may leave with one apply; more is taken for a broken file. */
const MOST_LEAVERS = 0.05;

/**
 * With more applications and people than that, plans made for few would read too much: searching counts on reading its index in order. Where another
 * role owns the tables, Postgres passes this over with a warning, and its autovacuum does the same within a minute or so.
 */
const MANY = 1_000;

type Json = Parameters<Transaction["sql"]["json"]>[0];

export async function applyFolder(ownUrl: string, folder: Folder, options: ApplyOptions): Promise<Applied> {
  return batch(ownUrl, async ({ sql }) => {
    await sql`select pg_advisory_xact_lock(hashtext('latchkey configuration'))`;
    const [current] = await sql`select version, digest from configuration order by version desc limit 1`;
    if (current?.digest === folder.digest) return { type: "unchanged", version: Number(current.version) };
    const leavers = options.manyMayLeave ? null : await tooManyLeavers(sql, folder);
    if (leavers) return { type: "too-many-leavers", ...leavers };
    const written = await writeFolder(sql, folder, options);
    if (folder.catalogue.applications.length + folder.people.length > MANY)
      await sql`analyze application, application_word, person, person_word, spelling`;
    return { type: "applied", ...written };
  });
}

export type Written = Omit<Extract<Applied, { readonly type: "applied" }>, "type">;

/** Writes it all, and the effects that follow. A plan does the same to copies of the tables. */
export async function writeFolder(sql: Sql, folder: Folder, options: Pick<ApplyOptions, "by" | "newId">): Promise<Written> {
  const [current] = await sql`select max(version) as version from configuration`;
  const version = Number(current?.version ?? 0) + 1;
  await sql`insert into configuration (version, digest, settings, applied_at, applied_by)
    values (${version}, ${folder.digest}, ${sql.json(settingsOf(folder.catalogue) as unknown as Json)}, app_now(), ${options.by})`;
  const people = await writePeople(sql, folder.people);
  const changed = await writeDefinitions(sql, folder.catalogue, version);
  const groups = await writeGroups(sql, folder.catalogue);
  await writeApplications(sql, folder.catalogue);
  const known = folder.people.filter(({ person }) => !people.erased.includes(person.id));
  const linkedOtherwise = await writeLinks(sql, known, options.newId);
  await sql`insert into event (at, kind, data) values (app_now(), 'configuration-applied',
    ${sql.json({ version, digest: folder.digest, by: options.by, changed, people: people.changed } as unknown as Json)})`;
  await followUp(sql, { ...groups, moved: people.moved, remanaged: people.remanaged });
  return { version, changed: changed + people.changed, missing: people.missing, erased: people.erased, linkedOtherwise };
}

type Sql = Transaction["sql"];

/** With the calendars in the order of the file: the first one is for everybody who names none. */
function settingsOf({ settings, calendars }: Catalogue): object {
  return { ...settings, calendars: calendars.map(({ id }) => id) };
}

/** How many of the active people would leave at once, where that is more than is taken for true; else null. */
export async function tooManyLeavers(sql: Sql, folder: Folder): Promise<{ readonly leaving: number; readonly active: number } | null> {
  const left = folder.people.filter(({ person }) => person.state === "left").map(({ person }) => person.id);
  const [row] =
    await sql`select count(*) filter (where id = any(${left})) as leaving, count(*) as active from person where state = 'active'`;
  const leavers = { leaving: Number(row?.leaving ?? 0), active: Number(row?.active ?? 0) };
  return leavers.leaving > Math.max(1, leavers.active * MOST_LEAVERS) ? leavers : null;
}

/** Upserts people; whoever is missing from the file stays and is reported. A change of state is an event. */
async function writePeople(
  sql: Sql,
  entries: readonly PersonEntry[],
): Promise<{
  changed: number;
  missing: readonly string[];
  erased: readonly string[];
  moved: readonly string[];
  remanaged: readonly string[];
}> {
  const rows = entries.map(({ person }) => ({ ...person }));
  await sql`create temp table incoming on commit drop as
    select n.id, n.email, n.name, n."managerId" as manager_id, n.department, n.title, n.location, n."timeZone" as time_zone, n.calendar, n.state,
      n."startDate" as start_date, n."endDate" as end_date, n.attributes
    from jsonb_to_recordset(${sql.json(rows as unknown as Json)}::jsonb) as n(id text, email text, name text, "managerId" text, department text, title text,
      location text, "timeZone" text, calendar text, state text, "startDate" date, "endDate" date, attributes jsonb)`;
  const erased = await passOverErased(sql);
  await sql`analyze incoming`;
  await sql`create temp table moved on commit drop as
    select p.id, p.state as was, i.state as now from person p join incoming i using (id) where p.state <> i.state`;
  const remanaged = await sql`select p.id from person p join incoming i using (id) where p.manager_id is distinct from i.manager_id`;
  // Addresses are unique: whoever has one that the file gives to somebody else makes room first. For those in the file the right one follows at
  // once (two people may swap); those missing from the file go without.
  await sql`update person p set email = 'parked:' || p.id from incoming i where i.id <> p.id and lower(i.email) = lower(p.email)`;
  const changed = await sql`
    insert into person as p (id, email, name, manager_id, department, title, location, time_zone, calendar, state, start_date, end_date, attributes)
    select id, email, name, manager_id, department, title, location, time_zone, calendar, state, start_date, end_date, attributes from incoming i
    -- those who stay as they are aren't even locked, so that they go on acting meanwhile
    where not exists (select from person p where p.id = i.id and
      (p.email, p.name, p.manager_id, p.department, p.title, p.location, p.time_zone, p.calendar, p.state, p.start_date, p.end_date, p.attributes)
      is not distinct from (i.email, i.name, i.manager_id, i.department, i.title, i.location, i.time_zone, i.calendar, i.state, i.start_date, i.end_date, i.attributes))
    on conflict (id) do update set email = excluded.email, name = excluded.name, manager_id = excluded.manager_id, department = excluded.department,
      title = excluded.title, location = excluded.location, time_zone = excluded.time_zone, calendar = excluded.calendar, state = excluded.state,
      start_date = excluded.start_date, end_date = excluded.end_date, attributes = excluded.attributes
    returning p.id`;
  // Behind the change, which waited for whoever was acting in that moment: so an event's place tells what came first.
  const moved = await sql`insert into event (at, kind, data)
    select app_now(), 'person-moved', jsonb_build_object('person', id, 'from', was, 'to', now) from moved order by id returning data->>'person' as id`;
  const missing = await sql`select id from person where state <> 'left' and id not in (select id from incoming) order by id`;
  const ids = (rows: readonly { readonly id?: unknown }[]) => rows.map((row) => String(row.id));
  return { changed: changed.length, missing: ids(missing), erased, moved: ids(moved), remanaged: ids(remanaged) };
}

/** Takes those who were erased out of the incoming rows: a file that still holds them doesn't bring them back. Gives their ids. */
async function passOverErased(sql: Sql): Promise<readonly string[]> {
  const rows = await sql`delete from incoming i using person p where p.id = i.id and p.email = 'erased:' || p.id returning i.id`;
  return rows.map((row) => String(row.id)).sort();
}

/** Ends the definitions that changed or went, and starts the new ones; what stayed the same keeps its row. */
async function writeDefinitions(sql: Sql, catalogue: Catalogue, version: number): Promise<number> {
  const rows = [
    ...catalogue.applications.map((content) => ({ kind: "application", key: content.id, content })),
    ...catalogue.policies.map((content) => ({ kind: "policy", key: content.id, content })),
    ...catalogue.groups.map((content) => ({ kind: "group", key: content.id, content })),
    ...catalogue.calendars.map((content) => ({ kind: "calendar", key: content.id, content })),
    { kind: "later", key: "later", content: catalogue.later },
  ].map((row) => ({ ...row, digest: createHash("sha256").update(JSON.stringify(row.content)).digest("hex") }));
  await sql`create temp table defined on commit drop as
    select * from jsonb_to_recordset(${sql.json(rows as unknown as Json)}::jsonb) as n(kind text, key text, content jsonb, digest text)`;
  const ended = await sql`update definition d set until = ${version} where d.until is null
    and not exists (select from defined n where n.kind = d.kind and n.key = d.key and n.digest = d.digest) returning d.kind, d.key`;
  const started = await sql`insert into definition (kind, key, digest, content, since)
    select n.kind, n.key, n.digest, n.content, ${version} from defined n
    where not exists (select from definition d where d.kind = n.kind and d.key = n.key and d.until is null) returning kind, key`;
  return new Set([...ended, ...started].map((row) => `${row.kind} ${row.key}`)).size;
}

/** Groups are replaced as a whole: members of today are what counts, at once. */
async function writeGroups(sql: Sql, catalogue: Catalogue): Promise<Pick<Touched, "groups" | "regrouped">> {
  const groups = catalogue.groups.map(({ id, name, calendar, slackChannel, notify }) => ({
    id,
    name,
    calendar,
    slack_channel: slackChannel,
    notify,
  }));
  const members = catalogue.groups.flatMap((group) => group.members.map((person_id) => ({ group_id: group.id, person_id })));
  const left = await sql`delete from member m where not exists (
    select from jsonb_to_recordset(${sql.json(members as unknown as Json)}::jsonb) as n(group_id text, person_id text) where (n.group_id, n.person_id) = (m.group_id, m.person_id))
    returning m.group_id, m.person_id`;
  await sql`delete from "group" g where not exists (select from jsonb_to_recordset(${sql.json(groups as unknown as Json)}::jsonb) as n(id text) where n.id = g.id)`;
  const written = await sql`insert into "group" as g (id, name, calendar, slack_channel, notify)
    select id, name, calendar, slack_channel, notify from jsonb_to_recordset(${sql.json(groups as unknown as Json)}::jsonb)
      as n(id text, name text, calendar text, slack_channel text, notify text)
    on conflict (id) do update set name = excluded.name, calendar = excluded.calendar, slack_channel = excluded.slack_channel, notify = excluded.notify
    where (g.name, g.calendar, g.slack_channel, g.notify) is distinct from (excluded.name, excluded.calendar, excluded.slack_channel, excluded.notify)
    returning g.id as group_id`;
  const joined = await sql`insert into member (group_id, person_id)
    select group_id, person_id from jsonb_to_recordset(${sql.json(members as unknown as Json)}::jsonb) as n(group_id text, person_id text) on conflict do nothing
    returning group_id, person_id`;
  const moved = [...left, ...joined];
  return {
    groups: [...new Set([...moved, ...written].map((row) => String(row.group_id)))],
    regrouped: moved.map((row) => String(row.person_id)),
  };
}

/** The list that the type-ahead searches; what it is found by is written by triggers, for those that changed. */
async function writeApplications(sql: Sql, catalogue: Catalogue): Promise<void> {
  const rows = catalogue.applications.map((one) => ({
    id: one.id,
    name: one.name,
    search: [one.name, ...one.keywords, ...one.entitlements.map((entitlement) => entitlement.name), one.description]
      .map((line) => line.replace(/[^\S\n]+/g, " "))
      .join("\n")
      .toLowerCase(),
  }));
  await sql`delete from application a where not exists (select from jsonb_to_recordset(${sql.json(rows as unknown as Json)}::jsonb) as n(id text) where n.id = a.id)`;
  await sql`insert into application (id, name, search, definition_id)
    select n.id, n.name, n.search, d.id from jsonb_to_recordset(${sql.json(rows as unknown as Json)}::jsonb) as n(id text, name text, search text)
    join definition d on d.kind = 'application' and d.key = n.id and d.until is null
    on conflict (id) do update set name = excluded.name, search = excluded.search, definition_id = excluded.definition_id
    where (application.name, application.search, application.definition_id) is distinct from (excluded.name, excluded.search, excluded.definition_id)`;
}

/** Logins that people.csv names, unproved until their first use. A link once made never moves: those that are somebody else's are reported. */
async function writeLinks(sql: Sql, entries: readonly PersonEntry[], newId: () => string): Promise<readonly LinkedOtherwise[]> {
  const rows = entries.flatMap(({ person, slack }) =>
    slack ? [{ id: newId(), home: slack.teamId, user: slack.userId, person_id: person.id }] : [],
  );
  if (rows.length === 0) return [];
  await sql`with made as (
      insert into chat_account (id, platform, home, "user", person_id, because, linked_at)
      select id, 'slack', home, "user", person_id, 'people.csv', app_now()
      from jsonb_to_recordset(${sql.json(rows as unknown as Json)}::jsonb) as n(id uuid, home text, "user" text, person_id text)
      -- what an administrator took away comes back by an administrator only
      where not exists (select from event e where e.kind = 'account-unlinked' and e.data->>'platform' = 'slack'
        and e.data->>'home' = n.home and e.data->>'user' = n."user")
      on conflict (platform, home, "user") do nothing returning home, "user", person_id)
    insert into event (at, kind, data) select app_now(), 'account-linked',
      jsonb_build_object('platform', 'slack', 'home', home, 'user', "user", 'person', person_id, 'because', 'people.csv') from made`;
  return sql<LinkedOtherwise[]>`select c."user", n.person_id as person, c.person_id as "linkedTo"
    from jsonb_to_recordset(${sql.json(rows as unknown as Json)}::jsonb) as n(home text, "user" text, person_id text)
    join chat_account c on c.platform = 'slack' and c.home = n.home and c."user" = n."user" where c.person_id <> n.person_id order by 1`;
}
