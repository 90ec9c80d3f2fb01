import { randomUUID } from 'node:crypto';
import { Readable } from 'node:stream';
import { NotFound, OpenFileInput, parse, UploadIdInput } from '@engawa/schema';
import { newBlobKey } from '@engawa/storage';
import type { Ctx } from '../ctx.ts';
import { atStore } from './faults.ts';
import * as files from './files.sql.ts';
import { type OpenFile, opened } from './open.ts';
import { requireFile } from './places.ts';
import * as db from './thumbnails.sql.ts';

const PICTURE = 'image/webp';
/** Larger images are not read for the sake of a small picture. Bytes. */
const LARGEST = 200 * 2 ** 20;
/** So often an image may bring the worker down, or find the store away, before it is let be. */
const MOST_TRIES = 5;
/** What may be drawn. Drawing SVG runs what a stranger wrote; HEIC is not read by what we ship. */
const DRAWN = /^image\/(png|jpeg|webp|gif|avif|tiff)$/;

/** Why there is no small picture of an image, and never will be. */
export type NoPicture = 'too_large' | 'too_many_pixels' | 'broken';

/** An image that waits to be drawn small. */
export interface ImageToDraw {
  blobId: string;
  spaceId: string;
  stream(): Promise<Readable>;
}

/**
 * A job: the image of that version when it still wants a thumbnail, else null: no image, drawn already, given up, gone.
 * Each call is a try. Called by the worker alone. Errors: Unavailable.
 */
export async function imageToDraw(
  ctx: Ctx,
  input: { id: string; version: number },
): Promise<ImageToDraw | null> {
  const { id } = parse(UploadIdInput, input);
  const source = await db.sourceOf(ctx.sql, id, input.version);
  if (!source || !DRAWN.test(source.type)) return null;
  const { blobId, spaceId, key, size } = source;
  const tries = await db.countTry(ctx.sql, blobId);
  if (tries === null) return null;
  const why = size > LARGEST ? 'too_large' : tries > MOST_TRIES ? 'broken' : null;
  if (why) {
    await db.refuse(ctx.sql, blobId, why);
    return null;
  }
  return { blobId, spaceId, stream: () => atStore(() => ctx.services.storage.get(key)) };
}

/** A job: there is no thumbnail of this image, and nobody tries again. */
export async function refuseThumbnail(
  ctx: Ctx,
  { blobId }: { blobId: string },
  why: NoPicture,
): Promise<void> {
  await db.refuse(ctx.sql, blobId, why);
}

/** An image as WebP: small for lists, and larger for looking at; no larger one where the small one is all of it. */
export interface Pictures {
  small: Uint8Array;
  large: Uint8Array | null;
}

/**
 * A job: keeps the pictures as blobs of the file they show, and tells the pages. What comes too late is collected as
 * garbage. Errors: Unavailable.
 */
export async function keepThumbnail(
  ctx: Ctx,
  { blobId, spaceId }: Pick<ImageToDraw, 'blobId' | 'spaceId'>,
  pictures: Pictures,
): Promise<void> {
  const small = await stored(ctx, spaceId, pictures.small);
  const large = pictures.large && (await stored(ctx, spaceId, pictures.large));
  await ctx.sql.begin(async (tx) => {
    const itemId = await db.lockWanted(tx, blobId);
    if (!itemId) return;
    for (const picture of [small, large]) {
      if (picture) await files.insertBlob(tx, { ...picture, itemId, type: PICTURE });
    }
    await db.setPictures(tx, blobId, { small: small.id, large: large?.id ?? null });
    await db.tellSpace(tx, spaceId);
  });
}

async function stored(ctx: Ctx, spaceId: string, picture: Uint8Array) {
  const key = newBlobKey(spaceId);
  const { size, sha256 } = await atStore(() => ctx.services.storage.put(key, Readable.from([picture])));
  return { id: randomUUID(), key, size, sha256 };
}

/** The small picture of a file or of one of its versions, to be shown. Needs `view`. NotFound where there is none. */
export async function openThumbnail(ctx: Ctx, input: { id: string; version?: number }): Promise<OpenFile> {
  const { id, version } = parse(OpenFileInput, input);
  const access = await requireFile(ctx, 'view', id);
  const [found, picture] = await Promise.all([
    files.versionOf(ctx.sql, id, version),
    db.pictureOf(ctx.sql, id, 'small', version),
  ]);
  if (!found || !picture) throw new NotFound();
  return opened(ctx, access, { ...found, ...picture, type: PICTURE }, { capability: 'view', show: true });
}
