import { buildWorld } from '@engawa/domain/testing';
import { pino } from 'pino';
import { expect, test } from 'vitest';
import { until } from '../testing/client.ts';
import { Epochs, type Held } from './epochs.ts';

const world = await buildWorld();

/** Something whose access has changed, and about which it takes that many milliseconds to decide. */
function stale(ms: number) {
  const seen = { decided: 0, suspended: 0, fails: 0 };
  let epoch = -1;
  const held: Held = {
    spaceId: world.space,
    get epoch() {
      return epoch;
    },
    until: Infinity,
    async decide() {
      seen.decided += 1;
      await new Promise((done) => setTimeout(done, ms));
      if (seen.fails > 0) {
        seen.fails -= 1;
        throw new Error('the database cannot be asked');
      }
      const [row] = await world.sql<{ epoch: number }[]>`
        select access_epoch as epoch from spaces where id = ${world.space}`;
      epoch = row!.epoch;
    },
    suspend: () => void (seen.suspended += 1),
    resume() {},
  };
  return { held, seen };
}

async function running(all: Held[], work: (epochs: Epochs) => Promise<void>): Promise<void> {
  const epochs = new Epochs(world.sql, () => all, pino({ level: 'silent' }));
  await epochs.start();
  try {
    await work(epochs);
  } finally {
    await epochs.stop();
  }
}

test('many decisions, longer than the patience for a database, suspend nobody, and each is made once', async () => {
  const all = Array.from({ length: 60 }, () => stale(400));
  await running(
    all.map(({ held }) => held),
    async () => {
      for (let change = 0; change < 20; change += 1) await world.sql`select pg_notify('engawa_access', '')`;
      await until(() => all.every(({ held }) => held.epoch >= 0), 20_000);
    },
  );
  expect(all.map(({ seen }) => seen)).toEqual(all.map(() => ({ decided: 1, suspended: 0, fails: 0 })));
});

test('who could not be decided about is asked about again', async () => {
  const one = stale(1);
  one.seen.fails = 3;
  await running([one.held], () => until(() => one.held.epoch >= 0, 20_000));
  expect(one.seen.decided).toBe(4);
});
