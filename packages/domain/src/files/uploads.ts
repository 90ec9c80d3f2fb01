import {
  MAX_UPLOADS,
  newId,
  NotFound,
  parse,
  StartUploadInput,
  TooMany,
  UPLOAD_DAYS,
  UploadIdInput,
  type UploadState,
} from '@engawa/schema';
import { newBlobKey } from '@engawa/storage';
import { type Ctx, inside, personOf } from '../ctx.ts';
import { type Access, accessOf } from '../grants/index.ts';
import { item, requireQuota, requireRoom } from '../items/index.ts';
import { atStore, storeError } from './faults.ts';
import { requireFile, requireUpload, settleClash } from './places.ts';
import { forgetHash } from './running-hashes.ts';
import * as db from './uploads.sql.ts';

/**
 * Opens an upload and reserves its bytes from the space's quota. Needs `upload` in the place; for a new version
 * `edit` on the file. Errors: Conflict `files.name_taken` (`{ itemId, kind, canReplace }`), `files.quota`
 * (`{ free, quota }`), `items.too_many`; Invalid `files.too_large`, `file_name.…`; TooMany `files.too_many_uploads`;
 * Unavailable `files.store_unavailable`, `files.store_full`.
 */
export async function startUpload(ctx: Ctx, input: StartUploadInput): Promise<UploadState> {
  const given = parse(StartUploadInput, input);
  const target = await targetOf(ctx, given);
  const by = personOf(ctx);
  const { storage } = ctx.services;
  const key = newBlobKey(given.spaceId);
  const stage = await atStore(() => storage.beginUpload(key));
  const upload: db.NewUpload = {
    id: newId(),
    spaceId: given.spaceId,
    ...target,
    size: given.size,
    key,
    stage,
    createdBy: by,
    expiresAt: new Date(Date.now() + UPLOAD_DAYS * 86_400_000),
  };
  try {
    await ctx.sql.begin(async (tx) => {
      await requireTarget(inside(ctx, tx), upload);
      await requireQuota(tx, given.spaceId, given.size);
      if (!target.itemId) await requireRoom(tx, given.spaceId, 1);
      if ((await db.openUploadsOf(tx, by)) >= MAX_UPLOADS)
        throw new TooMany('files.too_many_uploads', 'Finish or cancel others first', { max: MAX_UPLOADS });
      await db.insertUpload(tx, upload);
    });
  } catch (error) {
    await storage.abortUpload({ key, stage, size: given.size }, []).catch(() => {});
    throw error;
  }
  return stateOf({ ...upload, received: 0, finishedAt: null, resultId: null });
}

interface Target {
  itemId: string | null;
  parentId: string | null;
  name: string;
}

async function targetOf(
  ctx: Ctx,
  {
    spaceId,
    parentId,
    itemId,
    name,
    onClash,
  }: Target & { spaceId: string; onClash: 'ask' | 'keep_both' | 'new_version' },
): Promise<Target> {
  if (itemId) {
    const access = await requireFile(ctx, 'edit', itemId);
    if (access.spaceId !== spaceId) throw new NotFound();
    const file = await item(ctx, itemId);
    return { itemId, parentId: file.parentId, name: file.title };
  }
  await requireUpload(ctx, { spaceId, parentId });
  const { replaces } = await settleClash(ctx, { spaceId, parentId }, name, onClash);
  return { itemId: replaces, parentId, name };
}

/**
 * Where the upload may still go: as a new version onto its file, or else, when that is gone, as a new file into its
 * place, so that nothing is lost. Throws when neither is allowed any more. Asked at the start, for every part of
 * every chunk, and at the end.
 */
export async function requireTarget(
  ctx: Ctx,
  upload: Pick<db.Upload, 'spaceId' | 'parentId' | 'itemId'>,
): Promise<{ access: Access; replaces: string | null }> {
  const file = upload.itemId ? await accessOf(ctx, upload.itemId) : null;
  if (file?.can.edit && file.spaceId === upload.spaceId) return { access: file, replaces: upload.itemId };
  return { access: await requireUpload(ctx, upload), replaces: null };
}

/** Where the caller's own upload stands; permission is asked anew. NotFound for anybody else's. */
export async function uploadStatus(ctx: Ctx, input: { id: string }): Promise<UploadState> {
  const upload = await ownUpload(ctx, input);
  if (!upload.finishedAt) await requireTarget(ctx, upload);
  return stateOf(upload);
}

/** Throws away the caller's own upload and what has arrived. A finished one stays finished. */
export async function cancelUpload(ctx: Ctx, input: { id: string }): Promise<void> {
  const { id } = await ownUpload(ctx, input);
  const gone = await ctx.sql.begin((tx) => db.forgetUpload(tx, id));
  forgetHash(id);
  // What the store cannot forget now is collected as garbage later.
  if (gone) await ctx.services.storage.abortUpload(gone, gone.parts).catch(storeError);
}

export async function ownUpload(ctx: Ctx, input: { id: string }): Promise<db.Upload> {
  const by = personOf(ctx);
  const { id } = parse(UploadIdInput, input);
  const upload = await db.uploadOf(ctx.sql, id, by);
  if (!upload) throw new NotFound();
  return upload;
}

export const stateOf = (upload: db.Upload): UploadState => ({
  id: upload.id,
  name: upload.name,
  size: upload.size,
  offset: upload.received,
  expiresAt: upload.expiresAt,
  itemId: upload.resultId,
});
