import { buildWorld } from '@engawa/domain/testing';
import { openMail } from '@engawa/mail';
import { startWorker } from '@engawa/worker';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { register } from 'prom-client';
import { afterAll, expect, test } from 'vitest';
import { countJobs } from './metrics.ts';

const world = await buildWorld();
const folder = mkdtempSync(join(tmpdir(), 'engawa-metrics-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const waiting = async (): Promise<string[]> =>
  (await register.getSingleMetricAsString('engawa_jobs_waiting'))
    .split('\n')
    .filter((line) => !line.startsWith('#'));

test('jobs that wait are counted by what they are; before the first worker there are none', async () => {
  countJobs(world.sql);
  expect(await waiting()).toEqual([]);
  const worker = await startWorker({
    services: world.services,
    databaseUrl: world.databaseUrl,
    mailer: openMail({ url: null, from: 'engawa@example.jp', folder }),
    log: pino({ level: 'silent' }),
  });
  await worker.stop();
  // What comes while no worker runs.
  await world.sql`insert into pgboss.job (name, data) select 'mail-reset', '{}' from generate_series(1, 3)`;
  expect(await waiting()).toEqual(['engawa_jobs_waiting{job="mail-reset"} 3']);
});
