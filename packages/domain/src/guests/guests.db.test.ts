import { Forbidden, Gone, newId, NotFound, Unauthenticated } from '@engawa/schema';
import { describe, expect, test } from 'vitest';
import { createCtx, type Ctx, deriveToken } from '../ctx.ts';
import { accessOf, revokeGrant } from '../grants/index.ts';
import { trashItem } from '../items/index.ts';
import { callerOf, me } from '../people/index.ts';
import { buildWorld, createTestPerson } from '../testing/index.ts';
import {
  acceptInvitation,
  correctInvitation,
  invitationMail,
  invitations,
  invitationSent,
  invite,
  openInvitation,
  resendInvitation,
  withdrawInvitation,
} from './index.ts';

const world = await buildWorld();
const { officer, clerk, stranger, space, sql, services, prefecture, town } = world;
const nobody = createCtx({ kind: 'anonymous' }, services);
const client = { ip: '203.0.113.9', userAgent: 'test' };
const PASSWORD = '縁側で会いましょうね';
let turn = 0;

const address = () => `guest${(turn += 1)}@town.example.jp`;
const linkOf = (id: string, sending = 1) => deriveToken(services, 'invitation', id, sending);
const newcomer = (token: string, more: object = {}) =>
  acceptInvitation(
    nobody,
    {
      token,
      name: '益子 花',
      kana: 'ましこ はな',
      organisation: '益子町',
      post: '係長',
      password: PASSWORD,
      ...more,
    },
    client,
  );
const invited = async (more: object = {}, ctx: Ctx = officer.ctx) => {
  const email = address();
  const made = await invite(ctx, { objectId: space, email, role: 'editor', ...more });
  return { ...made, email, token: linkOf(made.id) };
};
const state = async (token: string, ctx: Ctx = nobody) => (await openInvitation(ctx, { token })).state;

describe('inviting', () => {
  test('ends after 90 days at 23:59:59 in Japan, stores no token, tells the ledger ids only', async () => {
    const { id, until, token, email } = await invited({ name: '益子 花', organisation: '益子町' });
    const inJapan = new Date(until.getTime() + 9 * 3_600_000).toISOString();
    expect(inJapan).toContain('T23:59:59');
    expect(Math.round((until.getTime() - Date.now()) / 86_400_000)).toBeGreaterThanOrEqual(90);
    expect(JSON.stringify(await sql`select * from invitations where id = ${id}`)).not.toContain(token);
    const [row] = await sql`select verb, ids, data, space_id from ledger where object_id = ${id}`;
    expect(row).toEqual({
      verb: 'guests.invited',
      ids: { object: space },
      data: { sending: 1 },
      space_id: space,
    });
    const mail = await invitationMail(services, id);
    const url = `http://localhost:3000/invite/${token}`;
    expect(mail).toMatchObject({ to: { address: email }, url, role: 'editor', locale: 'ja', sending: 1 });
    await invitationSent(services, { id, sending: 2 });
    expect(await invitationMail(services, id)).not.toBeNull();
    await invitationSent(services, { id, sending: 1 });
    expect(await invitationMail(services, id)).toBeNull();
    expect((await invitations(officer.ctx, space))[0]).toMatchObject({
      id,
      state: 'open',
      organisation: '益子町',
    });
  });

  test('a day is that day in Japan; past, too far and impossible days are refused', async () => {
    const soon = new Date(Date.now() + 5 * 86_400_000).toISOString().slice(0, 10);
    const { until } = await invited({ until: soon });
    expect(until.toISOString()).toBe(`${soon}T14:59:59.000Z`);
    await expect(invited({ until: '2020-01-01' })).rejects.toMatchObject({ code: 'until.past' });
    await expect(invited({ until: '2999-01-01' })).rejects.toMatchObject({ code: 'until.too_far' });
    await expect(invited({ until: '2026-02-31' })).rejects.toMatchObject({ code: 'day.invalid' });
    await expect(invited({ role: 'participant' })).rejects.toMatchObject({ code: 'invitation.role' });
    await expect(invited({ email: 'x' })).rejects.toMatchObject({ code: 'email.invalid' });
    await expect(invited({ name: 'あ'.repeat(300) })).rejects.toMatchObject({ code: 'name.too_long' });
  });

  test('nobody gives more, or longer, than they hold', async () => {
    const doc = await world.item();
    const ends = new Date(Date.now() + 3 * 86_400_000);
    const guest = await createTestPerson(services, { name: '客', organisation: town });
    await world.give(guest.id, doc, 'commenter', ends);
    await expect(invited({ objectId: doc }, guest.ctx)).rejects.toBeInstanceOf(Forbidden);
    await sql`update grants set mask = (mask | 256) where principal_id = ${guest.id}`;
    await expect(invited({ objectId: doc }, guest.ctx)).rejects.toMatchObject({
      code: 'grants.more_than_held',
    });
    expect((await invited({ objectId: doc, role: 'viewer' }, guest.ctx)).until).toEqual(ends);
    const later = new Date(Date.now() + 9 * 86_400_000).toISOString().slice(0, 10);
    await expect(invited({ objectId: doc, role: 'viewer', until: later }, guest.ctx)).rejects.toMatchObject({
      code: 'until.beyond_own',
    });
  });

  test('the answer is the same whether the address has an account; twice is once', async () => {
    const known = await invite(officer.ctx, { objectId: space, email: clerk.email, role: 'viewer' });
    expect(Object.keys(known)).toEqual(
      Object.keys(await invited()).filter((key) => key === 'id' || key === 'until'),
    );
    const email = address();
    const twice = await Promise.allSettled(
      [1, 2].map(() => invite(officer.ctx, { objectId: space, email, role: 'viewer' })),
    );
    expect(twice.map((result) => result.status).sort()).toEqual(['fulfilled', 'rejected']);
    expect(twice.find((result) => result.status === 'rejected')!.reason.code).toBe('invitation.exists');
    await withdrawInvitation(officer.ctx, { id: known.id });
  });

  test('strangers find nothing, whatever the verb', async () => {
    const { id } = await invited();
    const missing = await withdrawInvitation(stranger.ctx, { id: newId() }).catch((error) => error);
    expect(missing).toBeInstanceOf(NotFound);
    const correct = {
      id,
      email: address(),
      role: 'viewer' as const,
      until: new Date(Date.now() + 86_400_000),
    };
    for (const attempt of [
      () => invited({}, stranger.ctx),
      () => invited({ objectId: newId() }),
      () => invited({ objectId: prefecture }, world.administrator.ctx),
      () => invitations(stranger.ctx, space),
      () => resendInvitation(stranger.ctx, { id }),
      () => correctInvitation(stranger.ctx, correct),
      () => withdrawInvitation(stranger.ctx, { id }),
    ]) {
      await expect(attempt()).rejects.toEqual(missing);
    }
    await expect(invited({}, nobody)).rejects.toBeInstanceOf(Unauthenticated);
  });
});

describe('changing an invitation', () => {
  test('a new link ends the one before it', async () => {
    const { id, token } = await invited();
    await resendInvitation(officer.ctx, { id });
    expect(await state(token)).toBe('replaced');
    expect(await state(linkOf(id, 2))).toBe('open');
    expect(await invitationMail(services, id)).toMatchObject({ sending: 2 });
    await expect(newcomer(token)).rejects.toMatchObject({ code: 'invitation.replaced' });
    await withdrawInvitation(officer.ctx, { id });
    expect(await openInvitation(nobody, { token })).toEqual({ state: 'withdrawn' });
  });

  test('an expired link is renewed by sending it again; an ended access needs a later day', async () => {
    const { id, token } = await invited();
    await sql`update invitations set expires_at = now() where id = ${id}`;
    expect(await state(token)).toBe('expired');
    await expect(newcomer(token)).rejects.toMatchObject({ code: 'invitation.expired' });
    await resendInvitation(officer.ctx, { id });
    expect(await state(linkOf(id, 2))).toBe('open');
    await sql`update invitations set access_until = now() where id = ${id}`;
    await expect(resendInvitation(officer.ctx, { id })).rejects.toMatchObject({ code: 'invitation.expired' });
    const until = new Date(Date.now() + 5 * 86_400_000);
    await correctInvitation(officer.ctx, { id, email: address(), role: 'viewer', until });
    expect(await state(linkOf(id, 3))).toBe('open');
  });

  test('a corrected address gets a new link, other corrections keep it', async () => {
    const { id, token, email } = await invited({ name: '益子 華' });
    const until = new Date(Date.now() + 5 * 86_400_000);
    await correctInvitation(officer.ctx, { id, email, name: '益子 花', role: 'commenter', until });
    const view = await openInvitation(nobody, { token });
    expect(view).toMatchObject({
      state: 'open',
      name: '益子 花',
      role: 'commenter',
      hasAccount: false,
      signedIn: 'nobody',
    });
    await correctInvitation(officer.ctx, { id, email: address(), role: 'commenter', until });
    // Whoever got it by mistake is told no more than that it is old.
    expect(await openInvitation(nobody, { token })).toEqual({ state: 'replaced' });
    expect(await state(linkOf(id, 2))).toBe('open');
  });

  test('nobody is flooded by sending again, or by correcting the address', async () => {
    const { id, email } = await invited();
    const sent = async () => {
      const [row] = await sql<{ sending: number }[]>`select sending from invitations where id = ${id}`;
      return row!.sending;
    };
    const until = new Date(Date.now() + 5 * 86_400_000);
    for (let i = 0; i < 30; i += 1) await resendInvitation(officer.ctx, { id }).catch(() => {});
    expect(await sent()).toBe(10);
    await expect(resendInvitation(officer.ctx, { id })).rejects.toMatchObject({ code: 'too_many' });
    // Back and forth between two addresses is counted, too.
    const other = address();
    const correct = (to: string) =>
      correctInvitation(officer.ctx, { id, email: to, role: 'viewer', until }).catch(() => {});
    for (let i = 0; i < 30; i += 1) await correct(i % 2 ? email : other);
    expect(await sent()).toBe(11);
  });

  test('withdrawn is told as such, also when the inviter could not give it any more', async () => {
    const { id, token } = await invited();
    await withdrawInvitation(officer.ctx, { id });
    await withdrawInvitation(officer.ctx, { id });
    expect(await openInvitation(nobody, { token })).toEqual({ state: 'withdrawn' });
    await expect(newcomer(token)).rejects.toMatchObject({ code: 'invitation.withdrawn' });
    await expect(resendInvitation(officer.ctx, { id })).rejects.toBeInstanceOf(Gone);

    const colleague = await createTestPerson(services, { name: '同僚', organisation: prefecture });
    const grantId = await world.give(colleague.id, space, 'manager');
    const theirs = await invited({}, colleague.ctx);
    expect(await state(theirs.token)).toBe('open');
    await revokeGrant(officer.ctx, { grantId });
    expect(await state(theirs.token)).toBe('withdrawn');
    await resendInvitation(officer.ctx, { id: theirs.id });
    expect(await state(linkOf(theirs.id, 2))).toBe('open');

    const doc = await world.item();
    const gone = await invited({ objectId: doc });
    await trashItem(officer.ctx, { id: doc });
    expect(await state(gone.token)).toBe('withdrawn');
  });
});

describe('accepting', () => {
  test('makes the person, finds the organisation written another way, gives the access, signs in', async () => {
    const doc = await world.item();
    const { id, token, until } = await invited({ objectId: doc });
    const done = await newcomer(token, { organisation: ' 益 子町 ' });
    expect(done).toMatchObject({ objectId: doc, objectKind: 'item', spaceId: space });
    const ctx = createCtx(await callerOf(services, done.session!.token), services);
    const mine = await me(ctx);
    expect(mine).toMatchObject({
      name: '益子 花',
      kana: 'ましこ はな',
      post: '係長',
      organisation: { id: town },
    });
    const access = await accessOf(ctx, doc);
    expect(access).toMatchObject({ kind: 'guest', until, can: { edit: true, share: false } });
    expect(await state(token)).toBe('used');
    await expect(newcomer(token)).rejects.toMatchObject({ code: 'invitation.used' });
    await expect(withdrawInvitation(officer.ctx, { id })).rejects.toMatchObject({ code: 'invitation.used' });
    const verbs = await sql<{ verb: string }[]>`select verb from ledger where object_id = ${id} order by id`;
    expect(verbs.map((row) => row.verb)).toEqual(['guests.invited', 'guests.accepted']);
  });

  test('a new organisation is made once, also by two at once, as a partner', async () => {
    const [one, two] = [await invited(), await invited()];
    await Promise.all([one, two].map(({ token }) => newcomer(token, { organisation: '株式会社 足利織物' })));
    const rows = await sql<
      { host: boolean }[]
    >`select host from organisations where name = '株式会社 足利織物'`;
    expect(rows).toEqual([{ host: false }]);
  });

  test('of two who use one link at once one wins, the other is told it was used', async () => {
    const { token } = await invited();
    const done = await Promise.allSettled([newcomer(token), newcomer(token, { name: '別人' })]);
    expect(done.map((result) => result.status).sort()).toEqual(['fulfilled', 'rejected']);
    const lost = done.find((result) => result.status === 'rejected')!.reason;
    expect(lost.code).toBe('invitation.used');
  });

  test('bad input uses nothing up', async () => {
    const { token } = await invited();
    await expect(newcomer(token, { name: '' })).rejects.toMatchObject({ code: 'name.empty' });
    await expect(newcomer(token, { name: 'あ'.repeat(300) })).rejects.toMatchObject({
      code: 'name.too_long',
    });
    await expect(newcomer(token, { name: undefined })).rejects.toMatchObject({ code: 'name.empty' });
    await expect(newcomer(token, { organisation: '' })).rejects.toMatchObject({ code: 'name.empty' });
    await expect(newcomer(token, { password: undefined })).rejects.toMatchObject({
      code: 'password.too_short',
    });
    await expect(newcomer(token, { password: 'short' })).rejects.toMatchObject({
      code: 'password.too_short',
    });
    await expect(newcomer('wrong')).rejects.toMatchObject({ code: 'invitation.wrong' });
    expect(await openInvitation(nobody, { token: 'wrong' })).toEqual({ state: 'wrong' });
    await newcomer(token, { name: '𠮷田 👩‍🌾' });
  });

  test('an account signs in first; as that person the token is enough; somebody else is told plainly', async () => {
    const person = await createTestPerson(services, { name: '兼務', organisation: town, email: address() });
    await sql`update people set password_hash = 'x' where id = ${person.id}`;
    const made = await invite(officer.ctx, { objectId: space, email: person.email, role: 'viewer' });
    const token = linkOf(made.id);
    expect(await openInvitation(person.ctx, { token })).toMatchObject({ hasAccount: true, signedIn: 'same' });
    expect(await openInvitation(officer.ctx, { token })).toMatchObject({ signedIn: 'other' });
    await expect(newcomer(token)).rejects.toMatchObject({ code: 'invitation.sign_in' });
    await expect(acceptInvitation(officer.ctx, { token }, client)).rejects.toMatchObject({
      code: 'invitation.other_person',
    });
    const done = await acceptInvitation(person.ctx, { token }, client);
    expect(done.session).toBeNull();
    expect((await accessOf(person.ctx, space))?.can.view).toBe(true);
    expect(await sql`select 1 from affiliations where person_id = ${person.id}`).toHaveLength(1);
  });

  test('accepting never takes away what somebody holds', async () => {
    const doc = await world.item();
    await world.give(officer.id, doc, 'manager');
    const made = await invite(world.administrator.ctx, {
      objectId: doc,
      email: officer.email,
      role: 'viewer',
    });
    await acceptInvitation(officer.ctx, { token: linkOf(made.id) }, client);
    const [row] =
      await sql`select mask, expires_at from grants where object_id = ${doc} and principal_id = ${officer.id}`;
    expect(row).toMatchObject({ expires_at: null });
    expect((await accessOf(officer.ctx, doc))?.can.manage).toBe(true);
  });

  test('suspended people do not come in by the side door', async () => {
    const person = await createTestPerson(services, { name: '停止', organisation: town, email: address() });
    await sql`update people set suspended_at = now() where id = ${person.id}`;
    const made = await invite(officer.ctx, { objectId: space, email: person.email, role: 'viewer' });
    await expect(newcomer(linkOf(made.id))).rejects.toMatchObject({ code: 'sign_in.suspended' });
  });
});

describe('organisations and trust', () => {
  test('nobody becomes staff of a host by an invitation', async () => {
    await expect(invited({ organisationId: prefecture })).rejects.toMatchObject({
      code: 'invitation.host_organisation',
    });
    const { token } = await invited({ organisation: '栃木県' });
    await expect(newcomer(token, { organisation: ' 栃木県' })).rejects.toMatchObject({
      code: 'invitation.organisation_taken',
    });
    await expect(invited({ organisationId: newId() })).rejects.toBeInstanceOf(NotFound);
  });

  test('a name alone joins no organisation that holds rights; one the inviter vouches for does', async () => {
    const company = newId();
    await sql`insert into organisations (id, name) values (${company}, '那須建設')`;
    await sql`insert into grants (id, principal_kind, principal_id, object_id, space_id, mask)
      values (${newId()}, 'organisation', ${company}, ${space}, ${space}, 3)`;
    const bare = await invited();
    await expect(newcomer(bare.token, { organisation: '那須建設' })).rejects.toMatchObject({
      code: 'invitation.organisation_taken',
    });
    const named = await invited({ organisation: '那須 建設' });
    expect(await openInvitation(nobody, { token: named.token })).toMatchObject({
      organisation: '那須建設',
      organisationFixed: true,
    });
    const done = await newcomer(named.token, { organisation: 'ほかの名' });
    const [row] =
      await sql`select organisation_id from affiliations where person_id = ${done.session!.personId}`;
    expect(row!.organisation_id).toBe(company);

    const doc = await world.item();
    const guest = await createTestPerson(services, { name: '客', organisation: town });
    await world.give(guest.id, doc, 'manager');
    const input = { objectId: doc, role: 'viewer', organisationId: company };
    await expect(invited(input, guest.ctx)).rejects.toMatchObject({ code: 'invitation.organisation' });
    await invited({ ...input, organisationId: town }, guest.ctx);
  });
});
