import { createHash, createHmac } from 'node:crypto';
import type { Db, Sql } from '@engawa/db';
import { Unauthenticated } from '@engawa/schema';
import type { Storage } from '@engawa/storage';

/** What the program lends to every verb; made once by the composition root. */
export interface Services {
  sql: Sql;
  storage: Storage;
  /** 32 bytes from ENGAWA_KEY: links in mails are derived from it, so that no token is ever stored. */
  key: Uint8Array;
  /** The public address, without a slash at the end. */
  origin: string;
  /** The folder of .eml files when no SMTP server is set, else null. */
  mailbox: string | null;
}

/** Who asks. Every verb takes it; nothing runs as "the system" without saying for whom. */
export type Caller =
  | { kind: 'session'; personId: string; sessionId: string }
  | { kind: 'job'; personId: string; job: string }
  | { kind: 'anonymous' };

/** The first argument of every verb. `sql` is the pool; inside a transaction verbs pass the transaction on. */
export interface Ctx {
  services: Services;
  sql: Sql;
  caller: Caller;
}

let current: Services | null = null;

/** Gives this process its services. Called once, by the program that composes the house. */
export function provideServices(given: Services): void {
  current = given;
}

/** The services of this process. Throws when nobody has provided them. */
export function services(): Services {
  if (!current)
    throw new Error('No services in this process: call provideServices() before the first request.');
  return current;
}

/** A context for this caller on the process's services. */
export function createCtx(caller: Caller, given: Services = services()): Ctx {
  return { services: given, sql: given.sql, caller };
}

/** The person who asks, or on whose behalf a job runs. Throws Unauthenticated for nobody. */
export function personOf(ctx: Pick<Ctx, 'caller'>): string {
  if (ctx.caller.kind === 'anonymous') throw new Unauthenticated();
  return ctx.caller.personId;
}

/** The same context with its queries in a transaction. */
export function inside(ctx: Ctx, tx: Db): Ctx {
  return { ...ctx, sql: tx as Sql };
}

/** The token of a mailed link: HMAC-SHA256 of purpose, id and count, as base64url (43 characters). */
export function deriveToken(from: Pick<Services, 'key'>, purpose: string, id: string, n = 1): string {
  return createHmac('sha256', from.key).update(`${purpose}:${id}:${n}`).digest('base64url');
}

/** What is stored of a token. */
export function hashToken(token: string): Buffer {
  return createHash('sha256').update(token).digest();
}
