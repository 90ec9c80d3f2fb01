import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  addPerson,
  createCtx,
  invite,
  openInvitation,
  requestPasswordReset,
  resendInvitation,
  resetPassword,
  type Services,
} from '@engawa/domain';
import { buildWorld, createTestPerson, type World } from '@engawa/domain/testing';
import { MailRefused, openMail, type Mailer, type StoredMail } from '@engawa/mail';
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

test('somebody who was added is welcomed by a link at which they choose a password', async () => {
  const email = 'new@pref.example.jp';
  await addPerson(world.administrator.ctx, {
    organisationId: world.prefecture,
    name: '𠮷野 学',
    kana: '',
    email,
  });
  await work();
  await expect.poll(() => mailsTo(email), { timeout: 10_000 }).toHaveLength(1);
  const [mail] = await mailsTo(email);
  expect(mail!.subject).toBe('縁側へようこそ');
  expect(mail!.text).toContain('𠮷野 学様');
  const token = mail!.text.match(/\/reset\/(\S+)/)![1]!;
  await resetPassword(nobody(), { token, password: '縁側で 麦茶を 飲む 午後' });
});

test('an invitation says who invites, where, as what and until when; a new sending ends the link before', async () => {
  const email = 'guest@town.example.jp';
  const item = await world.item({ title: '課題 <一覧> & 案' });
  const input = { objectId: item, email, name: '益子 花', role: 'commenter' as const };
  const { id } = await invite(world.officer.ctx, input);
  await work();
  await expect.poll(() => mailsTo(email), { timeout: 10_000 }).toHaveLength(1);
  const [mail] = await mailsTo(email);
  expect(mail!.subject).toBe('「データ共有円滑化」への招待（栃木県 県庁 太郎）');
  expect(mail!.text).toContain('益子 花様');
  expect(mail!.text).toContain('・見られるもの：「課題 <一覧> & 案」');
  expect(mail!.text).toContain('・役割：コメント者（読む、コメントする）');
  const tokenOf = (text: string) => text.match(/\/invite\/(\S+)/)![1]!;
  const state = async (token: string) => (await openInvitation(nobody(), { token })).state;
  expect(await state(tokenOf(mail!.text))).toBe('open');
  const sent = async () => (await world.sql`select sent_at from invitations where id = ${id}`)[0]!.sent_at;
  await expect.poll(sent).not.toBeNull();

  await resendInvitation(world.officer.ctx, { id });
  await expect.poll(() => mailsTo(email), { timeout: 10_000 }).toHaveLength(2);
  const [newer] = await mailsTo(email);
  expect(await state(tokenOf(newer!.text))).toBe('open');
  expect(await state(tokenOf(mail!.text))).not.toBe('open');
});

test('whoever lost the right to share before the mail went out sends none', async () => {
  const email = 'late@town.example.jp';
  const completed = async () =>
    (await world.sql`select id from pgboss.job where name = 'mail-invitation' and state = 'completed'`)
      .length;
  const before = await completed();
  const host = await createTestPerson(services, { name: '誘う人', organisation: world.town });
  const grant = await world.give(host.id, world.space, 'manager');
  await invite(host.ctx, { objectId: world.space, email, role: 'viewer' });
  await world.sql`update grants set revoked_at = now() where id = ${grant}`;
  await work();
  await expect.poll(completed, { timeout: 10_000 }).toBe(before + 1);
  expect(await mailsTo(email)).toEqual([]);
});

test('a mail server that is busy is tried again, and a refused address stops nothing', async () => {
  let tries = 0;
  const flaky: Mailer = {
    ...mailer,
    async send(mail) {
      tries += 1;
      if (tries === 1) throw new MailRefused('550 no such person');
      if (tries === 2) throw new Error('421 busy');
      return mailer.send(mail);
    },
  };
  await work(flaky);
  const first = await createTestPerson(services, { name: '一', organisation: null });
  const second = await createTestPerson(services, { name: '二', organisation: null });
  await ask(first.email);
  await expect.poll(() => tries, { timeout: 10_000 }).toBe(1);
  await ask(second.email);
  await expect.poll(() => tries, { timeout: 10_000 }).toBe(2);
  // The next try would come in 15 s; the test does not wait for it.
  const hurry = () => world.sql`update pgboss.job set start_after = now() where state = 'retry' returning id`;
  await expect.poll(async () => (await hurry()).length, { timeout: 5_000 }).toBe(1);
  await expect.poll(() => mailsTo(second.email), { timeout: 40_000 }).toHaveLength(1);
  expect(await mailsTo(first.email)).toEqual([]);
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
