import { hostname } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { createCtx, leaveNode, reportNode, type Services } from '@engawa/domain';
import { newId, REPORT_EVERY, type NodeFigures, type StoreState } from '@engawa/schema';
import type { Reports } from '@engawa/sync';
import { waitingJobs } from '@engawa/worker/waiting-jobs';
import type { Logger } from 'pino';
import type { Role } from './config.ts';
import program from '../package.json' with { type: 'json' };

export interface ReportingOptions {
  services: Services;
  roles: Role[];
  log: Logger;
  /** Where live items are served. */
  reports?: Reports | null;
}

/** Reports between two looks at the file store. */
const STORE_EVERY = 6;
const STORE_PATIENCE = 4_000;
const LEAVE_MS = 1_000;

/**
 * Has this process write its numbers into the database every few seconds, for the administrators' page. A database that
 * is away is no reason to stop: the page says that this process is silent. Returns how to end it.
 */
export function startReporting({ services, roles, log, reports }: ReportingOptions): () => Promise<void> {
  const nobody = createCtx({ kind: 'anonymous' }, services);
  const node = { id: newId(), host: hostname(), roles, version: program.version, beganAt: new Date() };
  const processor = processorMeter();
  let store: StoreState | null = null;
  let turn = 0;
  let writing: Promise<void> | null = null;

  const figures = async (): Promise<NodeFigures> => {
    if (roles.includes('web') && turn++ % STORE_EVERY === 0) store = await lookAtStore(services);
    return {
      memory: process.memoryUsage.rss(),
      processor: processor(),
      ...(reports ? { sync: await reports.next() } : {}),
      ...(roles.includes('web') ? { store } : {}),
      ...(roles.includes('worker') ? { jobs: await jobsOf(services) } : {}),
    };
  };
  const report = async () => {
    try {
      await reportNode(nobody, { ...node, figures: await figures() });
    } catch (err) {
      log.debug({ err }, 'this process could not report');
    }
  };
  const tick = () => {
    writing ??= report().finally(() => (writing = null));
  };
  const timer = setInterval(tick, REPORT_EVERY).unref();
  tick();
  return async () => {
    clearInterval(timer);
    const left = Promise.resolve(writing).then(() => leaveNode(nobody, node.id));
    // Stopping must end, also while the database hangs; the row then tells of a silent process for a while.
    await Promise.race([left.catch(() => {}), sleep(LEAVE_MS, undefined, { ref: false })]);
  };
}

async function jobsOf({ sql }: Services): Promise<Record<string, number>> {
  const waiting = await waitingJobs(sql).catch(() => []);
  return Object.fromEntries(waiting.map(({ job, count }) => [job, count]));
}

async function lookAtStore({ storage }: Services): Promise<StoreState> {
  const began = performance.now();
  const late = new Promise<never>((_, fail) =>
    setTimeout(fail, STORE_PATIENCE, new Error('too late')).unref(),
  );
  const well = await Promise.race([storage.ready(), late]).then(
    () => true,
    () => false,
  );
  return { well, ms: Math.round(performance.now() - began), at: new Date().toISOString() };
}

/** The share of one processor since it was last asked. */
function processorMeter(): () => number {
  let before = { at: performance.now(), used: process.cpuUsage() };
  return () => {
    const now = { at: performance.now(), used: process.cpuUsage() };
    const used = now.used.user + now.used.system - before.used.user - before.used.system;
    const share = used / 1_000 / Math.max(1, now.at - before.at);
    before = now;
    return Math.round(share * 100) / 100;
  };
}
