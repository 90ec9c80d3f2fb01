import { openFile } from '@engawa/domain';
import { handOver, versionIn } from '#lib/server/content.ts';
import { answering } from '#lib/server/doors.ts';
import { signedIn } from '#lib/server/endpoint.ts';
import type { RequestHandler } from './$types';

/** The bytes of a file: `?v=<version>` an older one, `?download` to be saved. Ranges and conditions. Needs `download`. */
export const GET: RequestHandler = (event) =>
  answering(event, async () => {
    const { params, url, request } = event;
    const input = { id: params.id, version: versionIn(url), show: !url.searchParams.has('download') };
    return handOver(await openFile(signedIn(), input), request);
  });
