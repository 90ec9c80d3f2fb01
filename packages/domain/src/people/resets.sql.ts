import type { Db } from '@engawa/db';
import type { Locale } from '@engawa/schema';

/** A new reset link ends the earlier ones of the person. */
export async function insertReset(
  tx: Db,
  reset: { id: string; personId: string; tokenHash: Buffer; hours: number },
): Promise<void> {
  await tx`update password_resets set used_at = now() where person_id = ${reset.personId} and used_at is null`;
  await tx`
    insert into password_resets (id, person_id, token_hash, expires_at)
    values (${reset.id}, ${reset.personId}, ${reset.tokenHash}, now() + ${reset.hours} * interval '1 hour')`;
}

export interface Reset {
  id: string;
  personId: string;
  used: boolean;
  expired: boolean;
}

export async function findReset(sql: Db, tokenHash: Buffer): Promise<Reset | null> {
  const [row] = await sql<Reset[]>`
    select id, person_id as "personId", used_at is not null as used, expires_at <= now() as expired
    from password_resets where token_hash = ${tokenHash}`;
  return row ?? null;
}

/** Reads and locks the link, so that of two at once the second sees it used. */
export async function lockReset(tx: Db, tokenHash: Buffer): Promise<Reset | null> {
  await tx`select 1 from password_resets where token_hash = ${tokenHash} for update`;
  return findReset(tx, tokenHash);
}

export async function useReset(tx: Db, id: string): Promise<void> {
  await tx`update password_resets set used_at = now() where id = ${id}`;
}

export interface LiveReset {
  address: string;
  name: string;
  locale: Locale;
  expiresAt: Date;
}

/** Whom a link is for, while it can still be used. */
export async function liveReset(sql: Db, id: string): Promise<LiveReset | null> {
  const [row] = await sql<LiveReset[]>`
    select p.email as address, p.name, p.locale, r.expires_at as "expiresAt"
    from password_resets r join people p on p.id = r.person_id
    where r.id = ${id} and r.used_at is null and r.expires_at > now()
      and p.email is not null and p.deleted_at is null and p.suspended_at is null`;
  return row ?? null;
}
