import * as domain from '@engawa/domain';
import { Id } from '@engawa/schema';
import { act, read } from '#lib/server/endpoint.ts';

/** The board in words, made on the server: it needs neither script nor sockets. */
export const boardText = read(Id, (ctx, id) => domain.boardText(ctx, { id }));

/** Everything on the board as it is now: drawn where WebSockets are blocked. */
export const boardPiece = read(Id, (ctx, id) => domain.boardPiece(ctx, { id }));

/** How far the board has been written: asked now and then by pages that no live channel tells. */
export const boardHead = act(Id, (ctx, id) => domain.boardHead(ctx, { id }));
