import * as v from 'valibot';
import { Id } from './ids.ts';

/** Where socket.io is served. */
export const LIVE_PATH = '/live';

/** Client → server: look at a space, or no longer. The answer is `{ ok: true }` or `{ ok: false, code }`. */
export const WatchInput = v.strictObject({ spaceId: Id });
export type WatchInput = v.InferOutput<typeof WatchInput>;

/** Client → server: be on a board, which is at most one a connection, or no longer. */
export const BoardInput = v.strictObject({ itemId: Id });
export type BoardInput = v.InferOutput<typeof BoardInput>;

/** Client → server: see what another page on the board sees (`peer`), or (null) no longer. */
export const FollowInput = v.strictObject({ peer: v.nullable(v.pipe(v.number(), v.safeInteger())) });
export type FollowInput = v.InferOutput<typeof FollowInput>;

export interface LivePerson {
  id: string;
  name: string;
  organisation: string;
}

export type WatchAnswer = { ok: true } | { ok: false; code: string };

/** A page that has a board open: who it is comes from the session, whatever the page says. */
export interface BoardPerson extends LivePerson {
  /** The server's number for this page; a person with two pages is there twice. */
  peer: number;
  /** `#rrggbb`, the same for a person everywhere. */
  color: string;
}

/** `peer` is this page's own number. */
export type JoinAnswer = { ok: true; peer: number } | { ok: false; code: string };

/** Server → client. Hints carry no content: who hears one asks again, and is asked for permission again. */
export interface LiveEvents {
  'space:changed': (event: { spaceId: string }) => void;
  'space:presence': (event: { spaceId: string; people: LivePerson[] }) => void;
  /** Everybody on the board that was joined, the receiver included. */
  'board:people': (event: { itemId: string; people: BoardPerson[] }) => void;
  /** What others on the board do: a batch of `@engawa/board` (`decodeBatch`). Volatile: any of them may be lost. */
  'board:live': (batch: ArrayBuffer | Uint8Array) => void;
  /** The caller may no longer see it: leave the page, drop what is kept of it. */
  'access:ended': (event: { objectId: string }) => void;
}

/** Client → server. */
export interface LiveRequests {
  watch: (input: unknown, answer?: (result: WatchAnswer) => void) => void;
  unwatch: (input: unknown, answer?: (result: WatchAnswer) => void) => void;
  'board:join': (input: unknown, answer?: (result: JoinAnswer) => void) => void;
  'board:leave': (input: unknown, answer?: (result: WatchAnswer) => void) => void;
  'board:follow': (input: unknown, answer?: (result: WatchAnswer) => void) => void;
  /** One live message of `@engawa/board` (`encodeLive`) for the others on the board. Not answered. */
  'board:say': (message: unknown) => void;
}
