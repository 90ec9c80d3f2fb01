import { openDatabase, pingDatabase, type Sql } from '@engawa/db';
import { say } from '@engawa/i18n/say';
import { readConfig, type Config } from '../config.ts';
import { openDatabaseOf } from '../database.ts';
import { holderOf } from '../lock.ts';
import { storageOf } from '../provide.ts';
import { Stop } from '../stop.ts';
import { lookAtDatabase } from './database.ts';
import { type Finding, untried, well, why, wrong } from './finding.ts';
import { lookAtData, lookAtMail, lookAtNode, lookAtStorage, lookAtValkey } from './machine.ts';
import { lookAtOrigin, lookAtWorker } from './reach.ts';

const MARKS = { well: '✓', wrong: '✗', untried: '–' };
const DATABASE_MS = 5_000;

/** `engawa doctor`: tries every part and says what is wrong and what to do, a line each. Exit code 1 when something is. */
export async function doctor(env: NodeJS.ProcessEnv): Promise<void> {
  const locale = /^ja/i.test(env['LC_ALL'] || env['LC_MESSAGES'] || env['LANG'] || '') ? 'ja' : 'en';
  const { findings, secrets } = await examine(env);
  for (const { state, key, params } of findings)
    console.log(`${MARKS[state]} ${hide(say(locale, key, params), secrets)}`);
  const count = findings.filter(({ state }) => state === 'wrong').length;
  console.log(say(locale, count > 0 ? 'doctor_result_bad' : 'doctor_result_ok', { count }));
  process.exitCode = count > 0 ? 1 : 0;
}

async function examine(env: NodeJS.ProcessEnv): Promise<{ findings: Finding[]; secrets: string[] }> {
  let config: Config;
  try {
    config = readConfig(env);
  } catch (error) {
    if (!(error instanceof Stop)) throw error;
    return { findings: [lookAtNode(), wrong('doctor_config_bad', { why: error.message })], secrets: [] };
  }
  const data = await lookAtData(config.data);
  const findings = [lookAtNode(), well('doctor_config_ok'), data];
  // Without a place for its key and its database there is nothing more to try.
  if (data.key !== 'doctor_data_closed')
    findings.push(...(await examineParts(config, !!env['ORIGIN']?.trim())));
  return { findings, secrets: secretsOf(config) };
}

async function examineParts(config: Config, deployed: boolean): Promise<Finding[]> {
  const running = holderOf(config.data);
  const open = await openFor(config, running !== null).catch((error: unknown) => awayOrRefused(error));
  const findings: Finding[] = [];
  try {
    if ('key' in open) findings.push(open);
    else findings.push(...(await lookAtDatabase(open.sql)));
    findings.push(
      await lookAtStorage(storageOf(config)),
      await lookAtMail(config),
      ...(await lookAtValkey(config.valkeyUrl)),
    );
    if (!running && !deployed) return [...findings, untried('doctor_stopped')];
    const origin = deployed ? config.origin : running!.origin;
    if (running && running.origin !== origin)
      findings.push(wrong('doctor_origin_differs', { origin, running: running.origin }));
    findings.push(...(await lookAtOrigin(origin)));
    // Without its tables the schema has been found wrong already.
    const schema = findings.some(({ key }) => key === 'doctor_migrations_ok');
    if ('sql' in open && schema) findings.push(await lookAtWorker(open.sql));
    else findings.push(untried('doctor_worker_unseen'));
    return findings;
  } finally {
    if ('sql' in open) await open.close();
  }
}

/** A wrong password, role or name is an answer: the server is there. */
function awayOrRefused(error: unknown): Finding {
  const refused = /^(28|3D|42501)/.test(String((error as { code?: string }).code ?? ''));
  return wrong(refused ? 'doctor_database_refused' : 'doctor_database_away', { why: why(error) });
}

/** The database of a running Engawa is left running; one that had to be started for this is stopped again. */
async function openFor(config: Config, running: boolean): Promise<{ sql: Sql; close(): Promise<void> }> {
  if (!config.databaseUrl) {
    const { sql, close } = await openDatabaseOf(config, () => {});
    return { sql, close: () => (running ? sql.end({ timeout: 5 }) : close()) };
  }
  const sql = openDatabase(config.databaseUrl, { max: 2, name: 'engawa doctor' });
  const close = () => sql.end({ timeout: 5 });
  await pingDatabase(sql, DATABASE_MS).catch(async (error: unknown) => {
    await close();
    throw error;
  });
  return { sql, close };
}

/** Servers repeat addresses and passwords in what they say. */
function secretsOf({ databaseUrl, storageUrl, smtpUrl, valkeyUrl, metricsToken, key }: Config): string[] {
  const inUrls = [databaseUrl, storageUrl, smtpUrl, valkeyUrl].flatMap((url) => {
    if (!url) return [];
    const { password } = new URL(url);
    return [url, password, decodeURIComponent(password)];
  });
  const keys = key ? [Buffer.from(key).toString('hex'), Buffer.from(key).toString('base64')] : [];
  return [...inUrls, ...keys, metricsToken ?? ''].filter((secret) => secret.length > 0);
}

function hide(text: string, secrets: string[]): string {
  return secrets.reduce((left, secret) => left.replaceAll(secret, '•••'), text);
}
