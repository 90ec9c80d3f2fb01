import { AppendChunkInput, Conflict, Gone, Invalid, newId, parse, type UploadState } from '@engawa/schema';
import type { Ctx } from '../ctx.ts';
import { storeError } from './faults.ts';
import { hashing } from './running-hashes.ts';
import { ownUpload, requireTarget, stateOf } from './uploads.ts';
import * as db from './uploads.sql.ts';

/**
 * Takes the next bytes of the caller's own upload as a stream, with back-pressure. What has arrived is durable part
 * by part, also when the stream breaks or the process dies; permission is asked at the start and again for every
 * part. Whoever begins at the right offset takes over, from whatever node and connection.
 * Errors: Conflict `files.offset` (`{ offset }`, go on there), `files.overtaken` (another connection took over),
 * `files.finished`; Gone `files.upload_expired`, `files.upload_lost` (start again); Invalid `files.too_long`;
 * Unavailable `files.store_unavailable`, `files.store_full`. Errors of the stream itself pass as they are.
 */
export async function appendChunk(
  ctx: Ctx,
  input: AppendChunkInput,
  stream: AsyncIterable<Uint8Array>,
): Promise<UploadState> {
  const { id, offset } = parse(AppendChunkInput, input);
  const upload = await ownUpload(ctx, { id });
  await requireTarget(ctx, upload);
  requireOpen(upload);
  const pen = newId();
  if (upload.received !== offset || !(await db.takePen(ctx.sql, id, offset, pen))) throw elsewhere(upload);

  const room = upload.size - offset;
  const { body, settle } = hashing(id, offset, room, stream, () => new Invalid('files.too_long'));
  let received = offset;
  try {
    const last = await db.lastPartOf(ctx.sql, id);
    for await (const part of ctx.services.storage.appendUpload(upload, last, body)) {
      await requireTarget(ctx, upload);
      if (!(await db.commitPart(ctx.sql, id, pen, part)))
        throw new Conflict('files.overtaken', 'Another connection goes on with this upload');
      received = part.start + part.size;
    }
  } catch (error) {
    const meant = storeError(error);
    // The store has nothing to go on with: the next attempt has to begin anew.
    if (meant instanceof Gone) await ctx.sql.begin((tx) => db.forgetUpload(tx, id));
    throw meant;
  } finally {
    settle(received);
  }
  return stateOf({ ...upload, received });
}

function elsewhere(upload: db.Upload): Conflict {
  return new Conflict('files.offset', `The upload stands at ${upload.received}`, { offset: upload.received });
}

/** Finished and expired uploads take nothing more. */
export function requireOpen(upload: db.Upload): void {
  if (upload.finishedAt)
    throw new Conflict('files.finished', 'This upload is finished', { itemId: upload.resultId });
  if (upload.expiresAt <= new Date()) throw new Gone('files.upload_expired', 'Start the upload again');
}
