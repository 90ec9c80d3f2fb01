import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createCtx, requestPasswordReset, resetPassword, type Services } from '@engawa/domain';
import { buildWorld, type World } from '@engawa/domain/testing';
import { openMail, type Mailer, type StoredMail } from '@engawa/mail';
import { pino } from 'pino';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { startWorker, type Worker } from './index.ts';

const folder = mkdtempSync(join(tmpdir(), 'engawa-worker-'));
const mailer: Mailer = openMail({ url: null, from: 'engawa@example.jp', folder });
const workers: Worker[] = [];
let world: World;
let services: Services;

beforeAll(async () => {
  world = await buildWorld();
  services = world.services;
});
afterEach(async () => {
  await Promise.all(workers.splice(0).map((worker) => worker.stop()));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function work(how: Mailer = mailer): Promise<void> {
  const { databaseUrl } = world;
  workers.push(await startWorker({ services, databaseUrl, mailer: how, log: pino({ level: 'silent' }) }));
}

async function mailsTo(address: string): Promise<StoredMail[]> {
  const mails = (await mailer.list()).filter((mail) => mail.to === address);
  return Promise.all(mails.map(async ({ id }) => (await mailer.read(id))!));
}

const nobody = () => createCtx({ kind: 'anonymous' }, services);
const ask = (email: string) => requestPasswordReset(nobody(), { email });

test('a reset mail goes out within seconds, and its link works', async () => {
  await work();
  await ask(world.clerk.email);
  await expect.poll(() => mailsTo(world.clerk.email), { timeout: 10_000 }).toHaveLength(1);
  const [mail] = await mailsTo(world.clerk.email);
  expect(mail!.subject).toBe('パスワードの再設定');
  expect(mail!.text).toContain('町野 さくら様');
  const token = mail!.text.match(/http:\/\/localhost:3000\/reset\/(\S+)/)![1]!;
  const client = { ip: '127.0.0.1', userAgent: 'test' };
  await resetPassword(nobody(), { token, password: '縁側で 麦茶を 飲む 午後' }, client);
});

test('it is written in the language of the one who reads it', async () => {
  await world.sql`update people set locale = 'en' where id = ${world.officer.id}`;
  await work();
  await ask(world.officer.email);
  await expect.poll(() => mailsTo(world.officer.email), { timeout: 10_000 }).toHaveLength(1);
  expect((await mailsTo(world.officer.email))[0]!.subject).toBe('Set a new password');
});

test('what happened while no worker ran is done by the next, by one of two, once', async () => {
  await ask(world.administrator.email);
  await Promise.all([work(), work()]);
  await expect.poll(() => mailsTo(world.administrator.email), { timeout: 10_000 }).toHaveLength(1);
  await new Promise((done) => setTimeout(done, 1_000));
  expect(await mailsTo(world.administrator.email)).toHaveLength(1);
});

test('who was suspended before the mail went out gets none', async () => {
  const completed = async () =>
    (await world.sql`select id from pgboss.job where name = 'mail-reset' and state = 'completed'`).length;
  const before = await completed();
  await ask(world.stranger.email);
  await world.sql`update people set suspended_at = now() where id = ${world.stranger.id}`;
  await work();
  await expect.poll(completed, { timeout: 10_000 }).toBe(before + 1);
  expect(await mailsTo(world.stranger.email)).toEqual([]);
});
