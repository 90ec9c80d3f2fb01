import type { Db } from '@engawa/db';
import { takeLeases } from './journal.sql.ts';

/**
 * Leases the Yjs client ids that are free to this person, and says whose each is. A client's offline edits of an
 * earlier page load pass, because the ids are still theirs; another's id does not.
 */
export async function leaseClients(
  sql: Db,
  itemId: string,
  generation: number,
  clientIds: number[],
  personId: string,
): Promise<Map<number, string>> {
  const rows = await takeLeases(sql, itemId, generation, clientIds, personId);
  return new Map(rows.map((row) => [row.clientId, row.personId]));
}
