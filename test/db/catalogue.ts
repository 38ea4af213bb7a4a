/** A catalogue of any size, made by the server itself: applications with ten entitlements each, some of them for a few departments only. */
import type { Connection } from "../../src/db/connect.ts";

const FIRST = ["Sales", "Global", "Cloud", "Data", "Git", "Ops", "Legal", "Smart", "Ürün", "Работа"];
const SECOND = ["force", "hub", "book", "ledger", "desk", "stream", "%", "_", "Portal 🎉"];
const THIRD = ["EMEA", "APAC", "Suite", "Manager", "a-b_c", "O'Hara", "C:\\Share"];
const ROLES = ["Reader", "Writer", "Administrator", "Report builder", "Auditor", "Power user", "Guest"];
const AREAS = ["Finance", "Treasury", "Payroll", "Code-review", "Warehouse", "Forecast", "Äpfel"];

/** Adds applications numbered from `from` to `to`; every word of these lists stands in as great a part of any catalogue. */
export async function addApplications({ sql }: Pick<Connection, "sql">, from: number, to: number): Promise<void> {
  const named = sql`
    select n, f[1 + n % 10] || s[1 + n % 9] || ' ' || t[1 + n % 7] || ' ' || n as name,
      case n % 4 when 0 then jsonb_build_object('department', jsonb_build_array('Sales', 'D' || n % 40)) end as rule
    from generate_series(${from}::int, ${to}::int) n, (select ${FIRST}::text[] as f, ${SECOND}::text[] as s, ${THIRD}::text[] as t) w`;
  await sql`insert into definition (kind, key, digest, content, since)
    select 'application', 'app' || n, '', jsonb_build_object('id', 'app' || n, 'name', name, 'description', 'Number ' || n || ' of all', 'requestableBy', rule), 1
    from (${named}) x`;
  await sql`insert into application (id, name, search, definition_id)
    select d.key, x.name, concat_ws(E'\n', x.small, 'crm' || n % 50, 'sales tool', (
      select string_agg(lower(r[1 + (n + e) % 7] || ' ' || a[1 + (n * 7 + e * 3) % 7]) || ' ' || n * e % 97, E'\n') from generate_series(1, 10) e), 'number ' || n || ' of all'), d.id
    from (select n, name, translate(lower(name), 'ÜŞР', 'üşр') as small from (${named}) y) x join definition d on d.kind = 'application' and d.key = 'app' || x.n,
      (select ${ROLES}::text[] as r, ${AREAS}::text[] as a) w`;
  await sql`analyze`;
}

/** Adds people whose names all hold the same letter, in fifty departments. */
export async function addPeople({ sql }: Pick<Connection, "sql">, from: number, to: number): Promise<void> {
  await sql`insert into person (id, email, name, department, title, location, time_zone, state)
    select 'p' || n, 'given' || n % 500 || '.family' || n % 7000 || '.' || n || '@acme.example', 'Given' || n % 500 || ' Ann Family' || n % 7000,
      'Sales department ' || n % 50, '', '', 'Europe/Berlin', 'active' from generate_series(${from}::int, ${to}::int) n`;
}
