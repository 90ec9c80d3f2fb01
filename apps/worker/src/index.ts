import { createCtx, traced, type Services } from '@engawa/domain';
import type { Mailer } from '@engawa/mail';
import { PgBoss } from 'pg-boss';
import type { Logger } from 'pino';
import { startFollower } from './follower.ts';
import { JOBS } from './jobs.ts';
import type { Job, JobData, Tools } from './job.ts';

export interface WorkerOptions {
  services: Services;
  /** pg-boss has connections of its own. */
  databaseUrl: string;
  mailer: Mailer;
  log: Logger;
}

export interface Worker {
  /** Lets the jobs at hand finish, within seconds. What is left is done by the next worker. */
  stop(): Promise<void>;
}

/** About a day of tries: 15 s, 30 s, 1 min … 1 h apart. A worker that is killed is missed after 20 s. */
const QUEUE = {
  retryLimit: 30,
  retryDelay: 15,
  retryBackoff: true,
  retryDelayMax: 3600,
  expireInSeconds: 300,
  heartbeatSeconds: 20,
  notify: true,
};

const LOOK_S = 10;

/** Follows the ledger and does the work that comes of it. Any number of workers may run on one database. */
export async function startWorker({ services, databaseUrl, mailer, log }: WorkerOptions): Promise<Worker> {
  const boss = new PgBoss({
    connectionString: databaseUrl,
    application_name: 'engawa jobs',
    max: 4,
    useListenNotify: true,
    // How often it is looked who died.
    superviseIntervalSeconds: LOOK_S,
    monitorIntervalSeconds: LOOK_S,
  });
  boss.on('error', (err) => log.error({ err }, 'jobs are in trouble'));
  await boss.start();
  const tools: Tools = {
    services,
    mailer,
    log,
    ctx: (personId) => createCtx({ kind: 'job', personId, job: 'worker' }, services),
    nobody: createCtx({ kind: 'anonymous' }, services),
  };
  for (const job of JOBS) await open(boss, job, tools);
  const follower = await startFollower(services, boss, JOBS, log);
  return {
    async stop() {
      await follower.stop();
      await boss.stop({ graceful: true, timeout: 5_000 });
    },
  };
}

async function open(boss: PgBoss, job: Job, tools: Tools): Promise<void> {
  await boss.createQueue(job.name, QUEUE);
  // One that was made by an earlier version keeps what that one said.
  await boss.updateQueue(job.name, QUEUE);
  if (job.cron) await boss.schedule(job.name, job.cron, null, { tz: 'Asia/Tokyo' });
  await boss.work<JobData>(
    job.name,
    { pollingIntervalSeconds: 2, notifyPollingIntervalSeconds: 5 },
    async (batch) => {
      for (const { id, data } of batch) {
        tools.log.debug({ job: job.name, id }, 'job');
        await traced(`job ${job.name}`, { 'engawa.job': id }, () => job.run(tools, data, id)).catch(
          (err: unknown) => {
            tools.log.error({ err, job: job.name, id }, 'a job failed; it is tried again');
            throw err;
          },
        );
      }
    },
  );
}
