import { randomBytes } from 'node:crypto';
import { statfs } from 'node:fs/promises';
import { join } from 'node:path';
import { checkMail } from '@engawa/mail';
import { newBlobKey, StorageFull, type Storage } from '@engawa/storage';
import { Redis } from 'ioredis';
import type { Config } from '../config.ts';
import { makeFolder } from '../folder.ts';
import { type Finding, since, well, why, wrong } from './finding.ts';

/** The first that runs TypeScript without a flag. */
const NODE = [22, 18] as const;
const LEAST_FREE = 1e9;
const PATIENCE = 10_000;

export function lookAtNode(version = process.versions.node): Finding {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  return major < NODE[0] || (major === NODE[0] && minor < NODE[1])
    ? wrong('doctor_node_old', { version })
    : well('doctor_node_ok', { version });
}

/** Whether the data folder can be written, and how much room its disk has. */
export async function lookAtData(folder: string, least = LEAST_FREE): Promise<Finding> {
  try {
    makeFolder(folder);
    const { bavail, bsize } = await statfs(folder);
    const params = { folder, free: ((bavail * bsize) / 1e9).toFixed(1) };
    return bavail * bsize < least ? wrong('doctor_data_full', params) : well('doctor_data_ok', params);
  } catch (error) {
    const { cause = error } = error as Error;
    return wrong('doctor_data_closed', { folder, why: (cause as NodeJS.ErrnoException).code ?? why(cause) });
  }
}

/** Puts, gets and deletes an object, and compares what comes back. */
export async function lookAtStorage(storage: Storage): Promise<Finding> {
  const began = performance.now();
  const key = newBlobKey('doctor');
  const bytes = randomBytes(64 * 1024);
  try {
    await storage.ready();
    await storage.put(
      key,
      (async function* () {
        yield bytes;
      })(),
    );
    const chunks: Uint8Array[] = [];
    for await (const chunk of await storage.get(key)) chunks.push(chunk as Uint8Array);
    await storage.delete(key);
    const same = Buffer.concat(chunks).equals(bytes) && (await storage.stat(key)) === null;
    return same ? well('doctor_storage_ok', { ms: since(began) }) : wrong('doctor_storage_damaged');
  } catch (error) {
    await storage.delete(key).catch(() => {});
    return storeFault(error);
  }
}

const REFUSED = /AccessDenied|InvalidAccessKeyId|SignatureDoesNotMatch|EACCES|EPERM/;

function storeFault(error: unknown): Finding {
  if (error instanceof StorageFull) return wrong('doctor_storage_full');
  // The adapter's own sentence says the same as ours; what the store said stands behind it.
  const cause = (error as Error).cause ?? error;
  const refused = REFUSED.test(String((cause as { code?: string }).code ?? ''));
  return wrong(refused ? 'doctor_storage_refused' : 'doctor_storage_away', { why: why(cause) });
}

/** Greets the mail server and signs in, and sends nothing. */
export async function lookAtMail({ smtpUrl, data }: Pick<Config, 'smtpUrl' | 'data'>): Promise<Finding> {
  if (!smtpUrl) return well('doctor_mail_files', { folder: join(data, 'mail') });
  return checkMail(smtpUrl, PATIENCE).then(
    () => well('doctor_mail_ok'),
    (error: unknown) =>
      wrong((error as { code?: string }).code === 'EAUTH' ? 'doctor_mail_refused' : 'doctor_mail_away', {
        why: why(error),
      }),
  );
}

/** Nothing to say when there is none. */
export async function lookAtValkey(url: string | null): Promise<Finding[]> {
  if (!url) return [];
  const began = performance.now();
  const client = new Redis(url.replace(/^valkey/, 'redis'), {
    lazyConnect: true,
    connectTimeout: PATIENCE,
    maxRetriesPerRequest: 0,
    retryStrategy: () => null,
  });
  let said: unknown = null;
  client.on('error', (error) => (said = error));
  try {
    await client.connect();
    await client.ping();
    return [well('doctor_valkey_ok', { ms: since(began) })];
  } catch (error) {
    const words = why(said ?? error);
    const refused = /^(WRONGPASS|NOAUTH|NOPERM|ERR AUTH)/.test(words);
    return [wrong(refused ? 'doctor_valkey_refused' : 'doctor_valkey_away', { why: words })];
  } finally {
    client.disconnect();
  }
}
