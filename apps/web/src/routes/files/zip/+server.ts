import { filesBelow } from '@engawa/domain';
import { answering } from '#lib/server/doors.ts';
import { signedIn } from '#lib/server/endpoint.ts';
import { zipOf } from '#lib/server/zip.ts';
import type { RequestHandler } from './$types';

/** Everything in a folder (`?folder=<id>`) or a space (`?space=<id>`) that one may download, as one ZIP. Needs `download`. */
export const GET: RequestHandler = (event) =>
  answering(event, async () => {
    const { url, request, locals } = event;
    const ctx = signedIn();
    const top = url.searchParams.get('folder') ?? url.searchParams.get('space') ?? '';
    return zipOf(ctx, await filesBelow(ctx, top), request, locals.requestId);
  });
