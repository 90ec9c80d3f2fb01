import { appendChunk, cancelUpload, type Ctx, finishUpload, uploadStatus } from '@engawa/domain';
import { Gone, type UploadState } from '@engawa/schema';
import { abilities, bodyOf, bytesIn, stateHeaders, tus } from '#lib/server/tus.ts';
import type { RequestHandler } from './$types';

export const OPTIONS: RequestHandler = () => abilities();

/**
 * Where the caller's own upload stands. One that has all its bytes and is no file yet, because the program or the
 * store went away in between, becomes one now: clients send nothing more for it.
 */
export const HEAD: RequestHandler = (event) =>
  tus(event, async (ctx) => {
    const state = await uploadStatus(ctx, event.params);
    if (!state.itemId && state.expiresAt <= new Date()) throw new Gone('files.upload_expired');
    return new Response(null, { headers: stateHeaders(await completed(ctx, state)) });
  }).then(locked);

/** Takes the next bytes. With the last one the upload becomes a file, and `engawa-item` is its id. */
export const PATCH: RequestHandler = (event) =>
  tus(event, async (ctx) => {
    const { request, params } = event;
    if (request.headers.get('content-type') !== 'application/offset+octet-stream')
      return new Response(null, { status: 415, headers: { 'tus-resumable': '1.0.0' } });
    const input = { id: params.id, offset: bytesIn(request.headers, 'upload-offset') };
    const state = await completed(ctx, await appendChunk(ctx, input, bodyOf(request)));
    return new Response(null, { status: 204, headers: stateHeaders(state) });
  });

/** Throws the caller's own upload away. */
export const DELETE: RequestHandler = (event) =>
  tus(event, async (ctx) => {
    await cancelUpload(ctx, event.params);
    return new Response(null, { status: 204, headers: { 'tus-resumable': '1.0.0' } });
  });

async function completed(ctx: Ctx, state: UploadState): Promise<UploadState> {
  if (state.itemId || state.offset < state.size) return state;
  return { ...state, itemId: (await finishUpload(ctx, state)).id };
}

/** A client that hears "not now" to this question would begin a new upload; to "locked" it waits and asks again. */
function locked(response: Response): Response {
  return response.status < 500 ? response : new Response(null, { status: 423, headers: response.headers });
}
