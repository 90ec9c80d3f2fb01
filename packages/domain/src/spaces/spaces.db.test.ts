import { Forbidden, newId, NotFound, Unauthenticated } from '@engawa/schema';
import { describe, expect, test } from 'vitest';
import { createCtx } from '../ctx.ts';
import { accessOf, block, epochsOf } from '../grants/index.ts';
import { createItem, spaceHome, tree } from '../items/index.ts';
import { buildWorld, createTestPerson } from '../testing/index.ts';
import {
  archiveSpace,
  candidates,
  createSpace,
  membersByOrganisation,
  mySpaces,
  reopenSpace,
  updateSpace,
} from './index.ts';

const world = await buildWorld();
const { officer, clerk, stranger, administrator, space, sql, prefecture, town } = world;
const nobody = createCtx({ kind: 'anonymous' }, world.services);
const newcomer = (name: string, organisation: string | null = prefecture) =>
  createTestPerson(world.services, { name, organisation });

describe('making', () => {
  test('staff of a host make spaces and manage them', async () => {
    const made = await createSpace(officer.ctx, { name: ' 防災 ', purpose: '一行目\r\n二行目‮' });
    expect(made).toMatchObject({
      name: '防災',
      purpose: '一行目\n二行目',
      kind: 'staff',
      host: { id: prefecture },
    });
    expect(made.can).toMatchObject({ manage: true, share: true });
    expect((await mySpaces(officer.ctx)).map((row) => row.id)).toContain(made.id);
    expect(await accessOf(clerk.ctx, made.id)).toBeNull();
    const rows = await sql<
      { verb: string }[]
    >`select verb from ledger where space_id = ${made.id} order by id`;
    expect(rows.map((row) => row.verb)).toEqual(['spaces.created', 'grants.given']);
  });

  test('guests, strangers and nobody make none; of several hosts one is named', async () => {
    await expect(createSpace(clerk.ctx, { name: 'x' })).rejects.toMatchObject({
      code: 'spaces.not_host_staff',
    });
    await expect(createSpace(stranger.ctx, { name: 'x' })).rejects.toBeInstanceOf(Forbidden);
    await expect(createSpace(nobody, { name: 'x' })).rejects.toBeInstanceOf(Unauthenticated);
    await expect(createSpace(officer.ctx, { name: 'x', organisationId: town })).rejects.toBeInstanceOf(
      NotFound,
    );
    const other = newId();
    await sql`insert into organisations (id, name, host) values (${other}, '茨城県', true)`;
    await expect(createSpace(officer.ctx, { name: 'x', organisationId: other })).rejects.toBeInstanceOf(
      NotFound,
    );
    const both = await newcomer('兼務');
    await sql`insert into affiliations (id, person_id, organisation_id) values (${newId()}, ${both.id}, ${other})`;
    await expect(createSpace(both.ctx, { name: 'x' })).rejects.toMatchObject({ code: 'spaces.which_host' });
    expect((await createSpace(both.ctx, { name: 'x', organisationId: other })).host.name).toBe('茨城県');
    await expect(createSpace(officer.ctx, { name: 'あ'.repeat(300) })).rejects.toMatchObject({
      code: 'space.too_long',
    });
    await expect(createSpace(officer.ctx, { name: '' })).rejects.toMatchObject({ code: 'space.empty' });
  });
});

describe('the home', () => {
  test('shows members by organisation, the host first, by ふりがな', async () => {
    const made = await createSpace(officer.ctx, { name: '名簿' });
    const people = [
      { ...(await newcomer('渡辺')), kana: 'わたなべ' },
      { ...(await newcomer('青木')), kana: 'あおき' },
      { ...(await newcomer('佐藤')), kana: 'さとう' },
    ];
    for (const { id, kana } of people) {
      await sql`update people set kana = ${kana} where id = ${id}`;
      await world.give(id, made.id, 'editor');
    }
    await world.give(clerk.id, made.id, 'commenter', new Date(Date.now() + 86_400_000));
    await world.give(stranger.id, made.id, 'viewer');
    await sql`insert into grants (id, principal_kind, principal_id, object_id, space_id, mask)
      values (${newId()}, 'organisation', ${town}, ${made.id}, ${made.id}, 3)`;
    const members = await membersByOrganisation(officer.ctx, made.id);
    expect(members.map((row) => row.organisation?.name ?? null)).toEqual(['栃木県', '益子町', null]);
    const names = members[0]!.people.map((row) => row.name);
    expect(names.indexOf('青木')).toBeLessThan(names.indexOf('佐藤'));
    expect(names.indexOf('佐藤')).toBeLessThan(names.indexOf('渡辺'));
    expect(members[1]).toMatchObject({
      whole: [{ name: '益子町', role: 'previewer' }],
      people: [{ name: '町野 さくら', role: 'commenter', kind: 'guest', partly: false }],
    });
    await block(officer.ctx, { spaceId: made.id, personId: stranger.id, reason: '終了' });
    expect(await membersByOrganisation(officer.ctx, made.id)).toHaveLength(2);
    const home = await spaceHome(clerk.ctx, made.id);
    expect(home.guest).toMatchObject({ host: { name: '栃木県' }, until: null });
    expect((await spaceHome(officer.ctx, made.id)).guest).toBeNull();
  });

  test('a guest of one document sees that, and nobody', async () => {
    const made = await createSpace(officer.ctx, { name: '一件', purpose: '目的' });
    const page = await createItem(officer.ctx, {
      spaceId: made.id,
      parentId: null,
      kind: 'doc',
      title: '頁',
    });
    await createItem(officer.ctx, { spaceId: made.id, parentId: null, kind: 'doc', title: '庁内' });
    const until = new Date(Date.now() + 86_400_000);
    const guest = await newcomer('客', town);
    await world.give(guest.id, page.id, 'editor', until);
    const home = await spaceHome(guest.ctx, made.id);
    expect((await tree(guest.ctx, made.id)).map((row) => row.title)).toEqual(['頁']);
    expect(home.members).toEqual([]);
    expect(home.guest).toEqual({ until, host: { id: prefecture, name: '栃木県' } });
    expect(home.space.purpose).toBe('目的');
    expect((await mySpaces(guest.ctx)).map((row) => row.name)).toContain('一件');
    await expect(membersByOrganisation(guest.ctx, made.id)).rejects.toBeInstanceOf(Forbidden);
    const inside = await membersByOrganisation(officer.ctx, made.id);
    expect(inside[1]!.people).toMatchObject([{ name: '客', role: null, partly: true }]);
  });

  test('strangers find neither space nor members, as if it did not exist', async () => {
    const missing = await spaceHome(stranger.ctx, newId()).catch((error) => error);
    expect(missing).toBeInstanceOf(NotFound);
    for (const attempt of [
      () => spaceHome(stranger.ctx, space),
      () => spaceHome(officer.ctx, prefecture),
      () => spaceHome(administrator.ctx, prefecture),
      () => membersByOrganisation(stranger.ctx, space),
      () => updateSpace(stranger.ctx, { spaceId: space, name: 'x' }),
      () => archiveSpace(stranger.ctx, { spaceId: space }),
      () => reopenSpace(stranger.ctx, { spaceId: newId() }),
      () => candidates(stranger.ctx, { objectId: space, query: '' }),
    ]) {
      await expect(attempt()).rejects.toEqual(missing);
    }
    expect(await mySpaces(await newcomer('新人', null).then((person) => person.ctx))).toEqual([]);
    await expect(mySpaces(nobody)).rejects.toBeInstanceOf(Unauthenticated);
  });
});

describe('changing', () => {
  test('managers change the name; archiving shuts writing and tells by the epoch', async () => {
    const made = await createSpace(officer.ctx, { name: '終わる' });
    await world.give(clerk.id, made.id, 'editor');
    const epoch = async () => (await epochsOf(sql, [made.id])).get(made.id)!;
    await expect(updateSpace(clerk.ctx, { spaceId: made.id, name: 'x' })).rejects.toBeInstanceOf(Forbidden);
    await expect(archiveSpace(clerk.ctx, { spaceId: made.id })).rejects.toBeInstanceOf(Forbidden);
    expect((await updateSpace(officer.ctx, { spaceId: made.id, name: '改' })).name).toBe('改');
    const before = await epoch();
    expect((await archiveSpace(officer.ctx, { spaceId: made.id })).archivedAt).toBeInstanceOf(Date);
    await archiveSpace(officer.ctx, { spaceId: made.id });
    expect(await epoch()).toBe(before + 1);
    const create = () => createItem(clerk.ctx, { spaceId: made.id, parentId: null, kind: 'doc', title: 'x' });
    await expect(create()).rejects.toBeInstanceOf(Forbidden);
    expect((await accessOf(clerk.ctx, made.id))?.can.view).toBe(true);
    expect((await reopenSpace(officer.ctx, { spaceId: made.id })).archivedAt).toBeNull();
    await create();
  });
});

describe('candidates', () => {
  test('staff find the host and who is in; a guest finds who is in and their own', async () => {
    const made = await createSpace(officer.ctx, { name: '探す' });
    await world.give(clerk.id, made.id, 'viewer');
    const colleague = await newcomer('町民 次郎', town);
    const names = async (ctx: typeof officer.ctx, query: string) =>
      (await candidates(ctx, { objectId: made.id, query })).map((row) => row.name);
    expect(await names(officer.ctx, '県庁')).toEqual(['県庁 太郎']);
    expect(await names(officer.ctx, '町民')).toEqual(['町民 次郎']);
    expect(await names(officer.ctx, '余所')).toEqual([]);
    expect(await names(officer.ctx, '%')).toEqual([]);
    expect(await names(officer.ctx, '\u0000栃木')).toEqual(['栃木県']);
    await sql`update people set kana = 'ちょうみん じろう' where id = ${colleague.id}`;
    expect(await names(officer.ctx, 'ﾁｮｳﾐﾝ')).toEqual(['町民 次郎']);
    await expect(names(clerk.ctx, '')).rejects.toBeInstanceOf(Forbidden);
    await sql`update grants set mask = 511 where principal_id = ${clerk.id} and object_id = ${made.id}`;
    expect(await names(clerk.ctx, '管理')).toEqual([]);
    expect(await names(clerk.ctx, '町')).toEqual(
      expect.arrayContaining(['町民 次郎', '町野 さくら', '益子町']),
    );
  });

  test('a guest who may share one document finds who holds it, and not who else is in the space', async () => {
    const made = await createSpace(officer.ctx, { name: '一つだけ' });
    const [doc, other] = await Promise.all([world.item({ space: made.id }), world.item({ space: made.id })]);
    const sharer = await newcomer('町民 三郎', town);
    const beside = await newcomer('隣国 四郎', null);
    const elsewhere = await newcomer('隣国 五郎', null);
    await world.give(sharer.id, doc, 'manager');
    await world.give(beside.id, doc, 'viewer');
    await world.give(elsewhere.id, other, 'viewer');
    const found = await candidates(sharer.ctx, { objectId: doc, query: '隣国' });
    expect(found.map((row) => row.name)).toEqual(['隣国 四郎']);
  });
});
