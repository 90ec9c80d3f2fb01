import { newId } from '@engawa/schema';
import { expect, test } from 'vitest';
import { buildWorld } from '../testing/index.ts';
import { brokenLink, followLedger, record, sequence } from './index.ts';

const world = await buildWorld();
const { sql, officer, space } = world;

const write = (n: number) =>
  sql.begin((tx) =>
    record(tx, officer.ctx, {
      verb: 'items.created',
      objectKind: 'item',
      objectId: newId(),
      spaceId: space,
      data: { n },
    }),
  );

test('rows are numbered once and in a chain, however many sequencers run', async () => {
  await Promise.all(Array.from({ length: 40 }, (_, n) => write(n)));
  await Promise.all([sequence(sql), sequence(sql), sequence(sql)]);
  await sequence(sql);
  const rows = await sql<{ pos: number }[]>`select pos from ledger order by pos`;
  expect(rows.map((row) => row.pos)).toEqual(rows.map((_, index) => index + 1));
  expect(await brokenLink(sql)).toBeNull();
});

test('a row that was changed afterwards breaks the chain', async () => {
  await write(1);
  await sequence(sql);
  const [row] = await sql<
    { id: string; pos: number }[]
  >`select id, pos from ledger order by pos desc limit 1`;
  await sql`update ledger set data = '{"n": 2}' where id = ${row!.id}`;
  expect(await brokenLink(sql)).toBe(row!.pos);
  await sql`update ledger set data = '{"n": 1}' where id = ${row!.id}`;
  expect(await brokenLink(sql)).toBeNull();
});

test('a follower sees each row once, also when it fails in the middle', async () => {
  const seen: number[] = [];
  const take = (fail: boolean) =>
    followLedger(
      sql,
      'test',
      async (rows) => {
        if (fail) throw new Error('the follower fell over');
        seen.push(...rows.map((row) => row.pos!));
      },
      7,
    );
  await take(false);
  await expect(take(true)).rejects.toThrow('fell over');
  await Promise.all([take(false), take(false)]);
  while ((await take(false)) > 0);
  const [last] = await sql<{ pos: number }[]>`select max(pos) as pos from ledger`;
  expect(seen).toEqual(Array.from({ length: last!.pos }, (_, index) => index + 1));
});

test('a row is not there when its transaction was undone', async () => {
  const id = newId();
  await sql
    .begin(async (tx) => {
      await record(tx, officer.ctx, {
        verb: 'items.created',
        objectKind: 'item',
        objectId: id,
        spaceId: space,
      });
      throw new Error('undo');
    })
    .catch(() => {});
  expect(await sql`select 1 from ledger where object_id = ${id}`).toHaveLength(0);
});
