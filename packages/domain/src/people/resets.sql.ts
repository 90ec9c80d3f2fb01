import type { Db } from '@engawa/db';

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

/** Reads and locks the link, so that of two at once the second sees it used. */
export async function lockReset(tx: Db, tokenHash: Buffer): Promise<Reset | null> {
  const [row] = await tx<Reset[]>`
    select id, person_id as "personId", used_at is not null as used, expires_at <= now() as expired
    from password_resets where token_hash = ${tokenHash} for update`;
  return row ?? null;
}

export async function useReset(tx: Db, id: string): Promise<void> {
  await tx`update password_resets set used_at = now() where id = ${id}`;
}
