import type { Db } from '@engawa/db';
import { epochs, raiseEpoch, spacesOfPerson } from './grants.sql.ts';

/** Belongs into the transaction of every access event: open connections of the space are decided anew. */
export async function bumpEpoch(tx: Db, spaceId: string | string[]): Promise<void> {
  const ids = Array.isArray(spaceId) ? spaceId : [spaceId];
  if (ids.length > 0) await raiseEpoch(tx, [...ids].sort());
}

/** The same for a change of a person (affiliation, suspension, session): every space they may stand in. */
export async function bumpEpochsOf(tx: Db, personId: string): Promise<void> {
  await bumpEpoch(tx, await spacesOfPerson(tx, personId));
}

/** The epochs of these spaces now, in one query. */
export async function epochsOf(sql: Db, spaceIds: string[]): Promise<Map<string, number>> {
  return new Map((await epochs(sql, spaceIds)).map((row) => [row.spaceId, row.epoch]));
}
