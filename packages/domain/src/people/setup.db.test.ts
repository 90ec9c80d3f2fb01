import { randomBytes } from 'node:crypto';
import { testDatabase } from '@engawa/db/testing';
import { Conflict, Gone, Invalid } from '@engawa/schema';
import { expect, test } from 'vitest';
import { createCtx, type Services } from '../ctx.ts';
import { accessOf } from '../grants/index.ts';
import { callerOf, createSetupToken, me, setUp, setupState } from './index.ts';

const { sql } = await testDatabase();
const services = {
  sql,
  key: randomBytes(32),
  origin: 'http://localhost:3000',
  mailbox: null,
} as unknown as Services;
const nobody = createCtx({ kind: 'anonymous' }, services);
const client = { ip: '203.0.113.1', userAgent: 'test' };
const given = {
  organisation: '栃木県',
  organisationKana: 'トチギケン',
  name: '𠮷田 花子',
  kana: 'よしだ はなこ',
  email: 'Hanako＠Example.JP',
  password: 'よい天気ですね、きょうは',
};

test('a wrong link, bad input and an ended link make nothing; bad input does not use the link up', async () => {
  const token = await createSetupToken(nobody);
  expect(await setupState(nobody)).toEqual({ needed: true });
  const attempt = (change: Partial<typeof given & { token: string }>) =>
    setUp(nobody, { ...given, token, ...change }, client);
  await expect(attempt({ token: 'wrong' })).rejects.toMatchObject({ code: 'setup.wrong' });
  await expect(attempt({ name: 'あ'.repeat(300) })).rejects.toMatchObject({
    code: 'name.too_long',
    details: { field: 'name' },
  });
  await expect(attempt({ name: '‮\u200f' })).rejects.toMatchObject({ code: 'name.empty' });
  await expect(attempt({ kana: '吉田' })).rejects.toMatchObject({ code: 'kana.not_kana' });
  await expect(attempt({ email: 'nobody' })).rejects.toMatchObject({ code: 'email.invalid' });
  await expect(attempt({ password: 'short' })).rejects.toMatchObject({ code: 'password.too_short' });
  await expect(attempt({ password: 'aaaaaaaaaaaa' })).rejects.toMatchObject({ code: 'password.common' });
  await sql`update setup_links set expires_at = now()`;
  await expect(attempt({})).rejects.toMatchObject({ code: 'setup.expired' });
  const next = await createSetupToken(nobody);
  await createSetupToken(nobody);
  await expect(attempt({ token: next })).rejects.toBeInstanceOf(Invalid);
  expect(await sql`select 1 from people`).toHaveLength(0);
});

test('of two who use the link at once one makes the host, the other is told it was used', async () => {
  const token = await createSetupToken(nobody);
  const done = await Promise.allSettled([
    setUp(nobody, { ...given, token }, client),
    setUp(nobody, { ...given, token, email: 'other@example.jp' }, client),
  ]);
  const won = done.filter((result) => result.status === 'fulfilled');
  const lost = done.filter((result) => result.status === 'rejected');
  expect([won.length, lost.length]).toEqual([1, 1]);
  expect(lost[0]!.reason).toBeInstanceOf(Gone);
  expect(lost[0]!.reason).toMatchObject({ code: 'setup.used' });
  expect(await sql`select 1 from organisations`).toHaveLength(1);

  const caller = await callerOf(services, won[0]!.value.token);
  const ctx = createCtx(caller, services);
  const mine = await me(ctx);
  expect(mine).toMatchObject({
    name: '𠮷田 花子',
    organisation: { name: '栃木県' },
    administrates: [{ name: '栃木県' }],
    hosts: [{ name: '栃木県' }],
    locale: 'ja',
    theme: 'system',
  });
  expect((await accessOf(ctx, mine.organisation!.id))?.can.manage).toBe(true);
  expect(await setupState(nobody)).toEqual({ needed: false });
  await expect(createSetupToken(nobody)).rejects.toBeInstanceOf(Conflict);
  await expect(setUp(nobody, { ...given, token }, client)).rejects.toMatchObject({ code: 'setup.used' });
});
