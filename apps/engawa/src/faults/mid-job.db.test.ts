import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type AddressInfo, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { migrate, openDatabase } from '@engawa/db';
import { addPerson } from '@engawa/domain';
import { buildWorldOn } from '@engawa/domain/testing';
import { ownPostgres, until } from '@engawa/sync/testing';
import { afterAll, expect, test } from 'vitest';
import { freePort, runProgram, whenReady, type Program } from '../testing/program.ts';

const postgres = await ownPostgres();
const sql = openDatabase(postgres.url, { max: 4 });
await migrate(sql);
const world = await buildWorldOn({ sql, url: postgres.url });
const folder = mkdtempSync(join(tmpdir(), 'engawa-mid-job-'));
mkdirSync(join(folder, 'mail'));
const workers: Program[] = [];

afterAll(async () => {
  await Promise.all(workers.map((worker) => worker.kill()));
  await Promise.all(workers.map(({ ended }) => ended));
  await sql.end({ timeout: 1 });
  await postgres.stop();
  rmSync(folder, { recursive: true, force: true });
});

async function startWorker(env: Record<string, string> = {}): Promise<Program> {
  const port = await freePort();
  const worker = runProgram(['worker'], {
    DATABASE_URL: postgres.url,
    STORAGE_URL: `file://${join(folder, 'files')}`,
    ENGAWA_KEY: Buffer.from(world.services.key).toString('hex'),
    ORIGIN: world.services.origin,
    ENGAWA_DATA: folder,
    PORT: String(port),
    ...env,
  });
  workers.push(worker);
  await whenReady(worker, port);
  return worker;
}

/** A mail server that takes the call and says nothing. */
async function silentServer(): Promise<{ url: string; calls: Socket[]; close(): void }> {
  const calls: Socket[] = [];
  const server = createServer((socket) => calls.push(socket.on('error', () => {})));
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const { port } = server.address() as AddressInfo;
  return { url: `smtp://127.0.0.1:${port}`, calls, close: () => void server.close() };
}

const mailsTo = (address: string): number => {
  const letters = readdirSync(join(folder, 'mail')).filter((name) => name.endsWith('.eml'));
  return letters.filter((name) => readFileSync(join(folder, 'mail', name), 'utf8').includes(address)).length;
};

async function add(email: string): Promise<void> {
  const { administrator, prefecture: organisationId } = world;
  await addPerson(administrator.ctx, { organisationId, name: '県庁 次郎', kana: '', email, post: '' });
}

// Nobody is told that it died: what it was at is taken up once its heart has not been heard for a while.
test('the worker is killed while a mail is on its way: the next one sends it within a minute or so', async () => {
  // Whatever else there was to do is done.
  const before = await startWorker();
  await add('before@pref.example.jp');
  await until(() => mailsTo('before@') > 0, 30_000, before.output);
  await before.kill();

  const silent = await silentServer();
  const first = await startWorker({ SMTP_URL: silent.url, MAIL_FROM: 'engawa@example.jp' });
  await add('jiro@pref.example.jp');
  await until(() => silent.calls.length > 0, 30_000, first.output);
  await first.kill();
  silent.close();

  const second = await startWorker();
  await until(() => mailsTo('jiro@') > 0, 100_000, second.output);
  expect(mailsTo('jiro@')).toBe(1);
}, 200_000);
