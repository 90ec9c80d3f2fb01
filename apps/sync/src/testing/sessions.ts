import { createHash, randomBytes } from 'node:crypto';
import type { Sql } from '@engawa/db';
import { newId } from '@engawa/schema';

/** Signs a person in without asking. Returns the token of their cookie. */
export async function signInAs(sql: Sql, personId: string, hours = 24): Promise<string> {
  const token = randomBytes(32).toString('base64url');
  const hash = createHash('sha256').update(token).digest();
  await sql`insert into sessions (id, token_hash, person_id, expires_at, ends_at)
    values (${newId()}, ${hash}, ${personId}, now() + ${hours} * interval '1 hour', now() + interval '30 days')`;
  return token;
}
