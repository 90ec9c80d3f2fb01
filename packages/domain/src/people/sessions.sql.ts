import type { Db } from '@engawa/db';
import { gathering } from '../gather.ts';
import type { SessionRow } from '@engawa/schema';

/** Days without a visit, and days in all, after which a session ends. */
const SLIDING_DAYS = 14;
const ABSOLUTE_DAYS = 60;

export async function insertSession(
  tx: Db,
  session: { id: string; tokenHash: Buffer; personId: string; userAgent: string; network: string },
): Promise<Date> {
  const [row] = await tx<{ expiresAt: Date }[]>`
    insert into sessions (id, token_hash, person_id, expires_at, ends_at, user_agent, network)
    values (${session.id}, ${session.tokenHash}, ${session.personId}, now() + ${SLIDING_DAYS} * interval '1 day',
      now() + ${ABSOLUTE_DAYS} * interval '1 day', ${session.userAgent}, ${session.network})
    returning expires_at as "expiresAt"`;
  return row!.expiresAt;
}

export interface LiveSession {
  id: string;
  personId: string;
  /** The last sliding is old enough for another. */
  stale: boolean;
}

/** Sessions that are in force, by the hashes of their tokens as hex. */
export const liveSessions = gathering(async (sql, hashes) => {
  const rows = await sql<(LiveSession & { hash: string })[]>`
    select asked.hash, s.id, s.person_id as "personId", s.seen_at < now() - interval '5 minutes' as stale
    from unnest(${hashes}::text[]) as asked (hash) join sessions s on s.token_hash = decode(asked.hash, 'hex')
    join people p on p.id = s.person_id
    where s.expires_at > now() and s.ends_at > now() and p.suspended_at is null and p.deleted_at is null`;
  return new Map(rows.map((row) => [row.hash, row]));
});

export async function slideSession(sql: Db, id: string): Promise<void> {
  await sql`
    update sessions set seen_at = now(), expires_at = least(ends_at, now() + ${SLIDING_DAYS} * interval '1 day')
    where id = ${id}`;
}

export async function sessionsOf(sql: Db, personId: string, currentId: string | null): Promise<SessionRow[]> {
  return sql<SessionRow[]>`
    select id, user_agent as "userAgent", created_at as "createdAt", seen_at as "seenAt", expires_at as "expiresAt",
      id = ${currentId} as current
    from sessions where person_id = ${personId} and expires_at > now() and ends_at > now()
    order by id = ${currentId} desc, seen_at desc`;
}

/** Ends one session of the person; false when there is none of theirs by this id. */
export async function deleteSession(tx: Db, personId: string, id: string): Promise<boolean> {
  const done = await tx`delete from sessions where id = ${id} and person_id = ${personId}`;
  return done.count === 1;
}

/** Ends all sessions of the person but one. */
export async function deleteSessions(
  tx: Db,
  personId: string,
  exceptId: string | null = null,
): Promise<number> {
  const done = await tx`
    delete from sessions where person_id = ${personId} and (${exceptId}::uuid is null or id <> ${exceptId})`;
  return done.count;
}

/** Ended sessions are of no use to anybody after a day. */
export async function sweepSessions(sql: Db): Promise<number> {
  const done = await sql`
    delete from sessions where least(expires_at, ends_at) < now() - interval '1 day'`;
  return done.count;
}
