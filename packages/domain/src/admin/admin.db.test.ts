import { Forbidden, newId, NotFound, type OpenMailbox, Unauthenticated } from '@engawa/schema';
import { describe, expect, test } from 'vitest';
import { createCtx } from '../ctx.ts';
import { accessOf, epochsOf } from '../grants/index.ts';
import { callerOf, resetMail, resetPassword } from '../people/index.ts';
import { mySpaces } from '../spaces/index.ts';
import { buildWorld, createTestPerson } from '../testing/index.ts';
import {
  addAffiliation,
  addPerson,
  createGroup,
  endAffiliation,
  groups,
  organisation,
  organisations,
  outbox,
  outboxMail,
  restorePerson,
  suspendPerson,
} from './index.ts';

const world = await buildWorld();
const { administrator, officer, stranger, clerk, space, sql, services, prefecture, town } = world;
const admin = administrator.ctx;
const nobody = createCtx({ kind: 'anonymous' }, services);
let turn = 0;

const address = () => `staff${(turn += 1)}@pref.example.jp`;
const add = (more: object = {}) =>
  addPerson(admin, {
    organisationId: prefecture,
    name: '新人 次郎',
    kana: 'しんじん',
    email: address(),
    ...more,
  });
const affiliationOf = async (personId: string) =>
  (
    await sql<
      { id: string }[]
    >`select id from affiliations where person_id = ${personId} order by created_at, id`
  )[0]!.id;
const inDays = (days: number) => new Date(Date.now() + days * 86_400_000);
const epoch = async () => (await epochsOf(sql, [space])).get(space)!;
const ctxOf = (personId: string) => createCtx({ kind: 'job', personId, job: 'test' }, services);

describe('the organisation', () => {
  test('shows people by ふりがな with posts, groups and marks', async () => {
    const group = await createGroup(admin, { organisationId: prefecture, name: '総務課', kana: 'ソウムカ' });
    const { id } = await add({ name: '青木 一', kana: 'アオキ ハジメ', groupId: group.id, post: '主任' });
    const page = await organisation(admin, prefecture);
    expect(page.organisation).toMatchObject({ name: '栃木県', host: true });
    const person = page.people.find((row) => row.id === id)!;
    expect(person).toMatchObject({
      kana: 'あおき はじめ',
      administrator: false,
      hasPassword: false,
      suspendedAt: null,
      affiliations: [
        { post: '主任', group: { name: '総務課' }, until: null, organisation: { id: prefecture } },
      ],
    });
    expect(person.affiliations[0]!.from).toBeInstanceOf(Date);
    expect(page.people.find((row) => row.id === administrator.id)!.administrator).toBe(true);
    expect(page.groups).toMatchObject([{ name: '総務課', kana: 'そうむか', people: 1 }]);
    expect(await groups(admin, prefecture)).toEqual(page.groups);
    const names = page.people.map((row) => row.kana || row.name);
    expect(names).toEqual(names.toSorted(new Intl.Collator('ja').compare));
  });

  test('host administrators see all organisations, others what they administer', async () => {
    expect((await organisations(admin)).map((row) => row.name)).toEqual(['栃木県', '益子町']);
    expect(await organisations(officer.ctx)).toEqual([]);
    const mayor = await createTestPerson(services, { name: '町長', organisation: town });
    await world.give(mayor.id, town, 'manager');
    expect((await organisations(mayor.ctx)).map((row) => row.name)).toEqual(['益子町']);
    await expect(organisations(nobody)).rejects.toBeInstanceOf(Unauthenticated);
  });

  test('everybody else finds nothing, whatever the verb', async () => {
    const affiliationId = await affiliationOf(officer.id);
    const person = { organisationId: prefecture, personId: officer.id };
    const missing = await organisation(admin, newId()).catch((error) => error);
    expect(missing).toBeInstanceOf(NotFound);
    for (const { ctx } of [stranger, clerk, officer]) {
      for (const attempt of [
        () => organisation(ctx, prefecture),
        () => groups(ctx, prefecture),
        () => createGroup(ctx, { organisationId: prefecture, name: 'x', kana: '' }),
        () => addPerson(ctx, { organisationId: prefecture, name: 'x', kana: '', email: address() }),
        () => addAffiliation(ctx, person),
        () => endAffiliation(ctx, { affiliationId }),
        () => suspendPerson(ctx, { ...person, reason: 'x' }),
        () => restorePerson(ctx, person),
        () => outbox(ctx, shelf),
        () => outboxMail(ctx, { id: 'x' }, shelf),
      ]) {
        await expect(attempt()).rejects.toEqual(missing);
      }
    }
    await expect(organisation(admin, space)).rejects.toEqual(missing);
    await expect(organisation(admin, town)).rejects.toEqual(missing);
    await expect(endAffiliation(admin, { affiliationId: newId() })).rejects.toEqual(missing);
  });
});

describe('adding people', () => {
  test('a welcome link lets them choose a password; the ledger holds ids only', async () => {
    const { id } = await add();
    const [row] = await sql<{ ids: Record<string, string> }[]>`
      select ids from ledger where object_id = ${id} and verb = 'people.added'`;
    const mail = await resetMail(services, row!.ids.reset!);
    expect(mail!.expiresAt.getTime()).toBeGreaterThan(inDays(6).getTime());
    const token = mail!.url.split('/').at(-1)!;
    const signedIn = await resetPassword(nobody, { token, password: 'はじめてのログインです' });
    expect((await callerOf(services, signedIn.token)).kind).toBe('session');
  });

  test('a known address gets the affiliation, with the same answer', async () => {
    const known = await createTestPerson(services, { name: '元客', organisation: town, email: address() });
    const answer = await add({ email: known.email });
    expect(Object.keys(answer)).toEqual(Object.keys(await add()));
    expect(answer.id).toBe(known.id);
    const page = await organisation(admin, prefecture);
    expect(page.people.find((row) => row.id === known.id)!.name).toBe('元客');
  });

  test('bad days, foreign groups and unknown people are refused', async () => {
    await expect(add({ from: inDays(5), until: inDays(2) })).rejects.toMatchObject({
      code: 'until.before_from',
    });
    await expect(add({ until: '2020-01-01' })).rejects.toMatchObject({ code: 'until.before_from' });
    await expect(add({ groupId: newId() })).rejects.toBeInstanceOf(NotFound);
    await expect(add({ email: 'x' })).rejects.toMatchObject({ code: 'email.invalid' });
    const input = { organisationId: prefecture, personId: clerk.id };
    await expect(addAffiliation(admin, input)).rejects.toBeInstanceOf(NotFound);
  });

  test('兼務 that begins later counts from its day; an administrator may add people', async () => {
    const { id } = await add();
    await addAffiliation(admin, { organisationId: prefecture, personId: id, post: '併任', from: inDays(10) });
    const person = (await organisation(admin, prefecture)).people.find((row) => row.id === id)!;
    expect(person.affiliations).toHaveLength(2);
    expect(person.affiliations[1]!.from.toISOString()).toMatch(/T15:00:00.000Z$/);
    const deputy = await add({ administrator: true });
    await addPerson(ctxOf(deputy.id), { organisationId: prefecture, name: 'x', kana: '', email: address() });
  });
});

describe('ending an affiliation', () => {
  test('at once: everything goes, and connections are told', async () => {
    const { id } = await add();
    await world.give(id, space, 'editor');
    const before = await epoch();
    await endAffiliation(admin, { affiliationId: await affiliationOf(id) });
    expect(await epoch()).toBeGreaterThan(before);
    expect(await accessOf(ctxOf(id), space)).toBeNull();
    expect(await mySpaces(ctxOf(id))).toEqual([]);
    await expect(endAffiliation(admin, { affiliationId: await affiliationOf(id) })).rejects.toMatchObject({
      code: 'affiliation.ended',
    });
  });

  test('on a day: grants end with it; with another organisation left only what the host gave', async () => {
    const { id } = await add();
    const grant = await world.give(id, space, 'editor');
    await endAffiliation(admin, { affiliationId: await affiliationOf(id), until: inDays(3) });
    const [row] = await sql<{ expires_at: Date; revoked_at: Date | null }[]>`
      select expires_at, revoked_at from grants where id = ${grant}`;
    expect(row!.revoked_at).toBeNull();
    expect(row!.expires_at.toISOString()).toMatch(/T14:59:59.000Z$/);
    expect((await accessOf(ctxOf(id), space))?.can.edit).toBe(true);
    await expect(
      endAffiliation(admin, { affiliationId: await affiliationOf(id), until: '2020-01-01' }),
    ).rejects.toMatchObject({ code: 'until.past' });

    const other = newId();
    const elsewhere = newId();
    await sql`insert into organisations (id, name, host) values (${other}, '茨城県', true)`;
    await sql`insert into spaces (id, organisation_id, name, created_by) values (${elsewhere}, ${other}, '別', ${officer.id})`;
    const both = await add();
    await sql`insert into affiliations (id, person_id, organisation_id) values (${newId()}, ${both.id}, ${town})`;
    await world.give(both.id, space, 'editor');
    await world.give(both.id, elsewhere, 'editor');
    await endAffiliation(admin, { affiliationId: await affiliationOf(both.id) });
    expect(await accessOf(ctxOf(both.id), space)).toBeNull();
    expect((await accessOf(ctxOf(both.id), elsewhere))?.can.edit).toBe(true);
  });

  test('one of two posts ends nothing; the last administrator stays', async () => {
    const { id } = await add();
    await world.give(id, space, 'editor');
    await addAffiliation(admin, { organisationId: prefecture, personId: id, post: '兼務' });
    await endAffiliation(admin, { affiliationId: await affiliationOf(id) });
    expect((await accessOf(ctxOf(id), space))?.can.edit).toBe(true);
    await sql`update grants set revoked_at = now() where object_id = ${prefecture} and principal_id <> ${administrator.id}`;
    await expect(
      endAffiliation(admin, { affiliationId: await affiliationOf(administrator.id) }),
    ).rejects.toMatchObject({ code: 'admin.last_administrator' });
  });
});

describe('suspending', () => {
  test('ends sessions and all access until restored', async () => {
    const person = await createTestPerson(services, { name: '停止', organisation: prefecture });
    await world.give(person.id, space, 'editor');
    const input = { organisationId: prefecture, personId: person.id };
    await expect(suspendPerson(admin, { ...input, reason: ' ' })).rejects.toMatchObject({
      code: 'reason.empty',
    });
    const before = await epoch();
    await suspendPerson(admin, { ...input, reason: '退職手続中' });
    expect(await epoch()).toBe(before + 1);
    expect(await accessOf(person.ctx, space)).toBeNull();
    expect(await sql`select 1 from sessions where person_id = ${person.id}`).toHaveLength(0);
    const row = (await organisation(admin, prefecture)).people.find(({ id }) => id === person.id)!;
    expect(row.suspendedReason).toBe('退職手続中');
    await restorePerson(admin, input);
    // Their sessions do not come back with that: they sign in again.
    await expect(accessOf(person.ctx, space)).rejects.toBeInstanceOf(Unauthenticated);
    expect((await accessOf(ctxOf(person.id), space))?.can.edit).toBe(true);
    const rows = await sql`select data, ids from ledger where verb = 'people.suspended'`;
    expect(JSON.stringify(rows)).not.toContain('退職');
  });

  test('not oneself, not the people of another organisation', async () => {
    const input = { organisationId: prefecture, reason: 'x' };
    await expect(suspendPerson(admin, { ...input, personId: administrator.id })).rejects.toMatchObject({
      code: 'admin.yourself',
    });
    await expect(suspendPerson(admin, { ...input, personId: clerk.id })).rejects.toBeInstanceOf(NotFound);
    const { id } = await add();
    await sql`insert into affiliations (id, person_id, organisation_id) values (${newId()}, ${id}, ${town})`;
    await expect(suspendPerson(admin, { ...input, personId: id })).rejects.toBeInstanceOf(Forbidden);
  });
});

const shelf: OpenMailbox = () => {
  const mail = { id: '20261120T000000000Z-a', to: 'a@example.jp', subject: '件名', at: new Date(0) };
  return {
    list: async () => [mail],
    read: async (id) => (id === mail.id ? { ...mail, text: '本文' } : null),
  };
};

test('host administrators read the outbox, and the ledger keeps that they did', async () => {
  expect(await outbox(admin, shelf)).toEqual([]);
  const open = createCtx(admin.caller, { ...services, mailbox: '/nowhere' });
  const [mail] = await outbox(open, shelf);
  expect(await outboxMail(open, { id: mail!.id }, shelf)).toMatchObject({ text: '本文' });
  await expect(outboxMail(open, { id: 'other' }, shelf)).rejects.toBeInstanceOf(NotFound);
  await expect(outboxMail(open, { id: '../../etc/passwd' }, shelf)).rejects.toMatchObject({ status: 400 });
  expect(await sql`select 1 from ledger where verb = 'admin.mail_read'`).toHaveLength(1);
});
