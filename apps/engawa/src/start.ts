import { randomUUID } from 'node:crypto';
import { migrate } from '@engawa/db';
import { provideServices, type Services } from '@engawa/domain';
import type { Sync } from '@engawa/sync';
import type { Logger } from 'pino';
import { banner } from './banner.ts';
import { ROLES, type Config, type Role } from './config.ts';
import { openDatabaseOf, type Database } from './database.ts';
import { takeLock } from './lock.ts';
import { openLog } from './log.ts';
import { countJobs } from './metrics.ts';
import { startReporting } from './reporting.ts';
import { makeServer, type Health } from './server.ts';
import { awaitStore, makeServices } from './provide.ts';
import { loadDevelopmentWeb, loadWeb, type Web } from './web.ts';
import { startTracing } from './tracing/tracing.ts';
import { startWorkerChild, type WorkerChild } from './worker-child.ts';

/** A program that runs. */
export interface Running {
  log: Logger;
  /** Drains and stops everything, in the reverse order of its start. */
  stop(): Promise<void>;
  /** Ends the other processes without waiting for anything. */
  halt(): void;
}

/** Steps to undo, last one first. Every one is tried, whatever the others do. */
class Undo {
  steps: [string, () => unknown][] = [];
  /** Other processes that must not outlive this one. */
  halts: (() => unknown)[] = [];
  readonly log: Logger;

  constructor(log: Logger) {
    this.log = log;
  }

  add(name: string, step: () => unknown): void {
    this.steps.push([name, step]);
  }

  async all(): Promise<void> {
    for (let next = this.steps.pop(); next; next = this.steps.pop()) {
      const [name, step] = next;
      await Promise.resolve()
        .then(step)
        .then(
          () => this.log.debug({ part: name }, 'stopped'),
          (err: unknown) => this.log.error({ err, part: name }, 'this part did not stop cleanly'),
        );
    }
  }
}

/** Starts the roles of `config` in this process. Whatever was begun is undone when a later step fails. */
export async function start(config: Config, mode: 'built' | 'development'): Promise<Running> {
  const log = openLog(config.logLevel, 'engawa');
  const undo = new Undo(log);
  try {
    await begin(config, mode, log, undo);
  } catch (error) {
    await undo.all();
    throw error;
  }
  return { log, stop: () => undo.all(), halt: () => undo.halts.forEach((halt) => halt()) };
}

async function begin(config: Config, mode: 'built' | 'development', log: Logger, undo: Undo): Promise<void> {
  const began = performance.now();
  // Parts that run apart share a data folder on purpose; a whole Engawa has it for itself.
  if (config.roles.length === ROLES.length) {
    const lock = takeLock(config.data, config.origin);
    undo.add('lock', () => lock.release());
    if (lock.said) say(lock.said);
  }
  const traces = await startTracing(config, config.roles.join(','));
  if (traces) undo.add('traces', () => traces.stop());
  const database = await openDatabaseOf(config, say);
  undo.add('database', () => database.close());
  undo.halts.push(() => database.halt());
  const applied = await migrate(database.sql);
  if (applied.length > 0) log.info({ applied }, 'database migrated');
  const services = makeServices(config, database.sql);
  provideServices(services);
  undo.add('store', awaitStore(services.storage, log));

  const { server, open, close } = makeServer(config, log);
  const web = config.roles.includes('web')
    ? await (mode === 'built' ? loadWeb() : loadDevelopmentWeb(server))
    : null;
  if (web) undo.add('web', () => web.close());
  const sync = config.roles.includes('sync') ? await loadSync(config, services, log) : null;
  const worker = config.roles.includes('worker') ? startWorkerChild(workerEnv(config, database), log) : null;
  if (worker) {
    countJobs(database.sql);
    undo.add('worker', () => worker.stop());
    undo.halts.push(() => worker.kill());
  }
  undo.add('server', close);
  if (sync) undo.add('sync', () => sync.drain());
  await open({ web, sync, traces, health: health(database, sync, web, worker, undo) });
  // The worker's own process reports for itself.
  const own = config.roles.filter((role) => role !== 'worker');
  if (own.length > 0) undo.add('reporting', await reporting(services, own, log));
  log.info(
    { origin: config.origin, roles: config.roles, ms: Math.round(performance.now() - began) },
    'ready',
  );
  if (!config.roles.includes('web')) return;
  say(await banner(config, services, (performance.now() / 1000).toFixed(1)));
}

async function loadSync(config: Config, services: Services, log: Logger): Promise<Sync> {
  const { startSync } = await import('@engawa/sync');
  return startSync({
    services,
    log,
    allowedOrigins: (origin) => config.origins.includes(origin),
    node: randomUUID(),
    valkeyUrl: config.valkeyUrl,
  });
}

async function reporting(services: Services, roles: Role[], log: Logger): Promise<() => Promise<void>> {
  const reports = roles.includes('sync') ? new (await import('@engawa/sync')).Reports() : null;
  return startReporting({ services, roles, log, reports });
}

/** The worker is given what this process found out: the embedded server's address and the names people use. */
function workerEnv(config: Config, database: Database): NodeJS.ProcessEnv {
  const key = config.key ? { ENGAWA_KEY: Buffer.from(config.key).toString('hex') } : {};
  return {
    ...process.env,
    ...key,
    DATABASE_URL: database.url,
    ORIGIN: config.origin,
    ENGAWA_DATA: config.data,
  };
}

/** Ready: pages and sockets can do their work. A worker that is being restarted delays mails, not people. */
function health(
  database: Database,
  sync: Sync | null,
  web: Web | null,
  worker: WorkerChild | null,
  undo: Undo,
) {
  return async (): Promise<Health> => {
    const answered = database.sql`select 1`.then(
      () => true,
      () => false,
    );
    const late = new Promise<boolean>((done) => setTimeout(done, 2_000, false).unref());
    const parts = {
      database: await Promise.race([answered, late]),
      ...(sync ? { sync: sync.ready() } : {}),
      ...(web ? { web: true } : {}),
    };
    const jobs: Record<string, boolean> = worker ? { worker: worker.ready() } : {};
    // Alone, the worker is all there is to be ready.
    const needed = Object.values(sync || web ? parts : { ...parts, ...jobs });
    return { ready: undo.steps.length > 0 && needed.every(Boolean), ...parts, ...jobs };
  };
}

function say(sentence: string): void {
  console.log(sentence);
}
