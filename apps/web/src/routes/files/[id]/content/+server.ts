import { openFile } from '@engawa/domain';
import { handOver } from '#lib/server/content.ts';
import { answering } from '#lib/server/doors.ts';
import { signedIn } from '#lib/server/endpoint.ts';
import type { RequestHandler } from './$types';

/** The bytes of a file: `?v=<version>` an older one, `?download` to be saved. Ranges and conditions. Needs `download`. */
export const GET: RequestHandler = (event) =>
  answering(event, async () => {
    const { params, url, request } = event;
    const asked = url.searchParams.get('v');
    const version = asked === null ? undefined : Number(asked);
    const show = !url.searchParams.has('download');
    return handOver(await openFile(signedIn(), { id: params.id, version, show }), request);
  });
