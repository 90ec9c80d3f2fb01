import { randomBytes } from 'node:crypto';
import type { Readable } from 'node:stream';

/** Bytes from `start` up to and including `end`; both count from 0. Without `end`: up to the last byte. */
export interface Range {
  start: number;
  end?: number;
}

export interface Stat {
  /** Bytes. */
  size: number;
  modified: Date;
}

/** What was really stored; the caller compares it with what was promised. */
export interface Stored {
  size: number;
  /** SHA-256, lower-case hex. */
  sha256: string;
}

/** A blob that is still arriving. Any node that holds the same store can go on with it. */
export interface Staged {
  /** The key it will have. */
  key: string;
  /** The store's own name for the unfinished upload, from `beginUpload`. */
  stage: string;
  /** Bytes it will have in the end. */
  size: number;
}

/**
 * A piece that is durable in the store. Whoever stages remembers it, since the store is not asked again:
 * pieces that nobody remembers do not count.
 */
export interface Part {
  /** From 1, in order. A part with the same number replaces the one before. */
  n: number;
  /** Where it begins in the blob. */
  start: number;
  size: number;
  /** Only the store understands it. */
  tag: string;
}

/**
 * Where blobs live. Blobs are immutable: a key is written once. Keys are made by `newBlobKey` and say nothing
 * about what is inside; the database row says it, and permission is asked there, never here.
 *
 * All verbs throw StorageUnavailable when the store does not answer (ask again later) and StorageFull when it has
 * no room; in both cases nothing half-written becomes visible.
 */
export interface Storage {
  /** Resolves when the store answers and is ready to be written to; makes the place (folder, bucket) when missing. */
  ready(): Promise<void>;
  /** Stores a whole stream under a new key. Throws KeyTaken when the key is used. A stream that fails leaves nothing. */
  put(key: string, body: AsyncIterable<Uint8Array>): Promise<Stored>;
  /** The bytes, or those of a range. Throws NoSuchBlob; RangeError when the range lies outside. The stream fails when the bytes end early. */
  get(key: string, range?: Range): Promise<Readable>;
  /** Null when there is no such blob. */
  stat(key: string): Promise<Stat | null>;
  /** The same bytes once more under a new key, without passing through this process where the store can. */
  copy(from: string, to: string): Promise<void>;
  /** Resolves also when there was nothing to delete. */
  delete(key: string): Promise<void>;
  /** The keys that begin with `prefix` (a whole space: `<space>/`), in order. */
  list(prefix: string): AsyncIterable<string>;

  /** Opens a staged upload under the key that it will have. Returns the stage. */
  beginUpload(key: string): Promise<string>;
  /**
   * Goes on after `last` (null: from the start) and yields each part once it is durable; it reads on when the caller
   * asks for the next. When `body` ends or breaks, what had arrived is made durable and yielded first, and only
   * then is the body's error thrown. Throws NoSuchUpload when the store no longer knows the stage.
   */
  appendUpload(staged: Staged, last: Part | null, body: AsyncIterable<Uint8Array>): AsyncIterable<Part>;
  /** Makes the whole visible under its key, at once. Asking again after an answer was lost is harmless. */
  completeUpload(staged: Staged, parts: readonly Part[]): Promise<Stat>;
  /** Forgets the stage and its parts. Resolves also when there was nothing. Never touches a blob that is complete. */
  abortUpload(staged: Staged, parts: readonly Part[]): Promise<void>;
  /** Removes what uploads and broken writes left behind before that time. Returns how many. */
  sweep(before: Date): Promise<number>;
}

const KEY = /^[a-z0-9][a-z0-9-]{0,63}\/[a-z0-9][a-z0-9-]{0,63}$/;

/** A new key in a space: 128 random bits, so that a key can be neither guessed nor derived from the content. */
export function newBlobKey(spaceId: string): string {
  return checkKey(`${spaceId}/${randomBytes(16).toString('hex')}`);
}

/** Throws unless the key has the one shape all keys have. Every adapter asks this first: it is what keeps paths inside. */
export function checkKey(key: string): string {
  if (!KEY.test(key)) throw new Error(`"${key.slice(0, 80)}" is not a storage key.`);
  return key;
}

/** Whether a name that the store lists is one of ours. */
export function isKey(key: string): boolean {
  return KEY.test(key);
}

/** The bytes of a range within a blob of `size` bytes. Throws RangeError when it lies outside. */
export function within({ start, end = Infinity }: Range, size: number): { start: number; end: number } {
  checkRange({ start, end });
  if (start >= size) throw outside(start, end, size);
  return { start, end: Math.min(end, size - 1) };
}

/** What is wrong with a range whatever the size of the blob. */
export function checkRange({ start, end = Infinity }: Range): void {
  const whole = Number.isSafeInteger(start) && (end === Infinity || Number.isSafeInteger(end));
  if (!whole || start < 0 || end < start) throw outside(start, end);
}

function outside(start: number, end: number, size?: number): RangeError {
  return new RangeError(
    `Bytes ${start}–${end} lie outside a blob${size === undefined ? '' : ` of ${size} bytes`}.`,
  );
}
