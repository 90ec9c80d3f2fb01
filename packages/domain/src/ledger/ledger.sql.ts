import type { Db } from '@engawa/db';

export interface LedgerRow {
  id: string;
  pos: number | null;
  at: Date;
  actorKind: string;
  actorId: string | null;
  onBehalf: string | null;
  verb: string;
  objectKind: string;
  objectId: string;
  spaceId: string | null;
  ids: Record<string, string>;
  data: Record<string, number | string | boolean | null>;
}

type NewRow = Omit<LedgerRow, 'pos' | 'at'>;

export async function insertEvent(tx: Db, row: NewRow): Promise<void> {
  await tx`
    insert into ledger (id, actor_kind, actor_id, on_behalf, verb, object_kind, object_id, space_id, ids, data)
    values (${row.id}, ${row.actorKind}, ${row.actorId}, ${row.onBehalf}, ${row.verb}, ${row.objectKind},
      ${row.objectId}, ${row.spaceId}, ${tx.json(row.ids)}, ${tx.json(row.data)})`;
}

/** A hint for whoever looks at the space; delivered at commit. */
export async function notifySpace(tx: Db, spaceId: string): Promise<void> {
  await tx`select pg_notify('engawa_space', ${spaceId})`;
}

/** A hint for the sequencer and the followers. */
export async function notifyLedger(tx: Db): Promise<void> {
  await tx`select pg_notify('engawa_ledger', '')`;
}

const LOCK = 727_002;

/** Whether this transaction is now the one sequencer. */
export async function takeSequencer(tx: Db): Promise<boolean> {
  const [row] = await tx<{ taken: boolean }[]>`select pg_try_advisory_xact_lock(${LOCK}) as taken`;
  return row?.taken ?? false;
}

export async function lastLink(tx: Db): Promise<{ pos: number; hash: Buffer | null }> {
  const [row] = await tx<{ pos: number; hash: Buffer }[]>`
    select pos, hash from ledger where pos is not null order by pos desc limit 1`;
  return row ?? { pos: 0, hash: null };
}

export interface ChainRow extends LedgerRow {
  sideHash: Buffer | null;
  hash: Buffer | null;
}

const columns = (sql: Db) => sql`
  id, pos, at, actor_kind as "actorKind", actor_id as "actorId", on_behalf as "onBehalf", verb,
  object_kind as "objectKind", object_id as "objectId", space_id as "spaceId", ids, data`;

export async function unnumbered(tx: Db, limit: number): Promise<ChainRow[]> {
  return tx<ChainRow[]>`
    select ${columns(tx)}, side_hash as "sideHash", hash from ledger where pos is null order by id limit ${limit}`;
}

export async function numbered(sql: Db, after: number, limit: number): Promise<ChainRow[]> {
  return sql<ChainRow[]>`
    select ${columns(sql)}, side_hash as "sideHash", hash from ledger where pos > ${after} order by pos limit ${limit}`;
}

export async function setLinks(tx: Db, links: { id: string; pos: number; hash: Buffer }[]): Promise<void> {
  const hex = links.map((link) => link.hash.toString('hex'));
  await tx`
    update ledger set pos = link.pos, hash = decode(link.hash, 'hex')
    from unnest(${links.map((l) => l.id)}::uuid[], ${links.map((l) => l.pos)}::bigint[], ${hex}::text[]) as link (id, pos, hash)
    where ledger.id = link.id`;
}

/** Locks and reads a follower's cursor; makes it at the start of the ledger when it is new. */
export async function lockFollower(tx: Db, name: string): Promise<number> {
  await tx`insert into ledger_followers (name) values (${name}) on conflict do nothing`;
  const [row] = await tx<{ pos: number }[]>`select pos from ledger_followers where name = ${name} for update`;
  return row?.pos ?? 0;
}

export async function moveFollower(tx: Db, name: string, pos: number): Promise<void> {
  await tx`update ledger_followers set pos = ${pos} where name = ${name}`;
}
