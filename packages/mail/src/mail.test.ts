import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import PostalMime from 'postal-mime';
import { SMTPServer } from 'smtp-server';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { MailRefused, openMail, openMailbox, type Mail, type Mailer } from './index.ts';

const FROM = '縁側 <engawa@pref.example.jp>';
const root = mkdtempSync(join(tmpdir(), 'engawa-mail-'));
let arrived: { to: string[]; raw: Buffer }[] = [];
let answer: Error | null = null;
let port = 0;
let made = 0;

// A real SMTP server: what it receives is what a partner's mail server would receive.
const server = new SMTPServer({
  authOptional: true,
  disabledCommands: ['STARTTLS'],
  logger: false,
  onData(stream, session, done) {
    const chunks: Buffer[] = [];
    stream.on('data', (chunk: Buffer) => chunks.push(chunk));
    stream.on('end', () => {
      if (!answer)
        arrived.push({
          to: session.envelope.rcptTo.map(({ address }) => address),
          raw: Buffer.concat(chunks),
        });
      done(answer);
    });
  },
});

beforeAll(async () => {
  const listening = server.listen(0, '127.0.0.1');
  await once(listening, 'listening');
  port = (listening.address() as AddressInfo).port;
});
afterAll(async () => {
  await new Promise<void>((done) => server.close(() => done()));
  rmSync(root, { recursive: true, force: true });
});
beforeEach(() => {
  arrived = [];
  answer = null;
});

const mail = (more: Partial<Mail> = {}): Mail => ({
  id: 'invitation-1',
  to: { name: '髙橋 𠮷子', address: 'yoshiko@town.example.jp' },
  subject: '「データ共有円滑化」への招待',
  text: 'こんにちは。\n\nhttps://engawa.example.jp/invitations/abc\n',
  language: 'ja',
  ...more,
});

const ways: [string, () => { mailer: Mailer; last: () => Promise<Buffer> }][] = [
  [
    'by SMTP',
    () => ({
      mailer: openMail({ url: `smtp://127.0.0.1:${port}`, from: FROM, folder: '' }),
      last: async () => arrived.at(-1)!.raw,
    }),
  ],
  [
    'to a folder',
    () => {
      const folder = join(root, String((made += 1)));
      return {
        mailer: openMail({ url: null, from: FROM, folder }),
        last: async () => readFileSync(join(folder, readdirSync(folder).sort().at(-1)!)),
      };
    },
  ],
];

describe.each(ways)('%s', (_name, open) => {
  test('Japanese names, subject and text arrive as they were', async () => {
    const { mailer, last } = open();
    await mailer.send(mail());
    const got = await PostalMime.parse(await last());
    expect(got.from).toEqual({ name: '縁側', address: 'engawa@pref.example.jp' });
    expect(got.to).toEqual([{ name: '髙橋 𠮷子', address: 'yoshiko@town.example.jp' }]);
    expect(got.subject).toBe('「データ共有円滑化」への招待');
    expect(got.text).toContain('https://engawa.example.jp/invitations/abc');
    expect(got.messageId).toBe('<invitation-1@pref.example.jp>');
    const headers = Object.fromEntries(got.headers.map(({ key, value }) => [key, value]));
    expect(headers).toMatchObject({ 'auto-submitted': 'auto-generated', 'content-language': 'ja' });
    // Old relays refuse raw 8-bit and lines over 998 bytes.
    expect((await last()).every((byte) => byte < 128)).toBe(true);
    mailer.close();
  });

  test('nothing in a name or subject becomes a header of its own', async () => {
    const { mailer, last } = open();
    const evil = 'x\r\nBcc: thief@example.com\r\n\r\nbody\u2028y\0z\u202e';
    await mailer.send(
      mail({ subject: evil, to: { name: `${evil}" <thief@example.com>`, address: 'a@example.jp' } }),
    );
    const got = await PostalMime.parse(await last());
    expect(got.bcc ?? []).toEqual([]);
    expect(got.to).toHaveLength(1);
    expect(got.to?.[0]?.address).toBe('a@example.jp');
    expect(got.subject).toBe('x Bcc: thief@example.com body y z');
    expect(got.text).toContain('こんにちは');
    mailer.close();
  });

  test.each([
    'a@b.jp\r\nRCPT TO:<thief@example.com>',
    'a@b.jp, c@d.jp',
    'a b@c.jp',
    '<a@b.jp>',
    'nobody',
    '@x.jp',
    'a@b@c',
  ])('the address %j is refused', async (address) => {
    const { mailer } = open();
    await expect(mailer.send(mail({ to: { name: '', address } }))).rejects.toThrow(MailRefused);
    mailer.close();
  });

  test('a long text with very long lines arrives whole', async () => {
    const { mailer, last } = open();
    const text = `${'縁側'.repeat(5_000)}\n.\n..\nおわり`;
    await mailer.send(mail({ text }));
    expect((await PostalMime.parse(await last())).text?.trimEnd()).toBe(text);
    mailer.close();
  });
});

test('an SMTP server that says no for good, for now, and one that is not there', async () => {
  const mailer = openMail({ url: `smtp://127.0.0.1:${port}`, from: FROM, folder: '' });
  answer = Object.assign(new Error('no such person'), { responseCode: 550 });
  await expect(mailer.send(mail())).rejects.toThrow(MailRefused);
  answer = Object.assign(new Error('come back later'), { responseCode: 451 });
  await expect(mailer.send(mail())).rejects.not.toThrow(MailRefused);
  mailer.close();
  const nowhere = openMail({ url: 'smtp://127.0.0.1:1', from: FROM, folder: '' });
  await expect(nowhere.send(mail())).rejects.toThrow('ECONNREFUSED');
  nowhere.close();
});

test('the folder lists newest first, sends an id once, and reads by id only', async () => {
  const folder = join(root, 'list');
  const mailer = openMail({ url: null, from: FROM, folder });
  await mailer.send(mail({ id: 'one', subject: '一' }));
  await sleep(5);
  await mailer.send(mail({ id: 'two', subject: '二' }));
  await mailer.send(mail({ id: 'one', subject: '一' }));
  const box = openMailbox(folder);
  const list = await box.list();
  expect(list.map(({ subject }) => subject)).toEqual(['二', '一']);
  expect(Math.abs(list[0]!.at.getTime() - Date.now())).toBeLessThan(10_000);
  expect(await box.read(list[1]!.id)).toMatchObject({ to: 'yoshiko@town.example.jp', subject: '一' });
  expect(await box.read('../../etc/passwd')).toBeNull();
  expect(await box.read('20261120T000000000Z-none')).toBeNull();
  expect(statSync(join(folder, `${list[0]!.id}.eml`)).mode & 0o777).toBe(0o600);
  expect(await openMailbox(join(root, 'none')).list()).toEqual([]);
});
