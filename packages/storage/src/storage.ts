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

/**
 * Where blobs live. Blobs are immutable: a key is written once. Keys are made by `newBlobKey` and say nothing
 * about what is inside; the database row says it, and permission is asked there, never here.
 */
export interface Storage {
  /** Stores a whole stream under a new key. Throws KeyTaken when the key is used. A stream that fails leaves nothing. */
  put(key: string, body: AsyncIterable<Uint8Array>): Promise<Stored>;
  /** The bytes, or those of a range. Throws NoSuchBlob; RangeError when the range lies outside. */
  get(key: string, range?: Range): Promise<Readable>;
  /** Null when there is no such blob. */
  stat(key: string): Promise<Stat | null>;
  /** Resolves also when there was nothing to delete. */
  delete(key: string): Promise<void>;
  /** The keys that begin with `prefix` (a whole space: `<space>/`), in order. */
  list(prefix: string): AsyncIterable<string>;
}

export class NoSuchBlob extends Error {
  constructor(key: string) {
    super(`There is no blob under ${key}.`);
  }
}

export class KeyTaken extends Error {
  constructor(key: string) {
    super(`Something is stored under ${key} already, and blobs never change.`);
  }
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
