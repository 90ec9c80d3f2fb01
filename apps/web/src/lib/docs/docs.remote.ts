import * as domain from '@engawa/domain';
import { Id } from '@engawa/schema';
import { read } from '#lib/server/endpoint.ts';

/** The document as a page to read, made on the server: it needs neither script nor sockets. */
export const docPage = read(Id, (ctx, id) => domain.docHtml(ctx, { id }));
