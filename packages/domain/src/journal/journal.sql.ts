import type { Db, Sql, Tx } from '@engawa/db';

/** One item's share of a flush. */
export interface NewRow {
  itemId: string;
  generation: number;
  updates: Uint8Array;
  checksum: number;
}

/** What became of it: `seq` null with `known` means that another writer holds the item's head just now. */
export interface Written {
  itemId: string;
  generation: number;
  seq: number | null;
  known: boolean;
}

/**
 * Writes one row per item in one statement, which is one transaction and one fsync. Items whose head is locked are
 * skipped, not waited for. In READ COMMITTED the update sees the newest head, so `seq` stays gapless.
 */
export async function writeRows(sql: Db, rows: NewRow[]): Promise<Written[]> {
  return sql<Written[]>`
    with wanted as (
      select * from unnest(${rows.map((r) => r.itemId)}::uuid[], ${rows.map((r) => r.generation)}::int[],
        ${rows.map((r) => Buffer.from(r.updates).toString('base64'))}::text[], ${rows.map((r) => r.checksum)}::bigint[])
        as w (item, generation, updates, checksum)
    ), locked as (
      select h.item, h.generation from journal_heads h join wanted w using (item, generation)
      for update of h skip locked
    ), bumped as (
      update journal_heads h set seq = h.seq + 1 from locked l
      where h.item = l.item and h.generation = l.generation
      returning h.item, h.generation, h.seq
    ), written as (
      insert into journal_rows (item, generation, seq, updates, checksum)
      select b.item, b.generation, b.seq, decode(w.updates, 'base64'), w.checksum from bumped b join wanted w using (item, generation)
      returning item, generation, seq
    )
    select w.item as "itemId", w.generation, r.seq, exists (
      select 1 from journal_heads h where h.item = w.item and h.generation = w.generation) as known
    from wanted w left join written r using (item, generation)`;
}

/**
 * Makes the heads of items that have none; only an item's present generation gets one. An item that somebody else
 * holds is skipped, not waited for.
 */
export async function createHeads(sql: Db, rows: { itemId: string; generation: number }[]): Promise<void> {
  await sql`
    insert into journal_heads (item, generation)
    select i.id, i.generation from items i
    join unnest(${rows.map((r) => r.itemId)}::uuid[], ${rows.map((r) => r.generation)}::int[]) as w (item, generation)
      on w.item = i.id and w.generation = i.generation
    for key share of i skip locked
    on conflict do nothing`;
}

/** Those of these items that are there, in this generation. */
export async function presentItems(
  sql: Db,
  rows: { itemId: string; generation: number }[],
): Promise<{ itemId: string; generation: number }[]> {
  if (rows.length === 0) return [];
  return sql<{ itemId: string; generation: number }[]>`
    select i.id as "itemId", i.generation from items i
    join unnest(${rows.map((r) => r.itemId)}::uuid[], ${rows.map((r) => r.generation)}::int[]) as w (item, generation)
      on w.item = i.id and w.generation = i.generation`;
}

/** A hint for other nodes, outside the transaction: NOTIFY inside would make all commits queue. */
export async function notifyJournal(sql: Db, payloads: string[]): Promise<void> {
  await sql`select pg_notify('engawa_journal', hint) from unnest(${payloads}::text[]) as hint`;
}

export interface RawRow {
  seq: number;
  updates: Buffer;
  checksum: number;
}

/**
 * Rows after `after`, in order, and how far the item had been written when they were read: in one statement, so that
 * rows which are not there any more are missed. `head` is 0 for an item that nobody has written.
 */
export async function rowsPage(
  sql: Db,
  itemId: string,
  generation: number,
  after: number,
  limit: number,
): Promise<{ head: number; rows: RawRow[] }> {
  const found = await sql<({ head: number } & (RawRow | { seq: null }))[]>`
    select h.seq as head, r.* from journal_heads h left join lateral (
      select seq, updates, checksum from journal_rows
      where item = h.item and generation = h.generation and seq > ${after} order by seq limit ${limit}) r on true
    where h.item = ${itemId} and h.generation = ${generation} order by r.seq`;
  return { head: found[0]?.head ?? 0, rows: found.filter((row) => row.seq !== null) };
}

export interface Head {
  itemId: string;
  generation: number;
  seq: number;
}

export async function headsOf(sql: Db, items: { itemId: string; generation: number }[]): Promise<Head[]> {
  return sql<Head[]>`
    select h.item as "itemId", h.generation, h.seq from journal_heads h
    join unnest(${items.map((i) => i.itemId)}::uuid[], ${items.map((i) => i.generation)}::int[]) as w (item, generation)
      using (item, generation)`;
}

export interface Snapshot {
  seq: number;
  state: Buffer;
  sha256: Buffer;
}

/** The newest snapshot, or the one before it. */
export async function snapshotOf(
  sql: Db,
  itemId: string,
  generation: number,
  before: 0 | 1,
): Promise<Snapshot | undefined> {
  const [row] = await sql<Snapshot[]>`
    select seq, state, sha256 from journal_snapshots
    where item = ${itemId} and generation = ${generation} order by seq desc limit 1 offset ${before}`;
  return row;
}

/** Bytes of content in one row of an answer. */
const PIECE = 65_536;

export async function wireOf(
  sql: Db,
  itemId: string,
  generation: number,
): Promise<{ seq: number; state: Buffer; checksum: number } | undefined> {
  let kept: { seq: number; state: Buffer; checksum: number } | undefined;
  // In rows, which are read while PostgreSQL makes the next: 10 MB take half as long as in one value. Unsorted, since a
  // sort would wait for all of them. And in base64: the driver gets bytea as hex, which is longer.
  await sql<{ seq: number; checksum: number; size: number; at: number; piece: string }[]>`
    select seq, checksum, octet_length(state) as size, at, encode(substring(state from at + 1 for ${PIECE}), 'base64') as piece
    from journal_wires, generate_series(0, octet_length(state), ${PIECE}) as at
    where item = ${itemId} and generation = ${generation}`.forEach(({ seq, checksum, size, at, piece }) => {
    kept ??= { seq, checksum, state: Buffer.allocUnsafeSlow(size) };
    kept.state.write(piece, at, 'base64');
  });
  return kept;
}

/** Bytes that an item takes as it stands: what was merged last, and the rows since. */
export async function journalBytes(sql: Db, itemId: string, generation: number): Promise<number> {
  const [row] = await sql<{ bytes: number }[]>`
    with merged as (
      select seq, octet_length(state) as bytes from journal_wires
      where item = ${itemId} and generation = ${generation})
    select coalesce((select bytes from merged), 0) + coalesce(sum(octet_length(updates)), 0)::bigint as bytes
    from journal_rows
    where item = ${itemId} and generation = ${generation} and seq > coalesce((select seq from merged), 0)`;
  return row!.bytes;
}

export async function putWire(
  tx: Db,
  row: { itemId: string; generation: number; seq: number; wire: Uint8Array; checksum: number },
): Promise<void> {
  await tx`
    insert into journal_wires (item, generation, seq, state, checksum)
    select h.item, h.generation, ${row.seq}, ${Buffer.from(row.wire)}, ${row.checksum} from journal_heads h
    where h.item = ${row.itemId} and h.generation = ${row.generation} and h.seq >= ${row.seq}
    on conflict (item, generation) do update
      set seq = excluded.seq, state = excluded.state, checksum = excluded.checksum
      where journal_wires.seq <= excluded.seq`;
}

export async function insertSnapshot(
  tx: Db,
  row: { itemId: string; generation: number; seq: number; state: Uint8Array; sha256: Buffer },
): Promise<void> {
  await tx`
    insert into journal_snapshots (item, generation, seq, state, sha256)
    select h.item, h.generation, ${row.seq}, ${Buffer.from(row.state)}, ${row.sha256} from journal_heads h
    where h.item = ${row.itemId} and h.generation = ${row.generation} and h.seq >= ${row.seq}
    on conflict (item, generation, seq) do update set state = excluded.state, sha256 = excluded.sha256`;
}

/** Keeps the newest two: the older one is what a damaged newest falls back on. */
export async function dropOldSnapshots(tx: Db, itemId: string, generation: number): Promise<void> {
  await tx`
    delete from journal_snapshots where item = ${itemId} and generation = ${generation} and seq < (
      select min(seq) from (
        select seq from journal_snapshots where item = ${itemId} and generation = ${generation}
        order by seq desc limit 2) as kept)`;
}

/** Gives the client ids that are free to this person. Returns whose each of them is now. */
export async function takeLeases(
  sql: Db,
  itemId: string,
  generation: number,
  clientIds: number[],
  personId: string,
): Promise<{ clientId: number; personId: string }[]> {
  await sql`
    insert into client_leases (item, generation, client_id, person)
    select ${itemId}, ${generation}, id, ${personId} from unnest(${clientIds}::bigint[]) as id
    on conflict do nothing`;
  return sql<{ clientId: number; personId: string }[]>`
    select client_id as "clientId", person as "personId" from client_leases
    where item = ${itemId} and generation = ${generation} and client_id = any(${clientIds}::bigint[])`;
}

/** Of these (item, person) pairs, those whose edit was not yet told in this minute, with the item's space. */
export async function untold(
  tx: Tx | Sql,
  verb: string,
  pairs: { itemId: string; personId: string }[],
): Promise<{ itemId: string; personId: string; spaceId: string }[]> {
  return tx<{ itemId: string; personId: string; spaceId: string }[]>`
    select i.id as "itemId", w.person as "personId", i.space_id as "spaceId"
    from unnest(${pairs.map((p) => p.itemId)}::uuid[], ${pairs.map((p) => p.personId)}::uuid[]) as w (item, person)
    join items i on i.id = w.item
    where not exists (
      select 1 from ledger l where l.object_id = i.id and l.verb = ${verb}
        and coalesce(l.actor_id, l.on_behalf) = w.person and l.at >= date_trunc('minute', now()))`;
}

/** Lists show recent edits, to the minute; rows that another verb holds just now are left for the next time. */
export async function touchItem(tx: Db, itemId: string, personId: string): Promise<void> {
  await tx`
    update items set updated_at = now(), updated_by = ${personId}
    where id = (select id from items where id = ${itemId} for no key update skip locked)`;
}

/** Waits for whoever writes to it now, and keeps others from it until the transaction ends. */
export async function lockHead(tx: Tx, itemId: string, generation: number): Promise<boolean> {
  const rows = await tx`
    select 1 from journal_heads where item = ${itemId} and generation = ${generation} for update`;
  return rows.length > 0;
}

/** The item's next generation, begun with one row; the one before is gone with its rows, snapshots and leases. */
export async function beginGeneration(
  tx: Tx,
  { itemId, generation, updates, checksum }: NewRow,
): Promise<void> {
  await tx`update items set generation = ${generation} where id = ${itemId}`;
  await tx`insert into journal_heads (item, generation, seq) values (${itemId}, ${generation}, 1)`;
  await tx`
    insert into journal_rows (item, generation, seq, updates, checksum)
    values (${itemId}, ${generation}, 1, ${Buffer.from(updates)}, ${checksum})`;
  await tx`delete from client_leases where item = ${itemId} and generation < ${generation}`;
  await tx`delete from journal_heads where item = ${itemId} and generation < ${generation}`;
}

/** Items with rows older than so many days, and the newest such row of each; those behind `after`, in their order. */
export async function oldRows(
  sql: Db,
  days: number,
  limit: number,
  after = { itemId: '00000000-0000-0000-0000-000000000000', generation: 0 },
): Promise<{ itemId: string; generation: number; seq: number }[]> {
  return sql<{ itemId: string; generation: number; seq: number }[]>`
    select item as "itemId", generation, max(seq) as seq from journal_rows
    where at < now() - make_interval(days => ${days}) and (item, generation) > (${after.itemId}, ${after.generation})
    group by item, generation order by item, generation limit ${limit}`;
}

export async function dropRows(sql: Db, itemId: string, generation: number, upTo: number): Promise<void> {
  await sql`
    delete from journal_rows where item = ${itemId} and generation = ${generation} and seq <= ${upTo}`;
}
