import * as v from 'valibot';
import { Id } from './ids.ts';

/** Where socket.io is served. */
export const LIVE_PATH = '/live';

/** Client → server: look at a space, or no longer. The answer is `{ ok: true }` or `{ ok: false, code }`. */
export const WatchInput = v.strictObject({ spaceId: Id });
export type WatchInput = v.InferOutput<typeof WatchInput>;

export interface LivePerson {
  id: string;
  name: string;
  organisation: string;
}

export type WatchAnswer = { ok: true } | { ok: false; code: string };

/** Server → client. Hints carry no content: who hears one asks again, and is asked for permission again. */
export interface LiveEvents {
  'space:changed': (event: { spaceId: string }) => void;
  'space:presence': (event: { spaceId: string; people: LivePerson[] }) => void;
  /** The caller may no longer see it: leave the page, drop what is kept of it. */
  'access:ended': (event: { objectId: string }) => void;
}

/** Client → server. */
export interface LiveRequests {
  watch: (input: unknown, answer?: (result: WatchAnswer) => void) => void;
  unwatch: (input: unknown, answer?: (result: WatchAnswer) => void) => void;
}
