import { Invalid, newId, NotFound, Unauthenticated } from '@engawa/schema';
import { beforeEach, describe, expect, test } from 'vitest';
import { createCtx, type Ctx, deriveToken } from '../ctx.ts';
import { epochsOf } from '../grants/index.ts';
import { buildWorld, createTestPerson } from '../testing/index.ts';
import {
  callerOf,
  changePassword,
  hashPassword,
  me,
  nameTag,
  requestPasswordReset,
  resetLink,
  resetPassword,
  revokeSession,
  sessions,
  signIn,
  signOut,
  signOutEverywhere,
  sweepSessions,
  updateProfile,
} from './index.ts';

const world = await buildWorld();
const { services, sql, officer, space } = world;
const nobody = createCtx({ kind: 'anonymous' }, services);
const client = { ip: '2001:db8::1', userAgent: 'Firefox' };
const PASSWORD = 'correct horse battery';
const hash = await hashPassword(PASSWORD);
let turn = 0;

async function person() {
  turn += 1;
  const made = await createTestPerson(services, {
    name: '試験 一郎',
    organisation: world.prefecture,
    email: `person${turn}@example.jp`,
  });
  await sql`update people set password_hash = ${hash} where id = ${made.id}`;
  return made;
}

const as = async (token: string): Promise<Ctx> => createCtx(await callerOf(services, token), services);
const epoch = async () => (await epochsOf(sql, [space])).get(space)!;

beforeEach(() => sql`delete from rate_limits`);

describe('signing in', () => {
  test('by a normalised address; only the hash of the token is stored', async () => {
    const { id, email } = await person();
    const signedIn = await signIn(nobody, { email: ` ${email.toUpperCase()}`, password: PASSWORD }, client);
    expect(signedIn.personId).toBe(id);
    expect(await callerOf(services, signedIn.token)).toEqual({
      kind: 'session',
      personId: id,
      sessionId: signedIn.sessionId,
    });
    const [row] = await sql`select token_hash, network from sessions where id = ${signedIn.sessionId}`;
    expect(row!.network).toBe('2001:db8:0:0::/64');
    expect(row!.token_hash.toString('base64url')).not.toBe(signedIn.token);
    expect(Math.round((signedIn.expiresAt.getTime() - Date.now()) / 86_400_000)).toBe(14);
  });

  test('wrong password, unknown address and no password are one answer', async () => {
    const { email } = await person();
    const bare = await createTestPerson(services, { name: '未設定', organisation: null });
    const attempt = (address: string, password = 'wrong password') =>
      signIn(nobody, { email: address, password }, client).catch((error) => error);
    const wrong = await attempt(email);
    expect(wrong).toBeInstanceOf(Invalid);
    expect(wrong.code).toBe('sign_in.wrong');
    expect(await attempt('unknown@example.jp')).toEqual(wrong);
    expect(await attempt(bare.email)).toEqual(wrong);
    expect((await attempt('no address')).code).toBe('email.invalid');
    expect((await attempt(email, '')).code).toBe('password.empty');
  });

  test('an unknown address takes as long as a wrong password', async () => {
    const { email } = await person();
    const measure = async (address: string) => {
      const begin = performance.now();
      await signIn(nobody, { email: address, password: 'wrong password' }, client).catch(() => {});
      return performance.now() - begin;
    };
    await measure(email);
    const known: number[] = [];
    const unknown: number[] = [];
    for (let n = 0; n < 5; n += 1) {
      known.push(await measure(email));
      unknown.push(await measure(`unknown${n}@example.jp`));
    }
    const median = (list: number[]) => list.sort((a, b) => a - b)[2]!;
    expect(median(unknown)).toBeGreaterThan(median(known) * 0.4);
  });

  test('too many tries are refused with a time to wait, also many at once; other networks still may', async () => {
    const { email } = await person();
    const wrong = () => signIn(nobody, { email, password: 'wrong password' }, client).catch((error) => error);
    const answers = await Promise.all(Array.from({ length: 12 }, wrong));
    expect(answers.filter((error) => error.code === 'sign_in.wrong')).toHaveLength(8);
    const refused = await signIn(nobody, { email, password: PASSWORD }, client).catch((error) => error);
    expect(refused.code).toBe('too_many');
    expect(refused.details.retryAfter).toBeGreaterThan(800);
    const elsewhere = { ...client, ip: '198.51.100.7' };
    await expect(signIn(nobody, { email, password: PASSWORD }, elsewhere)).resolves.toBeTruthy();
    const keys = await sql<{ key: string }[]>`select key from rate_limits`;
    expect(keys.some((row) => row.key.includes('@'))).toBe(false);
  });

  test('one network alone does not shut the owner of an address out', async () => {
    const { email } = await person();
    for (let i = 0; i < 70; i += 1) {
      await signIn(nobody, { email, password: 'wrong' }, { ip: '198.51.100.66', userAgent: '' }).catch(
        () => {},
      );
    }
    const at = { ip: '203.0.113.5', userAgent: '' };
    await expect(signIn(nobody, { email, password: PASSWORD }, at)).resolves.toBeTruthy();
  });

  test('a good sign-in forgives the tries before it, and replaces the session of this browser', async () => {
    const { email } = await person();
    for (let n = 0; n < 3; n += 1) {
      for (let m = 0; m < 5; m += 1)
        await signIn(nobody, { email, password: 'wrong one' }, client).catch(() => {});
      await signIn(nobody, { email, password: PASSWORD }, client);
    }
    const first = await signIn(nobody, { email, password: PASSWORD }, client);
    const second = await signIn(await as(first.token), { email, password: PASSWORD }, client);
    expect((await callerOf(services, first.token)).kind).toBe('anonymous');
    expect((await callerOf(services, second.token)).kind).toBe('session');
  });

  test('suspended people are told so only with the right password, and hold no session', async () => {
    const { id, email } = await person();
    const { token } = await signIn(nobody, { email, password: PASSWORD }, client);
    await sql`update people set suspended_at = now() where id = ${id}`;
    expect((await callerOf(services, token)).kind).toBe('anonymous');
    await expect(signIn(nobody, { email, password: PASSWORD }, client)).rejects.toMatchObject({
      code: 'sign_in.suspended',
    });
    await expect(signIn(nobody, { email, password: 'wrong one' }, client)).rejects.toMatchObject({
      code: 'sign_in.wrong',
    });
  });
});

describe('sessions', () => {
  test('slide by visits, end after 14 days without and 60 days in all', async () => {
    const { email } = await person();
    const { token, sessionId } = await signIn(nobody, { email, password: PASSWORD }, client);
    const kind = async () => (await callerOf(services, token)).kind;
    await sql`update sessions set seen_at = now() - interval '10 days', expires_at = now() + interval '4 days'
      where id = ${sessionId}`;
    expect(await kind()).toBe('session');
    const [row] = await sql<{ days: number }[]>`
      select round(extract(epoch from expires_at - now()) / 86400)::int as days from sessions where id = ${sessionId}`;
    expect(row!.days).toBe(14);
    await sql`update sessions set seen_at = now() - interval '1 hour', ends_at = now() + interval '1 day' where id = ${sessionId}`;
    expect(await kind()).toBe('session');
    const [capped] = await sql`select expires_at = ends_at as capped from sessions where id = ${sessionId}`;
    expect(capped!.capped).toBe(true);
    await sql`update sessions set expires_at = now() + interval '9 days', ends_at = now() where id = ${sessionId}`;
    expect(await kind()).toBe('anonymous');
    await sql`update sessions set expires_at = now() - interval '2 days' where id = ${sessionId}`;
    expect(await sweepSessions(nobody)).toBe(1);
  });

  test('forged and broken tokens are nobody', async () => {
    for (const token of [null, undefined, '', 'x', 'a'.repeat(43), 'a'.repeat(100_000), "';--\u0000"]) {
      expect(await callerOf(services, token)).toEqual({ kind: 'anonymous' });
    }
  });

  test('are listed and ended one by one, never those of another; connections are told by the epoch', async () => {
    const { id, email } = await person();
    await world.give(id, space, 'viewer');
    await sql`delete from sessions where person_id = ${id}`;
    const one = await signIn(nobody, { email, password: PASSWORD }, client);
    const two = await signIn(nobody, { email, password: PASSWORD }, { ...client, userAgent: 'Chrome' });
    const ctx = await as(two.token);
    const list = await sessions(ctx);
    expect(list.map((row) => [row.userAgent, row.current])).toEqual([
      ['Chrome', true],
      ['Firefox', false],
    ]);
    await expect(revokeSession(officer.ctx, { id: one.sessionId })).rejects.toBeInstanceOf(NotFound);
    await expect(revokeSession(ctx, { id: newId() })).rejects.toBeInstanceOf(NotFound);
    const before = await epoch();
    await revokeSession(ctx, { id: one.sessionId });
    expect(await epoch()).toBe(before + 1);
    expect((await callerOf(services, one.token)).kind).toBe('anonymous');
    const three = await signIn(nobody, { email, password: PASSWORD }, client);
    await signOut(await as(three.token));
    expect((await callerOf(services, three.token)).kind).toBe('anonymous');
    await signOutEverywhere(ctx);
    expect((await callerOf(services, two.token)).kind).toBe('anonymous');
    await expect(sessions(nobody)).rejects.toBeInstanceOf(Unauthenticated);
    await signOut(nobody);
  });
});

describe('the person themself', () => {
  test('changes name, reading, language and theme', async () => {
    const { ctx } = await person();
    const changed = await updateProfile(ctx, {
      name: '𠮷田  👨‍👩‍👧‍👦',
      kana: 'ヨシダ',
      locale: 'en',
      theme: 'dark',
    });
    expect(changed).toMatchObject({ name: '𠮷田 👨‍👩‍👧‍👦', kana: 'よしだ', locale: 'en', theme: 'dark' });
    await expect(
      updateProfile(nobody, { name: 'x', kana: '', locale: 'ja', theme: 'dark' }),
    ).rejects.toBeInstanceOf(Unauthenticated);
    await expect(me(nobody)).rejects.toBeInstanceOf(Unauthenticated);
    const { id, name, affiliations } = changed;
    const organisation = affiliations[0]?.organisation.name ?? '';
    expect(await nameTag(ctx)).toEqual({ id, name, organisation });
    await expect(nameTag(nobody)).rejects.toBeInstanceOf(Unauthenticated);
    const [row] = await sql`select data, ids from ledger where verb = 'people.profile_changed'`;
    expect(row).toEqual({ data: {}, ids: {} });
  });

  test('changes the password: the other sessions end', async () => {
    const { email } = await person();
    const one = await signIn(nobody, { email, password: PASSWORD }, client);
    const two = await signIn(nobody, { email, password: PASSWORD }, client);
    const ctx = await as(one.token);
    const next = 'a quite different one';
    await expect(changePassword(ctx, { current: 'not this', next })).rejects.toMatchObject({
      code: 'password.wrong',
    });
    await expect(changePassword(nobody, { current: PASSWORD, next })).rejects.toBeInstanceOf(Unauthenticated);
    await changePassword(ctx, { current: PASSWORD, next });
    expect((await callerOf(services, one.token)).kind).toBe('session');
    expect((await callerOf(services, two.token)).kind).toBe('anonymous');
    await expect(signIn(nobody, { email, password: PASSWORD }, client)).rejects.toBeInstanceOf(Invalid);
    await signIn(nobody, { email, password: next }, client);
  });
});

describe('a forgotten password', () => {
  const lastReset = async (personId: string) => {
    const [row] = await sql<{ reset: string }[]>`
      select ids ->> 'reset' as reset from ledger
      where object_id = ${personId} and verb = 'people.reset_requested' order by id desc limit 1`;
    return row ? deriveToken(services, 'password_reset', row.reset) : null;
  };

  test('the link works once, for an hour, and ends every session', async () => {
    const { id, email } = await person();
    const old = await signIn(nobody, { email, password: PASSWORD }, client);
    await requestPasswordReset(nobody, { email });
    const first = (await lastReset(id))!;
    await requestPasswordReset(nobody, { email });
    const second = (await lastReset(id))!;
    expect(second).not.toBe(first);
    const password = 'a brand new password';
    const use = (token: string) => resetPassword(nobody, { token, password }, client);
    await expect(use(first)).rejects.toMatchObject({ code: 'reset.used' });
    await expect(use('nonsense')).rejects.toMatchObject({ code: 'reset.wrong' });
    await sql`update password_resets set expires_at = now() where person_id = ${id}`;
    await expect(use(second)).rejects.toMatchObject({ code: 'reset.expired' });
    await sql`update password_resets set expires_at = now() + interval '1 hour' where person_id = ${id}`;
    const done = await Promise.allSettled([use(second), use(second)]);
    expect(done.map((result) => result.status).sort()).toEqual(['fulfilled', 'rejected']);
    expect((await callerOf(services, old.token)).kind).toBe('anonymous');
    await signIn(nobody, { email, password }, client);
    const stored = await sql`select token_hash from password_resets where person_id = ${id}`;
    expect(stored.some((row) => row.token_hash.toString() === second)).toBe(false);
  });

  test('asking is answered alike for everybody, and takes as long', async () => {
    const { id, email } = await person();
    const measure = async (address: string) => {
      const begin = performance.now();
      await requestPasswordReset(nobody, { email: address });
      return performance.now() - begin;
    };
    expect(await measure('unknown@example.jp')).toBeGreaterThan(240);
    expect(await measure(email)).toBeGreaterThan(240);
    for (let n = 0; n < 5; n += 1) await requestPasswordReset(nobody, { email });
    expect(await sql`select 1 from password_resets where person_id = ${id}`).toHaveLength(4);
  });

  test('the operator gets a link at the command line', async () => {
    const { email } = await person();
    const url = await resetLink(services, email);
    expect(url).toMatch(/^http:\/\/localhost:3000\/reset\/[\w-]{43}$/);
    await resetPassword(nobody, { token: url.split('/').at(-1)!, password: 'by the command line' }, client);
    await expect(resetLink(services, 'unknown@example.jp')).rejects.toMatchObject({
      code: 'person.not_found',
    });
  });
});
