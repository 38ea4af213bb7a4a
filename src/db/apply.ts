/** Writes an applied configuration: one transaction on a connection of its own, a row per thing that differs, each applied version kept. */
import { createHash } from "node:crypto";
import type { Catalogue } from "../domain/catalogue.ts";
import type { Person } from "../domain/people.ts";
import { followUp, type Touched } from "./apply-open-work.ts";
import { writePeople } from "./apply-people.ts";
import { batch, type Transaction } from "./connect.ts";
import { type Cells, copyInto } from "./copy-in.ts";

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
  /** Digest of the files' bytes and of what read them, so that the same needn't be read again; left out: not known. */
  readonly bytesDigest?: string | null;
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
    if (current?.digest === folder.digest) {
      if (folder.bytesDigest)
        await sql`update configuration set bytes_digest = ${folder.bytesDigest}
          where version = ${current.version} and bytes_digest is distinct from ${folder.bytesDigest}`;
      return { type: "unchanged", version: Number(current.version) };
    }
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
  await sql`insert into configuration (version, digest, bytes_digest, settings, applied_at, applied_by)
    values (${version}, ${folder.digest}, ${folder.bytesDigest ?? null}, ${sql.json(settingsOf(folder.catalogue) as unknown as Json)}, app_now(), ${options.by})`;
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

/** Ends the definitions that changed or went, and starts the new ones; what stayed the same keeps its row. */
async function writeDefinitions(sql: Sql, catalogue: Catalogue, version: number): Promise<number> {
  await sql`create temp table defined (kind text, key text, digest text, content jsonb) on commit drop`;
  await copyInto(sql, "defined", "kind, key, digest, content", definitionRows(catalogue));
  await sql`analyze defined`;
  const ended = await sql`update definition d set until = ${version} where d.until is null
    and not exists (select from defined n where n.kind = d.kind and n.key = d.key and n.digest = d.digest) returning d.kind, d.key`;
  // as with people: found first, then written
  await sql`create temp table starting on commit drop as
    select n.* from defined n left join definition d on d.kind = n.kind and d.key = n.key and d.until is null where d.id is null`;
  const started =
    await sql`insert into definition (kind, key, digest, content, since) select kind, key, digest, content, ${version} from starting returning kind, key`;
  return new Set([...ended, ...started].map((row) => `${row.kind} ${row.key}`)).size;
}

function* definitionRows({ applications, policies, groups, calendars, later }: Catalogue): Generator<Cells> {
  const row = (kind: string, key: string, definition: object): Cells => {
    const content = JSON.stringify(definition);
    return [kind, key, createHash("sha256").update(content).digest("hex"), content];
  };
  for (const one of applications) yield row("application", one.id, one);
  for (const one of policies) yield row("policy", one.id, one);
  for (const one of groups) yield row("group", one.id, one);
  for (const one of calendars) yield row("calendar", one.id, one);
  yield row("later", "later", later);
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
  await sql`create temp table listed (id text, name text, search text) on commit drop`;
  await copyInto(sql, "listed", "id, name, search", applicationRows(catalogue));
  await sql`analyze listed`;
  await sql`delete from application a where not exists (select from listed n where n.id = a.id)`;
  await sql`insert into application (id, name, search, definition_id)
    select n.id, n.name, n.search, d.id from listed n join definition d on d.kind = 'application' and d.key = n.id and d.until is null
    on conflict (id) do update set name = excluded.name, search = excluded.search, definition_id = excluded.definition_id
    where (application.name, application.search, application.definition_id) is distinct from (excluded.name, excluded.search, excluded.definition_id)`;
}

function* applicationRows({ applications }: Catalogue): Generator<Cells> {
  for (const { id, name, keywords, entitlements, description } of applications) {
    const lines = [name, ...keywords, ...entitlements.map((entitlement) => entitlement.name), description];
    yield [
      id,
      name,
      lines
        .map((line) => line.replace(/[^\S\n]+/g, " "))
        .join("\n")
        .toLowerCase(),
    ];
  }
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
