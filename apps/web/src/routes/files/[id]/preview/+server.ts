import { openPreview } from '@engawa/domain';
import { handOver, versionIn } from '#lib/server/content.ts';
import { answering } from '#lib/server/doors.ts';
import { signedIn } from '#lib/server/endpoint.ts';
import type { RequestHandler } from './$types';

/** What a file, or its version `?v=`, looks like: a picture of an image, the beginning of a text. Needs `view`. */
export const GET: RequestHandler = (event) =>
  answering(event, async () => {
    const { params, url, request } = event;
    return handOver(await openPreview(signedIn(), { id: params.id, version: versionIn(url) }), request);
  });
