import { openThumbnail } from '@engawa/domain';
import { handOver, versionIn } from '#lib/server/content.ts';
import { answering } from '#lib/server/doors.ts';
import { signedIn } from '#lib/server/endpoint.ts';
import type { RequestHandler } from './$types';

/** The small picture of an image, or of its version `?v=`. Needs `view`; NotFound where there is none. */
export const GET: RequestHandler = (event) =>
  answering(event, async () => {
    const { params, url, request } = event;
    return handOver(await openThumbnail(signedIn(), { id: params.id, version: versionIn(url) }), request);
  });
