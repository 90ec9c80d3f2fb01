import { randomBytes } from 'node:crypto';
import type { Readable } from 'node:stream';
import { createCtx, type Ctx } from '../ctx.ts';
import { Forbidden, Gone, Invalid, newId, NotFound, Unauthenticated } from '@engawa/schema';
import { StorageFull, StorageUnavailable } from '@engawa/storage';
import { describe, expect, test } from 'vitest';
import { createItem, moveItem, purgeItem, renameItem, trashItem, tree } from '../items/index.ts';
import { block, revokeGrant, grantsOn } from '../grants/index.ts';
import { signOutEverywhere } from '../people/index.ts';
import {
  buildWorld,
  bytesOf,
  chunked,
  createTestPerson,
  openStore,
  sha256Of,
  upload,
} from '../testing/index.ts';
import {
  appendChunk,
  cancelUpload,
  fileFacts,
  filesBelow,
  filesIn,
  fileVersions,
  finishUpload,
  labelVersion,
  openFile,
  restoreVersion,
  startUpload,
  uploadStatus,
} from './index.ts';
import { forgetHash } from './running-hashes.ts';

const world = await buildWorld();
const storage = openStore(world);
const { officer, clerk, stranger, space, sql } = world;
const MIB = 2 ** 20;
const at = { spaceId: space };
const start = (ctx: Ctx, name: string, size: number, parentId: string | null = null) =>
  startUpload(ctx, { spaceId: space, parentId, name, size });
const textOf = async (ctx: Ctx, id: string, version?: number) =>
  String(await bytesOf(await (await openFile(ctx, { id, version })).stream()));
const person = () => createTestPerson(world.services, { name: '客', organisation: world.town });

describe('uploading', () => {
  test('a file arrives whole, with its true hash and type, and stands in the tree and the ledger', async () => {
    const bytes = randomBytes(3 * MIB);
    const file = await upload(officer.ctx, at, '予算案.bin', bytes);
    expect(file).toMatchObject({ name: '予算案.bin', version: { number: 1, size: bytes.length } });
    expect(file.version.sha256).toBe(sha256Of(bytes));
    expect((await bytesOf(await (await openFile(officer.ctx, { id: file.id })).stream())).equals(bytes)).toBe(
      true,
    );
    expect((await tree(officer.ctx, space)).find((row) => row.id === file.id)).toMatchObject({
      kind: 'file',
    });
    const rows = await sql`select verb, data from ledger where object_id = ${file.id}`;
    expect(rows).toMatchObject([{ verb: 'files.uploaded', data: { size: bytes.length, version: 1 } }]);
  });

  test('nothing of it is there before it is finished', async () => {
    const { id } = await start(officer.ctx, 'later.txt', 5);
    await appendChunk(officer.ctx, { id, offset: 0 }, chunked('12345'));
    expect((await tree(officer.ctx, space)).some((row) => row.title === 'later.txt')).toBe(false);
    expect(await filesIn(officer.ctx, space)).not.toContainEqual(expect.objectContaining({ size: 5 }));
  });

  test('in pieces, cut off, at the wrong offset, by another process: the same bytes', async () => {
    const bytes = randomBytes(20 * MIB);
    const { id } = await start(officer.ctx, 'pieces.bin', bytes.length);
    async function* cut(from: number, to: number): AsyncGenerator<Uint8Array> {
      yield* chunked(bytes.subarray(from, to));
      throw new Error('connection reset');
    }
    await expect(appendChunk(officer.ctx, { id, offset: 0 }, cut(0, 7 * MIB + 3))).rejects.toThrow('reset');
    expect(await uploadStatus(officer.ctx, { id })).toMatchObject({ offset: 7 * MIB + 3 });
    await expect(appendChunk(officer.ctx, { id, offset: 5 }, chunked('x'))).rejects.toMatchObject({
      code: 'files.offset',
      details: { offset: 7 * MIB + 3 },
    });
    await expect(finishUpload(officer.ctx, { id })).rejects.toMatchObject({ code: 'files.incomplete' });
    await appendChunk(
      officer.ctx,
      { id, offset: 7 * MIB + 3 },
      chunked(bytes.subarray(7 * MIB + 3, 12 * MIB)),
    );
    // What another node took in between: this one's running hash must not be believed any more.
    forgetHash(id);
    await appendChunk(officer.ctx, { id, offset: 12 * MIB }, chunked(bytes.subarray(12 * MIB)));
    const file = await finishUpload(officer.ctx, { id });
    expect(file.version.sha256).toBe(sha256Of(bytes));
    expect(await finishUpload(officer.ctx, { id })).toMatchObject({ id: file.id });
    expect(await uploadStatus(officer.ctx, { id })).toMatchObject({ itemId: file.id, offset: bytes.length });
  });

  test('a second connection takes over, the first is told, and the bytes are right', async () => {
    const bytes = randomBytes(40 * MIB);
    const { id } = await start(officer.ctx, 'two.bin', bytes.length);
    let release!: () => void;
    const gate = new Promise<void>((done) => (release = done));
    async function* slow(): AsyncGenerator<Uint8Array> {
      yield* chunked(bytes.subarray(0, 4 * MIB));
      await gate;
      yield* chunked(bytes.subarray(4 * MIB));
    }
    const first = appendChunk(officer.ctx, { id, offset: 0 }, slow()).catch((error: unknown) => error);
    await new Promise((done) => setTimeout(done, 100));
    await appendChunk(officer.ctx, { id, offset: 0 }, chunked(bytes));
    release();
    expect(await first).toMatchObject({ code: 'files.overtaken' });
    expect((await finishUpload(officer.ctx, { id })).version.sha256).toBe(sha256Of(bytes));
  });

  test('more than was promised is refused, and what was promised is kept', async () => {
    const { id } = await start(officer.ctx, 'long.txt', 4);
    await expect(appendChunk(officer.ctx, { id, offset: 0 }, chunked('12345'))).rejects.toMatchObject({
      code: 'files.too_long',
    });
    expect(await uploadStatus(officer.ctx, { id })).toMatchObject({ offset: 4 });
    expect(await textOf(officer.ctx, (await finishUpload(officer.ctx, { id })).id)).toBe('1234');
  });

  test('zero bytes are a file', async () => {
    const file = await upload(officer.ctx, at, 'empty.txt', '');
    expect(file.version).toMatchObject({ size: 0, sha256: sha256Of('') });
    expect(await textOf(officer.ctx, file.id)).toBe('');
  });

  test('cancelled, it is gone, also from the store', async () => {
    const { id } = await start(officer.ctx, 'no.bin', 10);
    await appendChunk(officer.ctx, { id, offset: 0 }, chunked('12345'));
    await cancelUpload(officer.ctx, { id });
    await expect(uploadStatus(officer.ctx, { id })).rejects.toThrow(NotFound);
    await expect(appendChunk(officer.ctx, { id, offset: 5 }, chunked('x'))).rejects.toThrow(NotFound);
  });

  test('expired, it takes nothing more', async () => {
    const { id } = await start(officer.ctx, 'old.bin', 10);
    await sql`update uploads set expires_at = now() - interval '1 second' where id = ${id}`;
    await expect(appendChunk(officer.ctx, { id, offset: 0 }, chunked('x'))).rejects.toThrow(Gone);
  });

  test('the quota is reserved at the start, by all who upload at once', async () => {
    const other = newId();
    await sql`insert into spaces (id, organisation_id, name, created_by, quota_bytes)
      values (${other}, ${world.prefecture}, '狭い', ${officer.id}, 100)`;
    await world.give(officer.id, other, 'manager');
    const results = await Promise.allSettled(
      Array.from({ length: 5 }, (_, n) =>
        startUpload(officer.ctx, { spaceId: other, parentId: null, name: `${n}.bin`, size: 40 }),
      ),
    );
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(2);
    const refused = results.find((result) => result.status === 'rejected')!;
    expect(refused.reason).toMatchObject({
      code: 'files.quota',
      details: { free: 20, quota: 100, size: 40 },
    });
    const [one] = results.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
    await cancelUpload(officer.ctx, { id: one!.id });
    await startUpload(officer.ctx, { spaceId: other, parentId: null, name: 'now.bin', size: 60 });
  });
});

describe('versions', () => {
  test('restored as a new one, labelled, listed newest first', async () => {
    const file = await upload(officer.ctx, at, 'v.txt', 'one');
    await upload(officer.ctx, { ...at, onClash: 'new_version' }, 'v.txt', 'two');
    await restoreVersion(officer.ctx, { id: file.id, version: 1 });
    await labelVersion(officer.ctx, { id: file.id, version: 1, label: '提出版' });
    expect(await fileVersions(officer.ctx, { id: file.id })).toMatchObject([
      { number: 3, restoredFrom: 1, label: '' },
      { number: 2 },
      { number: 1, label: '提出版' },
    ]);
    expect(await textOf(officer.ctx, file.id)).toBe('one');
    await expect(restoreVersion(officer.ctx, { id: file.id, version: 9 })).rejects.toThrow(NotFound);
    await expect(openFile(officer.ctx, { id: file.id, version: 9 })).rejects.toThrow(NotFound);
  });

  test('two at once get two numbers', async () => {
    const file = await upload(officer.ctx, at, 'w.txt', 'one');
    await Promise.all(
      Array.from({ length: 5 }, () => restoreVersion(officer.ctx, { id: file.id, version: 1 })),
    );
    const numbers = (await fileVersions(officer.ctx, { id: file.id })).map(({ number }) => number);
    expect(numbers).toEqual([6, 5, 4, 3, 2, 1]);
  });

  test('when the file goes to the trash while its new version arrives, that becomes a file of its own', async () => {
    const file = await upload(officer.ctx, at, 'gone.txt', 'one');
    const { id } = await startUpload(officer.ctx, {
      ...at,
      parentId: null,
      name: 'gone.txt',
      size: 3,
      onClash: 'new_version',
    });
    await appendChunk(officer.ctx, { id, offset: 0 }, chunked('two'));
    await trashItem(officer.ctx, { id: file.id });
    const saved = await finishUpload(officer.ctx, { id });
    expect(saved.id).not.toBe(file.id);
    expect(await textOf(officer.ctx, saved.id)).toBe('two');
  });
});

describe('who may', () => {
  test('strangers and nobody learn nothing', async () => {
    const file = await upload(officer.ctx, at, 'secret.txt', 'x');
    const { id } = await start(officer.ctx, 'mine.txt', 1);
    const nobody = createCtx({ kind: 'anonymous' }, world.services);
    for (const [ctx, error] of [
      [stranger.ctx, NotFound],
      [nobody, Unauthenticated],
    ] as const) {
      await expect(start(ctx, 'x.txt', 1)).rejects.toThrow(error);
      await expect(appendChunk(ctx, { id, offset: 0 }, chunked('x'))).rejects.toThrow(error);
      await expect(uploadStatus(ctx, { id })).rejects.toThrow(error);
      await expect(finishUpload(ctx, { id })).rejects.toThrow(error);
      await expect(cancelUpload(ctx, { id })).rejects.toThrow(error);
      await expect(openFile(ctx, { id: file.id })).rejects.toThrow(error);
      await expect(fileVersions(ctx, { id: file.id })).rejects.toThrow(error);
      await expect(filesBelow(ctx, space)).rejects.toThrow(error);
    }
  });

  test('of two ids sent both are authorised', async () => {
    const other = newId();
    await sql`insert into spaces (id, organisation_id, name, created_by)
      values (${other}, ${world.prefecture}, '他', ${officer.id})`;
    const theirs = await world.item({ space: other, kind: 'folder' });
    await expect(start(officer.ctx, 'x.txt', 1, theirs)).rejects.toThrow(NotFound);
    const file = await upload(officer.ctx, at, 'own.txt', 'x');
    await expect(
      startUpload(officer.ctx, { spaceId: other, parentId: null, name: 'x', size: 1, itemId: file.id }),
    ).rejects.toThrow(NotFound);
    await expect(start(officer.ctx, 'x.txt', 1, file.id)).rejects.toMatchObject({
      code: 'items.not_a_folder',
    });
  });

  test('somebody else in the same space may not go on with my upload', async () => {
    const colleague = await person();
    await world.give(colleague.id, space, 'editor');
    const { id } = await start(officer.ctx, 'm.txt', 1);
    await expect(appendChunk(colleague.ctx, { id, offset: 0 }, chunked('x'))).rejects.toThrow(NotFound);
    await expect(cancelUpload(colleague.ctx, { id })).rejects.toThrow(NotFound);
  });

  test('previewers see the facts and get no bytes; viewers get bytes and change nothing', async () => {
    const file = await upload(officer.ctx, at, 'p.txt', 'x');
    const [previewer, viewer] = [await person(), await person()];
    await world.give(previewer.id, file.id, 'previewer');
    await world.give(viewer.id, file.id, 'viewer');
    expect(await fileFacts(previewer.ctx, { id: file.id })).toMatchObject({ name: 'p.txt' });
    await expect(openFile(previewer.ctx, { id: file.id })).rejects.toThrow(Forbidden);
    expect(await textOf(viewer.ctx, file.id)).toBe('x');
    await expect(restoreVersion(viewer.ctx, { id: file.id, version: 1 })).rejects.toThrow(Forbidden);
  });

  test('an uploader hands in, sees their own file and nothing else, not even by a clash of names', async () => {
    const folder = await world.item({ kind: 'folder', title: '提出箱' });
    const hidden = await upload(officer.ctx, { spaceId: space, parentId: folder }, '応募書類.txt', 'other');
    const guest = await person();
    await world.give(guest.id, folder, 'uploader', new Date(Date.now() + 86_400_000));
    const mine = await upload(guest.ctx, { spaceId: space, parentId: folder }, '応募書類.txt', 'mine');
    expect(mine).toMatchObject({ name: '応募書類.txt', can: { view: true, edit: false } });
    expect(await textOf(guest.ctx, mine.id)).toBe('mine');
    await expect(openFile(guest.ctx, { id: hidden.id })).rejects.toThrow(NotFound);
    const [row] = await sql`select expires_at from grants where object_id = ${mine.id}`;
    expect(row!.expires_at).not.toBeNull();
  });

  test('revoked in the middle of a chunk, the upload stops at the next part', async () => {
    const guest = await person();
    const folder = await world.item({ kind: 'folder' });
    await world.give(guest.id, folder, 'editor');
    const { id } = await start(guest.ctx, 'r.bin', 64 * MIB, folder);
    let sent = 0;
    async function* body(): AsyncGenerator<Uint8Array> {
      for (; sent < 64; sent += 1) {
        if (sent === 20) await block(officer.ctx, { spaceId: space, personId: guest.id, reason: 'x' });
        yield Buffer.alloc(MIB);
      }
    }
    await expect(appendChunk(guest.ctx, { id, offset: 0 }, body())).rejects.toThrow(NotFound);
    expect(sent).toBeLessThan(40);
    await expect(finishUpload(guest.ctx, { id })).rejects.toThrow(NotFound);
  });

  test('revoked in the middle of a download, the stream breaks off', async () => {
    const guest = await person();
    const file = await upload(officer.ctx, at, 'd.bin', randomBytes(8 * MIB));
    await world.give(guest.id, file.id, 'viewer');
    const stream = await (await openFile(guest.ctx, { id: file.id })).stream();
    const read = async () => {
      let got = 0;
      for await (const chunk of stream) {
        if (got === 0) {
          const [grant] = await grantsOn(officer.ctx, file.id).then((rows) =>
            rows.filter((row) => row.principal.id === guest.id),
          );
          await revokeGrant(officer.ctx, { grantId: grant!.id });
        }
        got += (chunk as Uint8Array).byteLength;
        await new Promise((done) => setTimeout(done, 60));
      }
    };
    await expect(read()).rejects.toThrow(NotFound);
  });

  test('signed out everywhere, what still runs of a session ends: uploads, downloads, ZIPs', async () => {
    const guest = await person();
    const folder = await world.item({ kind: 'folder' });
    await world.give(guest.id, folder, 'editor');
    const inFolder = { ...at, parentId: folder };
    const file = await upload(officer.ctx, inFolder, 'd.bin', randomBytes(MIB));
    const { id } = await start(guest.ctx, 'r.bin', 64 * MIB, folder);
    const opened = await openFile(guest.ctx, { id: file.id });
    const zip = await filesBelow(guest.ctx, folder);
    const entry = zip.entries.find((one) => one.id === file.id)!;
    expect(await bytesOf(await zip.open(entry))).toHaveLength(MIB);
    let sent = 0;
    async function* body(): AsyncGenerator<Uint8Array> {
      for (; sent < 64; sent += 1) {
        if (sent === 20) await signOutEverywhere(guest.ctx);
        yield Buffer.alloc(MIB);
      }
    }
    await expect(appendChunk(guest.ctx, { id, offset: 0 }, body())).rejects.toThrow(Unauthenticated);
    expect(sent).toBeLessThan(40);
    // A decision may be half a second old.
    const ended = (stream: () => Promise<Readable>) => async () => {
      const error = await stream()
        .then(bytesOf)
        .catch((e: unknown) => e);
      return error instanceof Unauthenticated;
    };
    await expect
      .poll(
        ended(() => opened.stream()),
        { timeout: 5_000 },
      )
      .toBe(true);
    await expect
      .poll(
        ended(() => zip.open(entry)),
        { timeout: 5_000 },
      )
      .toBe(true);
    expect((await openFile(officer.ctx, { id: file.id })).name).toBe('d.bin');
  });

  test('createItem still knows no files', async () => {
    const input = { ...at, parentId: null, kind: 'file' as 'doc', title: 'x' };
    await expect(createItem(officer.ctx, input)).rejects.toThrow(Invalid);
  });
});

describe('for a ZIP', () => {
  test('paths that every system can write, only what may be downloaded', async () => {
    const folder = (await createItem(officer.ctx, { ...at, parentId: null, kind: 'folder', title: 'Z/:' }))
      .id;
    const inner = (await createItem(officer.ctx, { ...at, parentId: folder, kind: 'folder', title: '中' }))
      .id;
    const secret = await world.item({ parent: folder, kind: 'folder', title: '秘' });
    const hidden = await upload(officer.ctx, { spaceId: space, parentId: secret }, 'hidden.txt', 'h');
    await sql`update items set limited = true, access_path = array[id] where id = ${secret}`;
    await sql`update items set access_path = array[${hidden.id}::uuid, ${secret}::uuid] where id = ${hidden.id}`;
    const long = await upload(
      officer.ctx,
      { spaceId: space, parentId: inner },
      `${'長'.repeat(150)}.txt`,
      'long',
    );
    const con = await upload(officer.ctx, { spaceId: space, parentId: inner }, 'con.txt', 'c');
    await renameItem(officer.ctx, { id: con.id, title: 'a/b?.txt' });
    const { entries } = await filesBelow(officer.ctx, folder);
    expect(entries.map(({ path }) => path)).toEqual(['中/', `中/${'長'.repeat(83)}.txt`, '中/a_b_.txt']);
    expect(entries.find(({ id }) => id === long.id)).toMatchObject({ kind: 'file', size: 4 });
    await expect(filesBelow(clerk.ctx, folder)).rejects.toThrow(NotFound);
  });
});

test('moved with its folder, trashed, purged: the rows go with it and the bytes wait for the collector', async () => {
  const folder = (await createItem(officer.ctx, { ...at, parentId: null, kind: 'folder', title: '消' })).id;
  const file = await upload(officer.ctx, { spaceId: space, parentId: folder }, 'x.txt', 'x');
  await moveItem(officer.ctx, { id: file.id, parentId: null });
  expect(await textOf(officer.ctx, file.id)).toBe('x');
  await moveItem(officer.ctx, { id: file.id, parentId: folder });
  const [blob] = await sql<{ key: string }[]>`select key from blobs where item_id = ${file.id}`;
  const { key } = blob!;
  await trashItem(officer.ctx, { id: folder });
  await expect(openFile(officer.ctx, { id: file.id })).rejects.toThrow(NotFound);
  await purgeItem(officer.ctx, { id: folder });
  expect(await sql`select 1 from file_versions where item_id = ${file.id}`).toHaveLength(0);
  expect(await sql`select item_id from blobs where key = ${key}`).toEqual([{ item_id: null }]);
  expect(await storage.stat(key)).not.toBeNull();
});

test('what the store says reaches the caller as an error of the house', async () => {
  const broken = (error: Error): Ctx => ({
    ...officer.ctx,
    services: { ...world.services, storage: { ...storage, beginUpload: () => Promise.reject(error) } },
  });
  await expect(start(broken(new StorageFull()), 'x', 1)).rejects.toMatchObject({
    code: 'files.store_full',
    status: 503,
  });
  await expect(start(broken(new StorageUnavailable('x')), 'x', 1)).rejects.toMatchObject({
    code: 'files.store_unavailable',
  });
});
