import { type Installation, newId, SILENT_AFTER } from '@engawa/schema';
import type { Ctx } from '../ctx.ts';
import * as db from './nodes.sql.ts';
import { together } from './numbers.ts';
import { requireHostAdministrator } from './organisations.ts';

/**
 * What the installation does now: every process as it last reported, all of them together, and what they stand on. For
 * administrators of a host organisation; to everybody else there is no such page. Numbers only, nobody's names or titles.
 */
export async function installation(ctx: Ctx): Promise<Installation> {
  await requireHostAdministrator(ctx);
  const began = performance.now();
  const { at, version, bytes } = await db.databaseFacts(ctx.sql);
  const ms = performance.now() - began;
  const [nodes, backup, unseen] = await Promise.all([
    db.nodeRows(ctx.sql, SILENT_AFTER),
    db.lastBackup(ctx.sql),
    db.unseenEvents(ctx.sql),
  ]);
  const heard = nodes.filter(({ silent }) => !silent);
  const worker = heard.filter(({ roles }) => roles.includes('worker'));
  // The queue is one for all workers: any of them tells it.
  const jobs = Object.entries(worker.at(-1)?.figures.jobs ?? {}).map(([job, count]) => ({ job, count }));
  const stores = heard.flatMap(({ figures }) => figures.store ?? []);
  return {
    at,
    nodes,
    ...together(nodes),
    database: { ms, version, bytes },
    // One that cannot reach it says more than another that can.
    store: stores.find(({ well }) => !well) ?? stores[0] ?? null,
    worker: { running: worker.length > 0, jobs, ...unseen },
    backup,
  };
}

/** A process says what it does; it is listed until it leaves, or has been silent for a while. The program's own. */
export async function reportNode(ctx: Ctx, node: db.NodeReport): Promise<void> {
  await db.upsertNode(ctx.sql, node);
}

/** A process that stops takes itself off the list. The program's own. */
export async function leaveNode(ctx: Ctx, id: string): Promise<void> {
  await db.deleteNode(ctx.sql, id);
}

/** Keeps that a backup was finished, and as of when it is. The program's own. */
export async function noteBackup(ctx: Ctx, backup: NonNullable<Installation['backup']>): Promise<void> {
  await db.insertBackup(ctx.sql, { id: newId(), ...backup });
}
