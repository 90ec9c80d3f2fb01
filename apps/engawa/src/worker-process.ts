// The worker's own process, started by worker-child.ts. It ends when told so and when its parent is gone.
import { provideServices } from '@engawa/domain';
import { startWorker } from '@engawa/worker';
import { readConfig } from './config.ts';
import { openDatabaseOf } from './database.ts';
import { openLog } from './log.ts';
import { startReporting } from './reporting.ts';
import { startTracing } from './tracing/tracing.ts';
import { makeMailer, makeServices } from './provide.ts';

const config = readConfig(process.env);
const log = openLog(config.logLevel, 'worker');
// A Ctrl-C reaches every process of the terminal; the parent decides the order in which they stop.
process.on('SIGINT', () => {});

const traces = await startTracing(config, 'worker');
const database = await openDatabaseOf(config, () => {});
const services = makeServices(config, database.sql);
provideServices(services);
const mailer = makeMailer(config);
const worker = await startWorker({ services, databaseUrl: database.url, mailer, log });
const leave = startReporting({ services, roles: ['worker'], log });

let stopping = false;
async function stop(): Promise<void> {
  if (stopping) return;
  stopping = true;
  setTimeout(() => process.exit(1), 9_000).unref();
  await leave();
  await worker.stop();
  mailer.close();
  await traces?.stop();
  await database.close();
  process.exit(0);
}
process.on('message', (message) => message === 'stop' && void stop());
process.on('disconnect', () => void stop());
process.on('SIGTERM', () => void stop());
if (process.connected) process.send?.('ready');
else await stop();
