import { afterAll, expect, test } from 'vitest';
import { openDatabase } from '@engawa/db';
import { append, readDocument } from '@engawa/domain';
import { buildWorld } from '@engawa/domain/testing';
import * as Y from 'yjs';
import { openClient, textOf, until } from '../testing/client.ts';
import { startProxy } from '../testing/proxy.ts';
import { serveSync } from '../testing/serve.ts';
import { signInAs } from '../testing/sessions.ts';

const world = await buildWorld();
const { sql } = world;
const proxy = await startProxy(world.databaseUrl);
const pool = openDatabase(proxy.url, { max: 6 });
const services = { ...world.services, sql: pool };
const node = await serveSync(services);
const officer = await signInAs(sql, world.officer.id);
const clerk = await signInAs(sql, world.clerk.id);

afterAll(async () => {
  proxy.restore();
  await node.stop();
  await pool.end({ timeout: 1 });
  await proxy.stop();
});

test.each(['freeze', 'cut'] as const)(
  'the database goes away (%s): suspended, nothing shown as saved, all of it there afterwards',
  async (how) => {
    const itemId = await world.item();
    const [a, b] = [1, 2].map(() => openClient({ url: node.url, itemId, token: officer }));
    a!.type('前');
    await a!.whenSaved();
    await until(() => b!.text() === '前');
    proxy[how]();
    a!.type('中');
    await new Promise((done) => setTimeout(done, 500));
    expect(a!.saved.state).toBe('saving');
    expect(b!.text()).toBe('前');
    await until(() => b!.notices.some((notice) => notice.kind === 'suspended'), 5_000);
    expect(node.sync.ready()).toBe(false);
    a!.type('も');
    expect(a!.saved.state).not.toBe('saved');
    proxy.restore();
    await until(() => b!.notices.some((notice) => notice.kind === 'resumed'), 8_000);
    await a!.whenSaved(15_000);
    await until(
      () => b!.text() === '前中も',
      15_000,
      () => b!.text(),
    );
    expect(textOf(await readDocument(sql, itemId, 1))).toBe('前中も');
    expect(a!.closes).toEqual([]);
    a!.stop();
    b!.stop();
  },
);

test('who has lost access meanwhile gets nothing of what was kept for those who may go on', async () => {
  const [itemId, other] = [await world.item(), await serveSync(world.services)];
  await world.give(world.clerk.id, itemId, 'editor');
  const reader = openClient({ url: node.url, itemId, token: clerk });
  const writer = openClient({ url: other.url, itemId, token: officer });
  writer.type('前');
  await until(() => reader.text() === '前');
  proxy.freeze();
  await until(() => reader.notices.some((notice) => notice.kind === 'suspended'), 5_000);
  await sql`update grants set revoked_at = now() where object_id = ${itemId}`;
  await sql`update spaces set access_epoch = access_epoch + 1 where id = ${world.space}`;
  writer.type('秘');
  await writer.whenSaved();
  proxy.restore();
  await until(() => reader.closes.some(({ code }) => code === 4404), 15_000);
  expect(reader.text()).toBe('前');
  expect(reader.notices.some((notice) => notice.kind === 'resumed')).toBe(false);
  for (const page of [reader, writer]) page.stop();
  await other.stop();
});

test('an append that fails refuses the edit; the page keeps it and brings it again', async () => {
  const itemId = await world.item();
  const page = openClient({ url: node.url, itemId, token: officer });
  page.type('前');
  await page.whenSaved();
  await sql.unsafe(`create function refuse_row() returns trigger language plpgsql as $$ begin
    raise exception 'no'; end $$; create trigger refuse before insert on journal_rows for each row execute function refuse_row()`);
  page.type('後');
  await until(() => page.closes.some((close) => close.code === 4503));
  expect(page.saved.state).not.toBe('saved');
  await sql.unsafe('drop trigger refuse on journal_rows; drop function refuse_row()');
  await page.whenSaved(10_000);
  expect(textOf(await readDocument(sql, itemId, 1))).toBe('前後');
  page.stop();
});

test('a damaged journal closes that item, with its own reason, and no other', async () => {
  const [broken, sound] = [await world.item(), await world.item()];
  for (const itemId of [broken, sound]) {
    const doc = new Y.Doc();
    doc.getXmlFragment('content').insert(0, [new Y.XmlElement('paragraph')]);
    await append(world.services, {
      itemId,
      generation: 1,
      author: world.officer.id,
      updates: [Y.encodeStateAsUpdate(doc)],
    });
  }
  await sql`update journal_rows set checksum = 1 where item = ${broken}`;
  const pages = [broken, broken, sound].map((itemId) =>
    openClient({ url: node.url, itemId, token: officer }),
  );
  await until(() => pages.slice(0, 2).every((page) => page.closes.some((close) => close.code === 4410)));
  await until(() => pages[2]!.provider.synced);
  for (const page of pages) page.stop();
});
