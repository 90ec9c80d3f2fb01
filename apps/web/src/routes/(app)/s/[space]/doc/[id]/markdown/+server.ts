import { exportMarkdown } from '@engawa/domain';
import { signedIn } from '#lib/server/endpoint.ts';
import type { RequestHandler } from './$types';

/** The document as a Markdown file, as it is in the journal now. Needs `download`. */
export const GET: RequestHandler = async ({ params }) => {
  const { fileName, markdown } = await exportMarkdown(signedIn(), { id: params.id });
  return new Response(markdown, {
    headers: {
      'content-type': 'text/markdown; charset=utf-8',
      'content-disposition': `attachment; filename*=UTF-8\'\'${encodeURIComponent(fileName)}`,
      'cache-control': 'private, no-store',
      'x-content-type-options': 'nosniff',
    },
  });
};
