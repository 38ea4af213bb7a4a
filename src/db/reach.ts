/** Whom Latchkey has to reach and where: the people that open work and the configuration count on, with their logins; and the channels it names. */
import { sql } from "drizzle-orm";
import type { PersonState } from "../domain/people.ts";
import type { Db } from "./connect.ts";
import { SETTINGS, TECHNICAL_OWNERS } from "./fragments.ts";
import { application, chatAccount, definition, event, group, member, person, task, taskAssignee, unreachable } from "./schema.ts";
import { statement } from "./statement.ts";

/** What somebody is counted on for. */
export type Part = "holds open work" | "administrator" | "approver" | "fulfiller" | "owner" | "manager";

export interface Wanted {
  readonly id: string;
  readonly name: string;
  readonly email: string;
  readonly state: PersonState;
  /** Empty for people whom nothing counts on. */
  readonly parts: readonly Part[];
  readonly logins: readonly { readonly home: string; readonly user: string; readonly proved: boolean }[];
  /** Logins that an administrator took away from them. */
  readonly takenAway: readonly string[];
  /** The platform's own word for why the last card didn't arrive; null: nothing known. */
  readonly unreachable: string | null;
}

const p = (name: string) => sql.placeholder(name);

/** People named by a setting, as rows `(person, part)`: one person, or a group's members. */
const NAMED = sql`
  select coalesce(m.person_id, n.setting->>'person') as id, n.part from named n left join ${member} m on m.group_id = n.setting->>'group'`;

const wanted = statement<Wanted>(sql`
with s as (select ${SETTINGS} as settings),
policies as (select step->'approvers' as approvers from ${definition} d, jsonb_array_elements(d.content->'steps') step where d.kind = 'policy' and d.until is null),
applications as (select d.content from ${application} a join ${definition} d on d.id = a.definition_id),
named(setting, part) as (
  select s.settings->'administrators', 'administrator' from s union all select s.settings->'fallbackApprovers', 'approver' from s
  union all select approvers, 'approver' from policies where approvers->>'kind' = 'group' union all select content->'fulfillers', 'fulfiller' from applications
  union all select jsonb_build_object('person', content->>'businessOwner'), 'owner' from applications
  union all select jsonb_build_object('person', content->>'technicalOwner'), 'owner' from applications),
parts(id, part) as (
  ${NAMED}
  union select o.id, 'administrator' from s, ${TECHNICAL_OWNERS} o where jsonb_typeof(s.settings->'administrators') is distinct from 'object'
  union select coalesce(a.person_id, m.person_id), 'holds open work' from ${task} t join ${taskAssignee} a on a.task_id = t.id
    left join ${member} m on m.group_id = a.group_id where t.state = 'open'
  union select x.manager_id, 'manager' from ${person} x where x.state = 'active' and exists (select from policies where approvers->>'kind' = 'manager'))
select x.id, x.name, x.email, x.state, coalesce((select jsonb_agg(distinct w.part) from parts w where w.id = x.id), '[]') as parts,
  coalesce((select jsonb_agg(jsonb_build_object('home', c.home, 'user', c."user", 'proved', c.proved_at is not null) order by c.linked_at desc)
    from ${chatAccount} c where c.person_id = x.id and c.platform = 'slack'), '[]') as logins,
  coalesce((select jsonb_agg(distinct e.data->>'user') from ${event} e where e.kind = 'account-unlinked' and e.data->>'person' = x.id
    and not exists (select from ${chatAccount} c where c.platform = 'slack' and c.home = e.data->>'home' and c."user" = e.data->>'user')), '[]') as "takenAway",
  (select u.why from ${unreachable} u where u.person_id = x.id and u.platform = 'slack') as unreachable
from ${person} x where x.id in (select w.id from parts w) or (${p("everybody")}::boolean and x.state = 'active')
order by x.name, x.id`);

/** Those who are counted on for something; `everybody`: all active people beside them. */
export async function readWanted(db: Db, everybody: boolean): Promise<readonly Wanted[]> {
  return wanted(db, { everybody });
}

export interface NamedChannel {
  readonly channel: string;
  /** Groups and applications whose cards go there. */
  readonly of: readonly string[];
}

const channels = statement<NamedChannel>(sql`
select ltrim(n.channel, '#') as channel, jsonb_agg(distinct n.name order by n.name) as of from (
  select g.slack_channel as channel, 'group ' || g.id as name from ${group} g where g.notify is distinct from 'direct'
  union all select d.content->>'slackChannel', 'application ' || a.id from ${application} a join ${definition} d on d.id = a.definition_id
    where d.content->>'notify' is distinct from 'direct') n
where n.channel is not null group by 1 order by 1`);

/** Every channel that the configuration sends cards to. */
export async function namedChannels(db: Db): Promise<readonly NamedChannel[]> {
  return channels(db, {});
}

export interface ThinGroup {
  readonly group: string;
  readonly policy: string;
  readonly needed: number;
  readonly active: number;
}

const thin = statement<ThinGroup>(sql`
select step->'approvers'->>'group' as "group", d.key as policy, coalesce((step->>'needed')::int, 1) as needed, a.active
from ${definition} d cross join lateral jsonb_array_elements(d.content->'steps') step
cross join lateral (select count(*)::int as active from ${member} m join ${person} x on x.id = m.person_id and x.state = 'active'
  where m.group_id = step->'approvers'->>'group') a
where d.kind = 'policy' and d.until is null and step->'approvers'->>'kind' = 'group' and a.active < coalesce((step->>'needed')::int, 1)
order by 1, 2`);

/** Groups with fewer active members than a policy demands approvals of them. */
export async function thinGroups(db: Db): Promise<readonly ThinGroup[]> {
  return thin(db, {});
}
