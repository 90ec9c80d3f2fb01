import * as domain from '@engawa/domain';
import { Id } from '@engawa/schema';
import { read } from '#lib/server/endpoint.ts';

/** The board in words, made on the server: it needs neither script nor sockets. */
export const boardText = read(Id, (ctx, id) => domain.boardText(ctx, { id }));

/** Everything on the board as it is now: drawn where WebSockets are blocked. */
export const boardPiece = read(Id, (ctx, id) => domain.boardPiece(ctx, { id }));
