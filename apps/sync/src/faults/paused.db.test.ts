import { setTimeout as sleep } from 'node:timers/promises';
import { migrate, openDatabase } from '@engawa/db';
import { readDocument } from '@engawa/domain';
import { buildWorldOn } from '@engawa/domain/testing';
import { afterAll, expect, test } from 'vitest';
import { faultsIn, NONE, openCrowd, rowOf } from '../testing/crowd.ts';
import { reportFault } from '../testing/faults.ts';
import { ownPostgres } from '../testing/own-postgres.ts';
import { signInAs } from '../testing/sessions.ts';
import { spawnNode } from '../testing/spawn.ts';

/** Longer than the journal waits for one flush (10 s), and as long as it waits at all. */
const PAUSE = 30_000;
const postgres = await ownPostgres();
const sql = openDatabase(postgres.url, { max: 4 });
await migrate(sql);
const world = await buildWorldOn({ sql, url: postgres.url });
const node = await spawnNode({ databaseUrl: postgres.url, env: { SYNC_LOG: 'silent' } });

afterAll(async () => {
  postgres.resume();
  await node.kill();
  await sql.end({ timeout: 1 });
  await postgres.stop();
});

test.skipIf(process.platform !== 'linux')(
  'PostgreSQL stands still for 30 s while four type: suspended, and nothing told in between',
  { timeout: 240_000 },
  async () => {
    const token = await signInAs(sql, world.officer.id);
    const items = await Promise.all([world.item(), world.item({ kind: 'board' })]);
    const crowd = await openCrowd({
      seats: items.flatMap((itemId, index) =>
        [1, 2].map(() => ({
          url: node.url,
          itemId,
          kind: index === 0 ? ('doc' as const) : ('board' as const),
          token,
        })),
      ),
      stored: (itemId) => readDocument(sql, itemId, 1),
    });
    await crowd.recovered(performance.now());
    postgres.pause();
    await sleep(1_000);
    const told = () => crowd.typists.map((typist) => typist.savedWords);
    const before = told();
    await sleep(PAUSE - 1_000);
    expect(told()).toEqual(before);
    expect(crowd.pages.every(({ notices }) => notices.some(({ kind }) => kind === 'suspended'))).toBe(true);
    postgres.resume();
    const recovery = await crowd.recovered(performance.now());
    const verdict = await crowd.finish([node.url]);
    reportFault(rowOf('PostgreSQL stands still for 30 s', verdict, [recovery]));
    expect(faultsIn(verdict)).toEqual(NONE);
  },
);
