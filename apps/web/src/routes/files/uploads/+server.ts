import { cancelUpload, finishUpload, startUpload } from '@engawa/domain';
import { abilities, stateHeaders, tus, wishIn } from '#lib/server/tus.ts';
import type { RequestHandler } from './$types';

/** What this end of the protocol can do. */
export const OPTIONS: RequestHandler = () => abilities();

/** Opens an upload. Needs `upload` in the place. An empty file is there at once: nothing more will come for it. */
export const POST: RequestHandler = (event) =>
  tus(event, async (ctx) => {
    const { ...state } = await startUpload(ctx, wishIn(event.request.headers));
    if (state.size === 0) {
      const finished = finishUpload(ctx, state);
      state.itemId = await finished.then(
        ({ id }) => id,
        (error: unknown) => giveUp(error),
      );
    }
    async function giveUp(error: unknown): Promise<never> {
      await cancelUpload(ctx, state).catch(() => {});
      throw error;
    }
    const headers = { ...stateHeaders(state), location: `/files/uploads/${state.id}` };
    return new Response(null, { status: 201, headers });
  });
