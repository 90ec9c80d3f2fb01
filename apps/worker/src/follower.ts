import type { Tx } from '@engawa/db';
import { followLedger, sequence, type LedgerRow, type Services } from '@engawa/domain';
import type { JobInsert, PgBoss } from 'pg-boss';
import type { Logger } from 'pino';
import type { Job, JobData } from './job.ts';

const NAME = 'jobs';
/** A hint may be lost with its connection; then this is how long the ledger waits. */
const LOOK_MS = 5_000;
const BATCH = 200;

export interface Follower {
  stop(): Promise<void>;
}

/** Numbers the ledger and turns its rows into jobs, each once: jobs are enqueued in the transaction of the cursor. */
export async function startFollower(
  services: Services,
  boss: PgBoss,
  jobs: readonly Job[],
  log: Logger,
): Promise<Follower> {
  let wanted = false;
  let stopped = false;
  let running: Promise<void> | null = null;

  const pass = async () => {
    await sequence(services.sql);
    const handle = (rows: LedgerRow[], tx: Tx) => enqueue(boss, jobs, rows, tx);
    while (!stopped && (await followLedger(services.sql, NAME, handle, BATCH)) === BATCH);
  };
  const work = async () => {
    while (wanted && !stopped) {
      wanted = false;
      await pass().catch((err: unknown) =>
        log.error({ err }, 'the ledger could not be followed; trying again'),
      );
    }
    running = null;
  };
  const look = () => {
    wanted = true;
    if (!stopped) running ??= work();
  };

  // Also called after every reconnection, when hints may have been missed.
  const listening = await services.sql.listen('engawa_ledger', look, look);
  const timer = setInterval(look, LOOK_MS);
  look();

  return {
    async stop() {
      stopped = true;
      clearInterval(timer);
      await listening.unlisten();
      await running;
    },
  };
}

async function enqueue(boss: PgBoss, jobs: readonly Job[], rows: LedgerRow[], tx: Tx): Promise<void> {
  const db = {
    executeSql: async (text: string, values?: unknown[]) => ({
      rows: await tx.unsafe(text, values as never[]),
    }),
  };
  for (const job of jobs) {
    const wanted = rows.filter((row) => job.on?.includes(row.verb));
    if (wanted.length > 0) await boss.insert(job.name, wanted.map(jobOf), { db });
  }
}

/** A job has the id of its ledger row, so that the same row never makes two. */
function jobOf(row: LedgerRow): JobInsert<JobData> {
  const { id, verb, objectId, ids, data } = row;
  return { id, data: { verb, objectId, ids, data, actor: row.actorId ?? row.onBehalf } };
}
