import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { migrate, openDatabase } from '@engawa/db';
import { readDocument } from '@engawa/domain';
import { buildWorldOn } from '@engawa/domain/testing';
import {
  doToCrowds,
  faultsIn,
  NONE,
  openCrowd,
  ownPostgres,
  reportFault,
  rollDice,
  rowOf,
  SEED,
  shareOf,
  signInAs,
  type Crowd,
} from '@engawa/sync/testing';
import { afterAll, expect, test } from 'vitest';
import { addPeople, uploadFiles } from '../testing/errands.ts';
import { startParts, type Part } from '../testing/parts.ts';

// Web, two sync nodes, worker and PostgreSQL as they run in earnest, behind one address. It needs the built web app.
const { kills, timeout } = shareOf(0.36);
const DEPLOYS = Math.max(2, Math.round(kills / 15));
const postgres = await ownPostgres();
const sql = openDatabase(postgres.url, { max: 4 });
await migrate(sql);
const world = await buildWorldOn({ sql, url: postgres.url });
const parts = await startParts({ databaseUrl: postgres.url, key: world.services.key });
const mailbox = join(parts.folder, `worker-${parts.worker.port}`, 'mail');
await world.give(world.clerk.id, world.space, 'editor');
const tokens = await Promise.all([world.officer, world.clerk].map(({ id }) => signInAs(sql, id)));
const url = parts.proxy.url.replace('http', 'ws');

afterAll(async () => {
  await parts.stop();
  await sql.end({ timeout: 1 });
  await postgres.stop();
});

/** Two at each of two documents and a board. */
async function gather(): Promise<Crowd> {
  const items = (['doc', 'doc', 'board'] as const).map(async (kind) => ({
    kind,
    itemId: await world.item({ kind }),
  }));
  const seats = (await Promise.all(items)).flatMap((item) =>
    tokens.map((token) => ({ ...item, token, url, origin: parts.proxy.url })),
  );
  return openCrowd({ seats, stored: (itemId) => readDocument(sql, itemId, 1) });
}
const direct = () => parts.sync.map((node) => node.url);

const VICTIMS = ['a sync node of two', 'web', 'worker', 'PostgreSQL'] as const;
type Victim = (typeof VICTIMS)[number];

test(`${kills} × kill -9 of one of the parts while six type`, { timeout }, async ({ signal }) => {
  const dice = rollDice(SEED);
  const files = uploadFiles(parts.proxy.url, world.space, `engawa_session=${tokens[0]}`);
  const mails = addPeople(world, mailbox);
  const victims: Record<Victim, () => Promise<() => Promise<void>>> = {
    'a sync node of two': () => kill(dice.pick(parts.sync)),
    web: () => kill(parts.web),
    worker: () => kill(parts.worker),
    async PostgreSQL() {
      // Either all of it, or one of its processes, upon which it starts all of them anew.
      if (dice.between(0, 1) < 0.5 && postgres.killBackend()) return async () => {};
      postgres.kill();
      return postgres.start;
    },
  };
  const recoveries = new Map<Victim, number[]>(VICTIMS.map((victim) => [victim, []]));
  const words = new Map<Victim, number>(VICTIMS.map((victim) => [victim, 0]));
  const times = new Map<Victim, number>(VICTIMS.map((victim) => [victim, 0]));
  const acked = ({ typists }: Crowd) => typists.reduce((sum, typist) => sum + typist.savedWords, 0);
  const verdict = await doToCrowds(kills, { gather, signal, nodes: direct }, async (crowd) => {
    await sleep(dice.between(50, 500));
    const victim = dice.pick(VICTIMS);
    const before = acked(crowd);
    const start = await victims[victim]();
    const down = performance.now();
    const felt = { web: files, worker: mails }[victim as string] ?? crowd;
    // Whatever was killed, those who type go on too.
    const [took] = await Promise.all([felt.recovered(down), crowd.recovered(down), start()]);
    await crowd.look();
    const cut = crowd.interruptions.splice(0);
    recoveries.get(victim)!.push(...(victim === 'a sync node of two' ? cut : [took]));
    words.set(victim, words.get(victim)! + acked(crowd) - before);
    times.set(victim, times.get(victim)! + 1);
  });
  await Promise.all([files.stop(), mails.stop()]);
  const [missing, unsent] = [await files.missing(), mails.faults()];
  for (const victim of VICTIMS) {
    const told = {
      web: { ...verdict, acked: files.done, lost: missing, doubled: [] },
      worker: { ...verdict, acked: mails.done, ...unsent },
    }[victim as string] ?? { ...verdict, acked: words.get(victim)! };
    const what = { web: ' (files)', worker: ' (mails)' }[victim as string] ?? '';
    reportFault(rowOf(`kill -9: ${victim}${what}`, told, recoveries.get(victim)!, times.get(victim)));
  }
  expect(faultsIn(verdict)).toEqual(NONE);
  expect({ missing, ...unsent, seed: SEED }).toEqual({ missing: [], lost: [], doubled: [], seed: SEED });

  async function kill(part: Part) {
    await parts.kill(part);
    return () => parts.again(part);
  }
});

test(`${DEPLOYS} rolling deploys in the middle of typing`, { timeout }, async ({ signal }) => {
  const interruptions: number[] = [];
  const verdict = await doToCrowds(DEPLOYS, { gather, signal, nodes: direct }, async (crowd) => {
    for (const node of parts.sync) {
      await sleep(300);
      node.program.child.kill('SIGTERM');
      expect(await node.program.ended, node.program.output()).toBe(0);
      await crowd.recovered(performance.now());
      await crowd.look();
      await parts.again(node);
    }
    interruptions.push(...crowd.interruptions.splice(0));
  });
  expect(interruptions.length).toBeGreaterThan(0);
  const times = DEPLOYS * parts.sync.length;
  reportFault(rowOf('deploy: SIGTERM to one sync node after the other', verdict, interruptions, times));
  expect(faultsIn(verdict)).toEqual(NONE);
});
