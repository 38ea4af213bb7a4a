/** What applying a folder would change, worked out by the database against what is in force, in a transaction that can't write. */
import { type Folder, MOST_LEAVERS, passOverErased } from "./apply.ts";
import { connect, type Transaction } from "./connect.ts";
import { type DefinitionChange, definitionChanges, type SettingChange, settingChanges } from "./plan-definitions.ts";
import { type GroupChange, groupChanges } from "./plan-groups.ts";
import { type OpenWork, openWork } from "./plan-open-work.ts";
import { type PeopleChanges, peopleChanges } from "./plan-people.ts";

export interface Plan {
  /** The version in force; null: none was ever applied. */
  readonly version: number | null;
  /** True: applying it would change nothing, and make no new version. */
  readonly unchanged: boolean;
  /** So many of the active people would leave at once that applying it is refused without --many-may-leave; null: they may. */
  readonly tooManyLeavers: { readonly leaving: number; readonly active: number } | null;
  /** `erased`: ids in the file that were erased before; their rows are passed over. */
  readonly people: PeopleChanges & { readonly erased: readonly string[] };
  readonly groups: readonly GroupChange[];
  readonly settings: readonly SettingChange[];
  readonly definitions: readonly DefinitionChange[];
  readonly open: OpenWork;
}

type Sql = Transaction["sql"];
export type Json = Parameters<Sql["json"]>[0];

/** Changes nothing: the folder goes into temporary tables, and from then on the transaction is read-only. */
export async function planFolder(url: string, folder: Folder): Promise<Plan> {
  const connection = connect(url, { max: 1, name: "latchkey plan", statementTimeout: 0 });
  try {
    const plan = await connection.sql.begin("isolation level repeatable read", async (sql) => {
      const erased = await stageFolder(sql, folder);
      await sql`set transaction read only`;
      const [current] = await sql`select version, digest, settings from configuration order by version desc limit 1`;
      const people = { ...(await peopleChanges(sql)), erased };
      const groups = await groupChanges(sql, folder.catalogue.groups);
      const definitions = await definitionChanges(sql, folder);
      const settings = settingChanges(current?.settings ?? null, folder.catalogue.settings);
      const open = await openWork(sql, definitions);
      const [active] = await sql`select count(*) as active from person where state = 'active'`;
      const leavers = { leaving: people.leaving.length, active: Number(active?.active ?? 0) };
      return {
        version: current ? Number(current.version) : null,
        unchanged: current?.digest === folder.digest,
        tooManyLeavers: leavers.leaving > Math.max(1, leavers.active * MOST_LEAVERS) ? leavers : null,
        ...{ people, groups, settings, definitions, open },
      };
    });
    return plan as Plan;
  } finally {
    await connection.close();
  }
}

/** Temporary tables that hold how things would stand: `then_person` (those missing from the file too, as they are), `then_member`, `then_definition`. */
async function stageFolder(sql: Sql, { people, catalogue }: Folder): Promise<readonly string[]> {
  const rows = people.map(({ person }) => person);
  await sql`create temp table then_person on commit drop as
    select n.id, n.email, n.name, n."managerId" as manager_id, n.department, n.title, n.location, n."timeZone" as time_zone, n.calendar, n.state,
      n."startDate" as start_date, n."endDate" as end_date, n.attributes, true as listed
    from jsonb_to_recordset(${sql.json(rows as unknown as Json)}::jsonb) as n(id text, email text, name text, "managerId" text, department text, title text,
      location text, "timeZone" text, calendar text, state text, "startDate" date, "endDate" date, attributes jsonb)`;
  const erased = await passOverErased(sql, "then_person");
  await sql`create unique index then_person_id on then_person (id)`;
  await sql`insert into then_person
    select p.id, p.email, p.name, p.manager_id, p.department, p.title, p.location, p.time_zone, p.calendar, p.state, p.start_date, p.end_date, p.attributes, false
    from person p where not exists (select from then_person t where t.id = p.id)`;
  const members = catalogue.groups.flatMap((group) => group.members.map((person) => ({ group: group.id, person })));
  await sql`create temp table then_member on commit drop as
    select "group" as group_id, person as person_id from jsonb_to_recordset(${sql.json(members as unknown as Json)}::jsonb) as n("group" text, person text)`;
  await sql`create index then_member_group on then_member (group_id)`;
  const definitions = [
    ...catalogue.applications.map((content) => ({ kind: "application", key: content.id, content })),
    ...catalogue.policies.map((content) => ({ kind: "policy", key: content.id, content })),
    ...catalogue.calendars.map((content) => ({ kind: "calendar", key: content.id, content })),
    { kind: "later", key: "later", content: catalogue.later },
  ];
  await sql`create temp table then_definition on commit drop as
    select * from jsonb_to_recordset(${sql.json(definitions as unknown as Json)}::jsonb) as n(kind text, key text, content jsonb)`;
  // Nobody else sees these tables, so nobody else counts their rows; without counts, large ones are joined row by row.
  await sql`analyze then_person`;
  await sql`analyze then_member`;
  await sql`analyze then_definition`;
  return erased;
}
