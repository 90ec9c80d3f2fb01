import { createHash, randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type FileFacts, newId } from '@engawa/schema';
import { newBlobKey, openFolderStorage, type Storage } from '@engawa/storage';
import { afterAll } from 'vitest';
import { createCtx, type Ctx } from '../ctx.ts';
import { appendChunk, finishUpload, imageToDraw, keepThumbnail, startUpload } from '../files/index.ts';
import type { World } from './world.ts';

/** Gives the world a file store: a folder of its own, which goes when the test file ends. */
export function openStore(world: World): Storage {
  const folder = mkdtempSync(join(tmpdir(), 'engawa-store-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  world.services.storage = openFolderStorage(folder);
  return world.services.storage;
}

/** The bytes as a stream, in chunks. */
export async function* chunked(bytes: Uint8Array | string, size = 64 * 1024): AsyncGenerator<Uint8Array> {
  const all = Buffer.from(bytes);
  for (let at = 0; at < all.length; at += size) yield all.subarray(at, at + size);
}

export async function bytesOf(stream: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of stream) chunks.push(chunk);
  return Buffer.concat(chunks);
}

/** Uploads by the verbs, as a browser would. */
export async function upload(
  ctx: Ctx,
  place: { spaceId: string; parentId?: string | null; onClash?: 'ask' | 'keep_both' | 'new_version' },
  name: string,
  bytes: Uint8Array | string,
): Promise<FileFacts> {
  const size = Buffer.byteLength(bytes);
  const { id } = await startUpload(ctx, { parentId: null, ...place, name, size });
  await appendChunk(ctx, { id, offset: 0 }, chunked(bytes));
  return finishUpload(ctx, { id });
}

/** Makes a file of one byte without asking anyone. */
export async function fileIn(world: World, parent: string | null): Promise<string> {
  const { sql, services, space, officer } = world;
  const id = await world.item({ parent, kind: 'file' });
  const key = newBlobKey(space);
  const blob = randomUUID();
  const { sha256 } = await services.storage.put(key, chunked('x'));
  await sql`insert into blobs (id, key, item_id, size, sha256, type)
    values (${blob}, ${key}, ${id}, 1, ${Buffer.from(sha256, 'hex')}, 'text/plain')`;
  await sql`insert into file_versions (id, item_id, number, blob_id, created_by)
    values (${newId()}, ${id}, 1, ${blob}, ${officer.id})`;
  return id;
}

/** Gives a file of `fileIn` something that stands for its thumbnail, without asking anyone. */
export async function thumbnailOf({ services }: World, id: string): Promise<void> {
  const nobody = createCtx({ kind: 'anonymous' }, services);
  const { sql } = services;
  await sql`update blobs set type = 'image/png' where item_id = ${id}`;
  const image = await imageToDraw(nobody, { id, version: 1 });
  if (image)
    await keepThumbnail(nobody, image, { small: Buffer.from('small'), large: Buffer.from('larger') });
}

/** Opens an upload of one byte for the caller (the officer's, for nobody) without asking anyone. */
export async function uploadIn(
  world: World,
  { caller }: Pick<Ctx, 'caller'>,
  parent: string,
): Promise<string> {
  const id = newId();
  const key = newBlobKey(world.space);
  const stage = await world.services.storage.beginUpload(key);
  const by = caller.kind === 'anonymous' ? world.officer.id : caller.personId;
  await world.sql`
    insert into uploads (id, space_id, parent_id, name, size, key, stage, created_by, expires_at)
    values (${id}, ${world.space}, ${parent}, 'x.txt', 1, ${key}, ${stage}, ${by}, now() + interval '1 day')`;
  return id;
}

export const sha256Of = (bytes: Uint8Array | string) => createHash('sha256').update(bytes).digest('hex');
