import type { Sql } from '@engawa/db';
import { leaseClients } from '@engawa/domain';
import type { OpenDocument } from '../documents/open-documents.ts';
import { Refusal } from '../access/identify.ts';

/** Every one of these client ids is this person's, or becomes theirs now. Throws Refusal when one is another's. */
export async function requireLeases(
  sql: Sql,
  open: OpenDocument,
  clientIds: number[],
  personId: string,
): Promise<void> {
  const unknown = clientIds.filter((id) => !open.leases.has(id));
  if (unknown.length > 0) {
    const leased = await leaseClients(sql, open.itemId, open.generation, unknown, personId);
    for (const [clientId, holder] of leased) open.leases.set(clientId, holder);
  }
  const forged = clientIds.find((id) => open.leases.get(id) !== personId);
  if (forged !== undefined) throw new Refusal('refused', `client id ${forged} is another's`);
}
