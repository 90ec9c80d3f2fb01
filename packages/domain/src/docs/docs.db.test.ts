import { readFileSync } from 'node:fs';
import { Forbidden, newId, NotFound, Unauthenticated } from '@engawa/schema';
import { expect, test } from 'vitest';
import { applyUpdate, Doc } from 'yjs';
import { createCtx } from '../ctx.ts';
import { trashItem } from '../items/index.ts';
import { buildWorld, createTestPerson } from '../testing/index.ts';
import { createDocFromMarkdown, docHtml, docState, exportMarkdown } from './index.ts';

const world = await buildWorld();
const { officer, clerk, stranger, space, sql, services } = world;
const nobody = createCtx({ kind: 'anonymous' }, services);
const MARKDOWN = '# 目的\n\n県と町が **一つの文書** を書く。\n\n- [ ] 確認\n- [x] 完了\n';
const make = (markdown = MARKDOWN, title = '計画', ctx = officer.ctx) =>
  createDocFromMarkdown(ctx, { spaceId: space, parentId: null, title, markdown });

test('Markdown in, page and Markdown out, state for whoever may download', async () => {
  const { id } = await make();
  const page = await docHtml(officer.ctx, { id });
  expect(page.item).toMatchObject({ id, title: '計画', kind: 'doc' });
  expect(page.html).toContain('<strong>一つの文書</strong>');
  const { fileName, markdown } = await exportMarkdown(officer.ctx, { id });
  expect(fileName).toBe('計画.md');
  expect(markdown).toContain('**一つの文書**');
  expect(markdown).toContain('[x] 完了');
  const { state, generation } = await docState(officer.ctx, { id });
  expect(generation).toBe(1);
  const doc = new Doc();
  applyUpdate(doc, state);
  expect(doc.getXmlFragment('content').toString()).toContain('目的');
  const rows = await sql<
    { verb: string }[]
  >`select verb from ledger where object_id = ${id} and verb <> 'items.edited'`;
  expect(rows).toEqual([{ verb: 'items.created' }]);
});

test('30 kB of real Japanese come back whole', async () => {
  const source = readFileSync(new URL('../../../../README.md', import.meta.url), 'utf8');
  const real = `${'一太郎は雨の日に花を買い、橋を渡って帰った。'.repeat(20)}\n\n`.repeat(25) + source;
  const { id } = await make(real);
  const { markdown } = await exportMarkdown(officer.ctx, { id });
  expect(markdown.split('一太郎は').length).toBe(501);
});

test('stored text has no way into the page', async () => {
  const { id } = await make(
    '<script>alert(1)</script>\n\n[x](javascript:alert(1)) <img src=x onerror=alert(1)>',
  );
  const { html } = await docHtml(officer.ctx, { id });
  expect(html).not.toMatch(/<script|<img|javascript:/i);
});

test('pictures are files of the vault, also by our whole address; everything else stays a link', async () => {
  const picture = `/files/${newId()}/content`;
  const { id } = await make(`![現地](${services.origin}${picture})\n\n![他](https://else.jp${picture})`);
  const { html } = await docHtml(officer.ctx, { id });
  expect(html).toContain(`<img src="${picture}" alt="現地"`);
  expect(html).toContain(`<a href="https://else.jp${picture}"`);
  const { markdown } = await exportMarkdown(officer.ctx, { id });
  expect(markdown).toContain(`![現地](${services.origin}${picture})`);
});

test('names of files lose what file systems do not take', async () => {
  const names = await Promise.all(
    ['a/b:c*?.', '..', 'あ'.repeat(200), '予算 2026.'].map(async (title) => {
      const { id } = await make('x', title);
      return (await exportMarkdown(officer.ctx, { id })).fileName;
    }),
  );
  expect(names).toEqual(['a_b_c__.md', 'document.md', `${'あ'.repeat(100)}.md`, '予算 2026.md']);
});

test('a Markdown bomb is refused and leaves nothing behind', async () => {
  const count = async () => (await sql`select 1 from items`).length;
  const before = await count();
  await expect(make('x'.repeat(1_000_001))).rejects.toMatchObject({ code: 'docs.markdown_too_long' });
  await expect(make(`${'> '.repeat(5_000)}x`)).rejects.toMatchObject({ code: 'markdown.too_deep' });
  expect(await count()).toBe(before);
});

test('previewers read the page only; strangers and the trash are not found', async () => {
  const { id } = await make();
  const previewer = await createTestPerson(services, { name: '閲覧', organisation: world.town });
  await world.give(previewer.id, id, 'previewer');
  expect((await docHtml(previewer.ctx, { id })).html).toContain('目的');
  await expect(exportMarkdown(previewer.ctx, { id })).rejects.toBeInstanceOf(Forbidden);
  await expect(docState(previewer.ctx, { id })).rejects.toBeInstanceOf(Forbidden);
  await world.give(clerk.id, space, 'viewer');
  await expect(make('x', 'x', clerk.ctx)).rejects.toBeInstanceOf(Forbidden);
  const missing = await docHtml(stranger.ctx, { id: newId() }).catch((error) => error);
  expect(missing).toBeInstanceOf(NotFound);
  for (const verb of [docHtml, exportMarkdown, docState]) {
    await expect(verb(stranger.ctx, { id })).rejects.toEqual(missing);
    await expect(verb(nobody, { id })).rejects.toBeInstanceOf(Unauthenticated);
  }
  await expect(make('x', 'x', stranger.ctx)).rejects.toEqual(missing);
  const folder = await world.item({ kind: 'folder' });
  await expect(docHtml(officer.ctx, { id: folder })).rejects.toMatchObject({ code: 'docs.not_a_document' });
  await trashItem(officer.ctx, { id });
  await expect(docHtml(officer.ctx, { id })).rejects.toBeInstanceOf(NotFound);
});
