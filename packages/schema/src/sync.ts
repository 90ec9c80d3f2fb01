/**
 * The words of the live document channel. One WebSocket per item at `/sync/<item>?g=<generation>`, on which
 * Hocuspocus' own protocol runs; whatever Engawa adds is in this file.
 */

/** Where the channel is served. */
export const SYNC_PATH = '/sync/';

/** Path and query of an item's channel: the generation is part of the address, so an old copy never merges. */
export function syncPath(itemId: string, generation: number): string {
  return `${SYNC_PATH}${itemId}?g=${generation}`;
}

/** The Hocuspocus document name, and the name of the browser's stored copy (with the person's id before it). */
export function documentName(itemId: string, generation: number): string {
  return `${itemId}.${generation}`;
}

/** Name of the browser's stored copy. It belongs to one person: another's edits in it would be refused as forged. */
export function storedCopyName(personId: string, itemId: string, generation: number): string {
  return `engawa.${personId}.${documentName(itemId, generation)}`;
}

/** The Yjs type that holds a document's text. */
export const DOCUMENT_ROOT = 'content';

/**
 * How the server closes a socket. `again` says what the client does next:
 * `retry` reconnects by itself with jitter and loses nothing; `stop` must not reconnect.
 */
export const SYNC_CLOSE = {
  /** The node restarts. */
  restart: { code: 1012, reason: 'sync.restart', again: 'retry' },
  /** A frame that no client of ours sends: unknown, truncated, forged. */
  malformed: { code: 4400, reason: 'sync.malformed', again: 'stop' },
  /** No session, or it ended. */
  signedOut: { code: 4401, reason: 'unauthenticated', again: 'stop' },
  /** Access was taken back, or reading live was never allowed. */
  revoked: { code: 4403, reason: 'access.ended', again: 'stop' },
  /** It does not exist, or the person may not know that it does. */
  notFound: { code: 4404, reason: 'not_found', again: 'stop' },
  /** The item has begun a new generation: offer unsent text as a copy, then open the page anew. */
  generation: { code: 4409, reason: 'sync.generation', again: 'stop' },
  /** A row of its journal is broken: it opens again when it has been repaired. */
  damaged: { code: 4410, reason: 'journal.damaged', again: 'stop' },
  /** A frame larger than MAX_FRAME. */
  tooLarge: { code: 4413, reason: 'sync.too_large', again: 'stop' },
  /** Content the editor cannot have made, or client ids that are another's. Keep the text, rebuild the document. */
  refused: { code: 4422, reason: 'sync.refused', again: 'stop' },
  /** The item is as large as it may be: nothing is added to it, deleting goes on. Keep the text, rebuild the document. */
  full: { code: 4507, reason: 'sync.full', again: 'stop' },
  /** The connection may write again: reconnecting fills what was dropped while it might not. */
  granted: { code: 4205, reason: 'access.changed', again: 'retry' },
  /** More frames than a person can type. */
  tooMany: { code: 4429, reason: 'too_many', again: 'retry' },
  /** The edit could not be written down: the client still has it and sends it again after reconnecting. */
  unavailable: { code: 4503, reason: 'sync.unavailable', again: 'retry' },
  /** The client reads too slowly, or misses edits: it resynchronises by reconnecting. */
  behind: { code: 4508, reason: 'sync.behind', again: 'retry' },
} as const satisfies Record<string, { code: number; reason: string; again: 'retry' | 'stop' }>;

export type SyncEnd = keyof typeof SYNC_CLOSE;

/** What to do after a socket was closed with this code; codes that are not ours (a lost network) are retried. */
export function afterClose(code: number): 'retry' | 'stop' {
  return Object.values(SYNC_CLOSE).find((end) => end.code === code)?.again ?? 'retry';
}

/** Stateless messages, server to client, as JSON text. Clients send none: the server closes on them. */
export type SyncNotice =
  /** Precedes a close, and says why in more words than a close code has. `detail` is for logs. */
  | { kind: 'closing'; end: SyncEnd; detail?: string }
  /** The role changed while connected. Read-only: edits from here on are refused. */
  | { kind: 'access'; readOnly: boolean }
  /** The server cannot ask its database: it neither sends nor accepts. Keep typing; it is not saved. */
  | { kind: 'suspended' }
  /** Over: whatever was typed meanwhile is being saved now. */
  | { kind: 'resumed' };

/** Reads a stateless message; null when it is not one of ours. */
export function readNotice(payload: string): SyncNotice | null {
  try {
    const notice = JSON.parse(payload) as SyncNotice;
    return ['closing', 'access', 'suspended', 'resumed'].includes(notice.kind) ? notice : null;
  } catch {
    return null;
  }
}

/** Fields of an awareness state that a client may set. `user` is always the server's. */
export const AWARENESS_FIELDS = ['user', 'cursor'] as const;

/** Who is behind a caret; set by the server from the session, whatever the client sent. */
export interface AwarenessUser {
  id: string;
  name: string;
  organisation: string;
  /** `#rrggbb`, the same for a person everywhere. */
  color: string;
}

/** Bytes of the largest frame: an offline day or a pasted book fit, a bomb does not. */
export const MAX_FRAME = 16 * 1024 * 1024;

/** Whether a value may stand there. Values come from the wire: check type, range and, for addresses, the scheme. */
export type ValueCheck = (value: unknown) => boolean;

/**
 * What an item's Yjs document may be made of; `@engawa/editor` exports `documentShape`, made from its schema.
 * Whatever is not named here never reaches the journal, so stored XSS has no way in.
 */
export interface DocumentShape {
  /** Element name → attribute name → check. The `doc` and `text` nodes are not elements and not named. */
  nodes: Record<string, Record<string, ValueCheck>>;
  /** Mark name → attribute name → check. */
  marks: Record<string, Record<string, ValueCheck>>;
}
