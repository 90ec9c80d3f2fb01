import { Conflict, Forbidden, MAX_DEPTH, newId, NotFound, Unauthenticated } from '@engawa/schema';
import { describe, expect, test } from 'vitest';
import { createCtx, type Ctx } from '../ctx.ts';
import { accessOf, epochsOf } from '../grants/index.ts';
import { buildWorld, createTestPerson } from '../testing/index.ts';
import { createItem, item, moveItem, renameItem, tree } from './index.ts';

const world = await buildWorld();
const { officer, clerk, stranger, space, sql } = world;
const nobody = createCtx({ kind: 'anonymous' }, world.services);

const doc = (title: string, parentId: string | null = null, ctx: Ctx = officer.ctx) =>
  createItem(ctx, { spaceId: space, parentId, kind: 'doc', title });
const folder = (title: string, parentId: string | null = null, ctx: Ctx = officer.ctx) =>
  createItem(ctx, { spaceId: space, parentId, kind: 'folder', title });
const pathOf = async (id: string) =>
  (await sql<{ path: string[] }[]>`select access_path as path from items where id = ${id}`)[0]!.path;
const titles = async (ctx: Ctx, parentId: string | null, of = space) =>
  (await tree(ctx, of)).filter((row) => row.parentId === parentId).map((row) => row.title);
const epoch = async () => (await epochsOf(sql, [space])).get(space)!;
const guest = () => createTestPerson(world.services, { name: '客', organisation: world.town });

describe('creating', () => {
  test('goes last, carries flags, and writes the ledger', async () => {
    const home = await folder('資料');
    const first = await doc('一', home.id);
    const second = await doc('二', home.id);
    expect(second).toMatchObject({
      parentId: home.id,
      kind: 'doc',
      title: '二',
      generation: 1,
      limited: false,
    });
    expect(second.can).toMatchObject({ edit: true, manage: true });
    expect(second.updatedBy).toMatchObject({ id: officer.id });
    expect(await titles(officer.ctx, home.id)).toEqual(['一', '二']);
    expect(await pathOf(first.id)).toEqual([first.id, home.id, space, world.prefecture]);
    const [row] = await sql`select verb, actor_id, space_id, data from ledger where object_id = ${second.id}`;
    expect(row).toMatchObject({ verb: 'items.created', actor_id: officer.id, space_id: space, data: {} });
  });

  test('many at once each get a place of their own', async () => {
    const home = await folder('同時');
    await Promise.all(Array.from({ length: 8 }, (_, n) => doc(`${n}`, home.id)));
    const rows = (await tree(officer.ctx, space)).filter((row) => row.parentId === home.id);
    expect(new Set(rows.map((row) => row.sortKey)).size).toBe(8);
  });

  test('strangers find nothing, guests only what they hold, nobody is asked to sign in', async () => {
    const home = await folder('庁内');
    const input = { spaceId: space, parentId: home.id, kind: 'doc' as const, title: 'x' };
    const missing = await createItem(stranger.ctx, { ...input, spaceId: newId(), parentId: null }).catch(
      (e) => e,
    );
    await expect(createItem(stranger.ctx, input)).rejects.toEqual(missing);
    await expect(createItem(stranger.ctx, { ...input, parentId: null })).rejects.toEqual(missing);
    expect(missing).toBeInstanceOf(NotFound);
    await world.give(clerk.id, home.id, 'commenter');
    await expect(createItem(clerk.ctx, input)).rejects.toBeInstanceOf(Forbidden);
    await expect(createItem(nobody, input)).rejects.toBeInstanceOf(Unauthenticated);
  });

  test('of two ids sent both are authorised', async () => {
    const outside = await guest();
    const other = newId();
    await sql`insert into spaces (id, organisation_id, name, created_by)
      values (${other}, ${world.prefecture}, '別', ${officer.id})`;
    const mine = await folder('私の');
    await world.give(outside.id, mine.id, 'editor');
    const input = { parentId: mine.id, kind: 'doc' as const, title: 'x' };
    await expect(createItem(outside.ctx, { ...input, spaceId: other })).rejects.toBeInstanceOf(NotFound);
    await expect(createItem(outside.ctx, { ...input, spaceId: space })).resolves.toBeTruthy();
  });

  test('refuses bad titles, a document as a folder, and too many levels', async () => {
    const page = await doc('頁');
    await expect(doc('x', page.id)).rejects.toMatchObject({ code: 'items.not_a_folder' });
    await expect(doc('  ‮ ')).rejects.toMatchObject({ code: 'title.empty' });
    await expect(doc('あ'.repeat(201))).rejects.toMatchObject({ code: 'title.too_long' });
    expect((await doc('𠮷👨‍👩‍👧‍👦‮ 済\n')).title).toBe('𠮷👨‍👩‍👧‍👦 済');
    let parent: string | null = null;
    for (let level = 1; level <= MAX_DEPTH - 1; level += 1) parent = (await folder(`${level}`, parent)).id;
    await doc('底', parent);
    const last = await folder('底', parent);
    await expect(doc('x', last.id)).rejects.toMatchObject({ code: 'items.too_deep' });
  });
});

describe('reading', () => {
  test('a folder comes before what lies in it, and another kind of guest sees only theirs', async () => {
    const outside = await guest();
    const upper = await folder('上');
    const lower = await folder('下', upper.id);
    const page = await doc('頁', lower.id);
    await doc('ほか', upper.id);
    await world.give(outside.id, lower.id, 'viewer');
    const seen = await tree(outside.ctx, space);
    expect(seen.map((row) => [row.title, row.parentId])).toEqual([
      ['下', null],
      ['頁', lower.id],
    ]);
    expect(seen[1]!.can).toMatchObject({ view: true, edit: false });
    const detail = await item(outside.ctx, page.id);
    expect(detail.breadcrumb.map((step) => step.title)).toEqual(['下']);
    expect((await item(officer.ctx, page.id)).breadcrumb.map((step) => step.title)).toEqual(['上', '下']);
    const all = (await tree(officer.ctx, space)).map((row) => row.id);
    expect(all.indexOf(upper.id)).toBeLessThan(all.indexOf(lower.id));
    expect(all.indexOf(lower.id)).toBeLessThan(all.indexOf(page.id));
  });

  test('what a stranger asks for reads as what does not exist', async () => {
    const page = await doc('秘');
    const missing = await item(stranger.ctx, newId()).catch((error) => error);
    await expect(item(stranger.ctx, page.id)).rejects.toEqual(missing);
    await expect(item(officer.ctx, 'x')).rejects.toEqual(missing);
    await expect(tree(stranger.ctx, space)).rejects.toEqual(missing);
    await expect(tree(stranger.ctx, newId())).rejects.toEqual(missing);
  });
});

describe('renaming', () => {
  test('keeps one name on both sides, refuses readers and strangers', async () => {
    const page = await doc('旧');
    expect((await renameItem(officer.ctx, { id: page.id, title: ' 新 ' })).title).toBe('新');
    await world.give(clerk.id, page.id, 'viewer');
    await expect(renameItem(clerk.ctx, { id: page.id, title: 'x' })).rejects.toBeInstanceOf(Forbidden);
    await expect(renameItem(stranger.ctx, { id: page.id, title: 'x' })).rejects.toBeInstanceOf(NotFound);
    await expect(renameItem(officer.ctx, { id: newId(), title: 'x' })).rejects.toBeInstanceOf(NotFound);
    await expect(renameItem(officer.ctx, { id: space, title: 'x' })).rejects.toBeInstanceOf(NotFound);
  });
});

describe('moving', () => {
  test('before, after, last, and back again', async () => {
    const home = await folder('順');
    const [a, b, c] = [await doc('a', home.id), await doc('b', home.id), await doc('c', home.id)];
    const { from } = await moveItem(officer.ctx, { id: c.id, parentId: home.id, before: a.id });
    expect(await titles(officer.ctx, home.id)).toEqual(['c', 'a', 'b']);
    expect(from).toEqual({ parentId: home.id, after: b.id, before: null });
    await moveItem(officer.ctx, { id: c.id, ...from });
    expect(await titles(officer.ctx, home.id)).toEqual(['a', 'b', 'c']);
    const away = await moveItem(officer.ctx, { id: b.id, parentId: null });
    await moveItem(officer.ctx, { id: b.id, ...away.from });
    expect(await titles(officer.ctx, home.id)).toEqual(['a', 'b', 'c']);
    await moveItem(officer.ctx, { id: a.id, parentId: home.id });
    expect(await titles(officer.ctx, home.id)).toEqual(['b', 'c', 'a']);
    await expect(
      moveItem(officer.ctx, { id: a.id, parentId: home.id, after: newId() }),
    ).rejects.toMatchObject({
      code: 'items.sibling_gone',
    });
    await expect(
      moveItem(officer.ctx, { id: a.id, parentId: home.id, after: b.id, before: c.id }),
    ).rejects.toMatchObject({ code: 'items.two_places' });
  });

  test('access follows the whole subtree, and the epoch tells', async () => {
    const outside = await guest();
    const open = await folder('共有');
    const inner = await folder('中');
    const page = await doc('頁', inner.id);
    await world.give(outside.id, open.id, 'viewer');
    expect(await accessOf(outside.ctx, page.id)).toBeNull();
    const before = await epoch();
    await moveItem(officer.ctx, { id: inner.id, parentId: open.id });
    expect(await epoch()).toBe(before + 1);
    expect(await pathOf(page.id)).toEqual([page.id, inner.id, open.id, space, world.prefecture]);
    expect((await accessOf(outside.ctx, page.id))?.can.view).toBe(true);
    await moveItem(officer.ctx, { id: inner.id, parentId: null });
    expect(await accessOf(outside.ctx, page.id)).toBeNull();
  });

  test('a limited folder keeps its break wherever it goes', async () => {
    const open = await folder('共有');
    const limited = await folder('限定');
    const page = await doc('頁', limited.id);
    await world.give(officer.id, limited.id, 'manager');
    await sql`update items set limited = true, access_path = array[id] where id = ${limited.id}`;
    await sql`update items set access_path = array[id, ${limited.id}::uuid] where id = ${page.id}`;
    await moveItem(officer.ctx, { id: limited.id, parentId: open.id });
    expect(await pathOf(limited.id)).toEqual([limited.id]);
    expect(await pathOf(page.id)).toEqual([page.id, limited.id]);
  });

  test('not into itself, not into a document, not without permission there', async () => {
    const upper = await folder('上');
    const lower = await folder('下', upper.id);
    const page = await doc('頁');
    const into = (id: string, parentId: string, ctx = officer.ctx) => moveItem(ctx, { id, parentId });
    await expect(into(upper.id, lower.id)).rejects.toMatchObject({ code: 'items.into_itself' });
    await expect(into(upper.id, upper.id)).rejects.toMatchObject({ code: 'items.into_itself' });
    await expect(into(upper.id, page.id)).rejects.toMatchObject({ code: 'items.not_a_folder' });
    await expect(into(page.id, newId())).rejects.toBeInstanceOf(NotFound);
    await expect(into(page.id, upper.id, stranger.ctx)).rejects.toBeInstanceOf(NotFound);
    const outside = await guest();
    await world.give(outside.id, page.id, 'editor');
    await expect(into(page.id, upper.id, outside.ctx)).rejects.toBeInstanceOf(NotFound);
    await expect(moveItem(outside.ctx, { id: page.id, parentId: null })).rejects.toBeInstanceOf(Forbidden);
    await world.give(outside.id, upper.id, 'viewer');
    await expect(into(page.id, upper.id, outside.ctx)).rejects.toBeInstanceOf(Forbidden);
  });

  test('two that move into each other at once: one wins, no ring', async () => {
    const [a, b] = [await folder('甲'), await folder('乙')];
    const done = await Promise.allSettled([
      moveItem(officer.ctx, { id: a.id, parentId: b.id }),
      moveItem(officer.ctx, { id: b.id, parentId: a.id }),
    ]);
    expect(done.map((result) => result.status).sort()).toEqual(['fulfilled', 'rejected']);
    expect(done.find((result) => result.status === 'rejected')!.reason).toBeInstanceOf(Conflict);
  });

  test('a child born during a move gets the new path', async () => {
    const open = await folder('共有');
    for (let round = 0; round < 5; round += 1) {
      const home = await folder('動く');
      const [, child] = await Promise.all([
        moveItem(officer.ctx, { id: home.id, parentId: open.id }),
        doc('新生', home.id),
      ]);
      expect(await pathOf(child.id)).toEqual([child.id, home.id, open.id, space, world.prefecture]);
    }
  });

  test('into another space: both are asked, grants and paths go along', async () => {
    const other = newId();
    await sql`insert into spaces (id, organisation_id, name, created_by)
      values (${other}, ${world.prefecture}, '移動先', ${officer.id})`;
    const target = await world.item({ kind: 'folder', space: other });
    const home = await folder('引越し');
    const page = await doc('頁', home.id);
    const outside = await guest();
    const given = await world.give(outside.id, page.id, 'viewer');
    await expect(moveItem(officer.ctx, { id: home.id, parentId: target })).rejects.toBeInstanceOf(NotFound);
    await world.give(officer.id, other, 'editor');
    const { item: moved } = await moveItem(officer.ctx, { id: home.id, parentId: target });
    expect(moved.spaceId).toBe(other);
    expect(await pathOf(page.id)).toEqual([page.id, home.id, target, other, world.prefecture]);
    expect(await sql`select space_id from grants where id = ${given}`).toMatchObject([{ space_id: other }]);
    expect((await accessOf(outside.ctx, page.id))?.spaceId).toBe(other);
  });

  test('keys of another making, and keys that have grown long, are made anew', async () => {
    const home = await world.item({ kind: 'folder' });
    const [a, b] = [
      await world.item({ parent: home, title: 'a' }),
      await world.item({ parent: home, title: 'b' }),
    ];
    const c = await doc('c', home);
    await moveItem(officer.ctx, { id: c.id, parentId: home, after: a });
    expect(await titles(officer.ctx, home)).toEqual(['a', 'c', 'b']);
    for (let round = 0; round < 3; round += 1) {
      await moveItem(officer.ctx, { id: b, parentId: home, after: a });
      await moveItem(officer.ctx, { id: c.id, parentId: home, after: a });
    }
    expect(await titles(officer.ctx, home)).toEqual(['a', 'c', 'b']);
    const long = (end: string) => `a0${'1'.repeat(80)}${end}`;
    await sql`update items set sort_key = ${long('1')} where id = ${a}`;
    await sql`update items set sort_key = ${long('2')} where id = ${c.id}`;
    await moveItem(officer.ctx, { id: b, parentId: home, after: a });
    expect(await titles(officer.ctx, home)).toEqual(['a', 'b', 'c']);
    const keys = await sql<{ key: string }[]>`select sort_key as key from items where parent_id = ${home}`;
    expect(Math.max(...keys.map((row) => row.key.length))).toBeLessThan(60);
  });
});
