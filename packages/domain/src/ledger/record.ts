import type { Db } from '@engawa/db';
import { newId, type ObjectKind } from '@engawa/schema';
import type { Ctx } from '../ctx.ts';
import { insertEvent, notifyLedger, notifySpace } from './ledger.sql.ts';

/** One change. `ids` and `data` hold ids and small values only: never a name, a title, an address or text. */
export interface LedgerEvent {
  /** `<feature>.<what happened>`, such as `items.renamed`. */
  verb: string;
  objectKind: ObjectKind | 'person' | 'invitation';
  objectId: string;
  spaceId?: string | null;
  ids?: Record<string, string>;
  data?: Record<string, number | string | boolean | null>;
}

/**
 * Writes one row of the ledger in the verb's own transaction. It is numbered after commit by the sequencer,
 * so writers never wait for one another here. Returns the row's id.
 */
export async function record(tx: Db, ctx: Pick<Ctx, 'caller'>, event: LedgerEvent): Promise<string> {
  const { caller } = ctx;
  const id = newId();
  const spaceId = event.spaceId ?? (event.objectKind === 'space' ? event.objectId : null);
  await insertEvent(tx, {
    id,
    actorKind: caller.kind,
    actorId: caller.kind === 'session' ? caller.personId : null,
    onBehalf: caller.kind === 'job' ? caller.personId : null,
    verb: event.verb,
    objectKind: event.objectKind,
    objectId: event.objectId,
    spaceId,
    ids: event.ids ?? {},
    data: event.data ?? {},
  });
  await notifyLedger(tx);
  if (spaceId) await notifySpace(tx, spaceId);
  return id;
}
