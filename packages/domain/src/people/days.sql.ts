import type { Db } from '@engawa/db';

const dayOf = (sql: Db, day: string | Date | number) =>
  typeof day === 'string'
    ? sql`${day}::date`
    : typeof day === 'number'
      ? sql`((now() at time zone o.zone)::date + ${day}::int)`
      : sql`(${day}::timestamptz at time zone o.zone)::date`;

/** 23:59:59 of the day, in the organisation's zone. */
export async function lastMomentOf(
  sql: Db,
  organisationId: string,
  day: string | Date | number,
): Promise<Date> {
  const [row] = await sql<{ at: Date }[]>`
    select (${dayOf(sql, day)} + 1)::timestamp at time zone o.zone - interval '1 second' as at
    from organisations o where o.id = ${organisationId}`;
  return row!.at;
}

/** 00:00:00 of the day, in the organisation's zone. */
export async function firstMomentOf(sql: Db, organisationId: string, day: string | Date): Promise<Date> {
  const [row] = await sql<{ at: Date }[]>`
    select ${dayOf(sql, day)}::timestamp at time zone o.zone as at from organisations o where o.id = ${organisationId}`;
  return row!.at;
}
