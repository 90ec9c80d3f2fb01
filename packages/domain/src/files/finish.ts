import { randomUUID } from 'node:crypto';
import { ROLES } from '@engawa/access';
import type { Tx } from '@engawa/db';
import { Conflict, type FileFacts, Gone, newId, Unavailable } from '@engawa/schema';
import { type Ctx, inside, personOf } from '../ctx.ts';
import { type Access, writeGrant } from '../grants/index.ts';
import { insertItem, lockSiblings, lockTree, requireDepth, requireRoom } from '../items/index.ts';
import { record } from '../ledger/index.ts';
import { requireOpen } from './append.ts';
import { type Content, contentOf } from './content.ts';
import { atStore } from './faults.ts';
import { fileFacts } from './open.ts';
import * as files from './files.sql.ts';
import { freeName, lastPlace } from './places.ts';
import { ownUpload, requireTarget } from './uploads.ts';
import * as db from './uploads.sql.ts';

/** Seen by the ledger: a new file, and a new version of one. */
const UPLOADED = 'files.uploaded';
const VERSION_ADDED = 'files.version_added';

/**
 * Turns the caller's own upload, once all bytes are there, into a file or a new version of one: makes it whole in
 * the store, verifies its SHA-256 and its real type, and only then writes the rows that let anyone open it.
 * Asking again gives the same file. A name that was taken meanwhile is numbered. Whoever may only upload gets a
 * grant to view their own file. Errors: Conflict `files.incomplete` (`{ offset }`), Gone, Unavailable as in `appendChunk`.
 */
export async function finishUpload(ctx: Ctx, input: { id: string }): Promise<FileFacts> {
  const upload = await ownUpload(ctx, input);
  if (upload.resultId) return fileFacts(ctx, { id: upload.resultId });
  await requireTarget(ctx, upload);
  requireOpen(upload);
  if (upload.received !== upload.size)
    throw new Conflict('files.incomplete', 'Bytes are missing', { offset: upload.received });
  const pen = newId();
  if (!(await db.takePen(ctx.sql, upload.id, upload.size, pen))) throw new Gone('files.upload_expired');

  const { storage } = ctx.services;
  const content = await atStore(async () => {
    const { size } = await storage.completeUpload(upload, await db.partsOf(ctx.sql, upload.id));
    if (size !== upload.size)
      throw new Unavailable('files.store_unavailable', 'The store holds another size');
    return contentOf(storage, upload);
  });
  const itemId = await ctx.sql.begin((tx) => settle(ctx, tx, { ...upload, pen }, content));
  return fileFacts(ctx, { id: itemId });
}

async function settle(
  ctx: Ctx,
  tx: Tx,
  upload: db.Upload & { pen: string },
  content: Content,
): Promise<string> {
  const mine = inside(ctx, tx);
  const { spaceId } = upload;
  await lockTree(tx, [spaceId], 'shared');
  const { access, replaces } = await requireTarget(mine, upload);
  const by = personOf(ctx);
  const itemId = replaces ?? (await makeFile(mine, tx, upload, access));
  const blobId = randomUUID();
  await files.insertBlob(tx, { id: blobId, key: upload.key, itemId, ...content });
  const number = await files.insertVersion(tx, { id: newId(), itemId, blobId, by });
  if (!(await db.markFinished(tx, upload.id, upload.pen, itemId)))
    throw new Conflict('files.overtaken', 'Another connection finishes this upload');
  const verb = replaces ? VERSION_ADDED : UPLOADED;
  const data = { size: content.size, version: number };
  await record(tx, ctx, { verb, objectKind: 'item', objectId: itemId, spaceId, data });
  return itemId;
}

async function makeFile(ctx: Ctx, tx: Tx, upload: db.Upload, place: Access): Promise<string> {
  const { spaceId, parentId } = upload;
  const by = personOf(ctx);
  const id = newId();
  await requireRoom(tx, spaceId, 1);
  await requireDepth(tx, parentId, 1);
  await lockSiblings(tx, place.objectId);
  const title = await freeName(ctx, upload, upload.name);
  const sortKey = await lastPlace(ctx, upload);
  const accessPath = [id, ...place.accessPath];
  await insertItem(tx, { id, spaceId, parentId, kind: 'file', title, sortKey, accessPath, by });
  if (!place.can.view) await letView(ctx, tx, id, place, by);
  return id;
}

/** Who may only hand in sees what they handed in, as long as they may hand in. */
async function letView(ctx: Ctx, tx: Tx, itemId: string, place: Access, by: string): Promise<void> {
  const object = { objectId: itemId, objectKind: 'item' as const, spaceId: place.spaceId, mask: place.mask };
  await writeGrant(tx, ctx, object, {
    principal: { kind: 'person', id: by },
    mask: ROLES.viewer,
    expiresAt: place.until,
    grantedBy: by,
    mayExceed: true,
  });
}
