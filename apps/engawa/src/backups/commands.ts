import { createCtx, noteBackup, provideServices } from '@engawa/domain';
import type { Config } from '../config.ts';
import { openDatabaseOf, withDatabase } from '../database.ts';
import { takeLock } from '../lock.ts';
import { makeServices } from '../provide.ts';
import { Stop } from '../stop.ts';
import { backup } from './backup.ts';
import { restore, type Restored } from './restore.ts';

const NAMED_AT_MOST = 20;

/** `engawa backup <folder>`, also beside a running Engawa. The exit code is 1 when files are missing. */
export async function backupCommand(config: Config, [folder]: string[]): Promise<void> {
  if (!folder) throw new Stop('Where to? Say: backup <folder>, one that is not there yet.');
  await withDatabase(config, async (sql) => {
    const services = makeServices(config, sql);
    const { point, tables, objects } = await backup({ services, folder, signal: interrupted() });
    // A database that may only be read is backed up all the same.
    await noteBackup(createCtx({ kind: 'anonymous' }, services), {
      point: new Date(point),
      files: objects.count,
      bytes: objects.bytes,
      missing: objects.missing.length,
    }).catch(() => {});
    const rows = tables.reduce((sum, table) => sum + table.rows, 0);
    console.log(
      `Backed up to ${folder}: the database as of ${point} (${tables.length} tables, ${rows} rows), ` +
        `${objects.count} files (${megabytes(objects.bytes)}), each with its SHA-256.`,
    );
    console.log(`The key is not in it. Keep it apart: ${config.key ? 'ENGAWA_KEY' : `${config.data}/key`}.`);
    tellMissing(objects.missing, 'could not be copied: the store does not have them as they were written');
  });
}

/** `engawa restore <folder>`: into an empty database and an empty store. */
export async function restoreCommand(config: Config, [folder]: string[]): Promise<void> {
  if (!folder) throw new Stop('Which one? Say: restore <folder>, one that `backup` has written.');
  const lock = takeLock(config.data, config.origin);
  try {
    const database = await openDatabaseOf(config, console.log);
    try {
      const services = makeServices(config, database.sql);
      provideServices(services);
      tell(await restore({ services, folder, signal: interrupted() }));
    } finally {
      await database.close();
    }
  } finally {
    lock.release();
  }
}

function tell({ manifest, objects, revived, migrated, sameKey }: Restored): void {
  const lines = [
    `Restored: the database as of ${manifest.point}, ${objects.count} files (${megabytes(objects.bytes)}), each with the SHA-256 it was written with.`,
    `Everybody signs in again (${revived.sessions} sessions ended); open links for passwords no longer work.`,
    `Access is decided anew in ${revived.spaces} spaces. What was granted or taken back after ${manifest.point} is as it was then: look through it.`,
    'Text that a browser kept and this backup lacks comes back when that browser opens the document.',
  ];
  if (revived.uploads > 0) lines.push(`${revived.uploads} unfinished uploads have to begin again.`);
  if (migrated.length > 0) lines.push(`Brought up to date: ${migrated.join(', ')}.`);
  if (!sameKey)
    lines.push(
      'The key is another one than that of the backup: links that are still in mailboxes do not work. Put the old key back, or send them again.',
    );
  console.log(lines.join('\n'));
  tellMissing(objects.missing, 'are missing in the backup, or damaged, and were not restored');
}

function tellMissing(missing: string[], what: string): void {
  if (missing.length === 0) return;
  const more = missing.length > NAMED_AT_MOST ? `\n  … and ${missing.length - NAMED_AT_MOST} more` : '';
  console.error(`${missing.length} files ${what}:\n  ${missing.slice(0, NAMED_AT_MOST).join('\n  ')}${more}`);
  process.exitCode = 1;
}

const megabytes = (bytes: number) => `${(bytes / 1e6).toFixed(1)} MB`;

/** Ctrl-C ends the work in an orderly way. */
function interrupted(): AbortSignal {
  const control = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => control.abort());
  return control.signal;
}
