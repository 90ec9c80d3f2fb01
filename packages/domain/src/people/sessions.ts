import { randomBytes } from 'node:crypto';
import type { Db } from '@engawa/db';
import {
  type Client,
  newId,
  NotFound,
  parse,
  RevokeSessionInput,
  type SessionRow,
  type SignedIn,
} from '@engawa/schema';
import { type Caller, type Ctx, hashToken, personOf, type Services } from '../ctx.ts';
import { bumpEpochsOf } from '../grants/index.ts';
import { record } from '../ledger/index.ts';
import { networkOf } from './networks.ts';
import * as db from './sessions.sql.ts';

/** Opens a session inside the caller's transaction; the old one of this browser, if any, ends with it. */
export async function openSession(tx: Db, ctx: Ctx, personId: string, client: Client): Promise<SignedIn> {
  if (ctx.caller.kind === 'session') await db.deleteSession(tx, ctx.caller.personId, ctx.caller.sessionId);
  const token = randomBytes(32).toString('base64url');
  const sessionId = newId();
  const expiresAt = await db.insertSession(tx, {
    id: sessionId,
    tokenHash: hashToken(token),
    personId,
    userAgent: client.userAgent.toWellFormed().replaceAll('\u0000', '').slice(0, 300),
    network: networkOf(client.ip),
  });
  const caller: Caller = { kind: 'session', personId, sessionId };
  await record(tx, { caller }, { verb: 'people.signed_in', objectKind: 'person', objectId: personId });
  return { token, sessionId, personId, expiresAt };
}

/**
 * Who holds this token: a session, or nobody. Slides the expiry, at most every five minutes.
 * A session ends 14 days after the last visit, 60 days after sign-in, and when its person is suspended.
 */
export async function callerOf(
  { sql }: Pick<Services, 'sql'>,
  token: string | null | undefined,
): Promise<Caller> {
  if (!token || !/^[\w-]{43}$/.test(token)) return { kind: 'anonymous' };
  const hash = hashToken(token).toString('hex');
  const session = (await db.liveSessions(sql, [hash])).get(hash);
  if (!session) return { kind: 'anonymous' };
  if (session.stale) await db.slideSession(sql, session.id);
  return { kind: 'session', personId: session.personId, sessionId: session.id };
}

/** Ends the session of this browser. For the person themself; nobody signed in is fine too. */
export async function signOut(ctx: Ctx): Promise<void> {
  const { caller } = ctx;
  if (caller.kind !== 'session') return;
  await ctx.sql.begin(async (tx) => {
    await db.deleteSession(tx, caller.personId, caller.sessionId);
    await bumpEpochsOf(tx, caller.personId);
    await record(tx, ctx, { verb: 'people.signed_out', objectKind: 'person', objectId: caller.personId });
  });
}

/** Ends every session of the person, this one too. For the person themself. */
export async function signOutEverywhere(ctx: Ctx): Promise<void> {
  const personId = personOf(ctx);
  await ctx.sql.begin(async (tx) => {
    const data = { sessions: await db.deleteSessions(tx, personId) };
    await bumpEpochsOf(tx, personId);
    await record(tx, ctx, {
      verb: 'people.signed_out_everywhere',
      objectKind: 'person',
      objectId: personId,
      data,
    });
  });
}

/** Where the person is signed in, this browser first. For the person themself. */
export async function sessions(ctx: Ctx): Promise<SessionRow[]> {
  const { caller } = ctx;
  return db.sessionsOf(ctx.sql, personOf(ctx), caller.kind === 'session' ? caller.sessionId : null);
}

/** Ends one of the person's own sessions. Another's is NotFound. */
export async function revokeSession(ctx: Ctx, input: RevokeSessionInput): Promise<void> {
  const personId = personOf(ctx);
  const { id } = parse(RevokeSessionInput, input);
  await ctx.sql.begin(async (tx) => {
    if (!(await db.deleteSession(tx, personId, id))) throw new NotFound();
    await bumpEpochsOf(tx, personId);
    await record(tx, ctx, { verb: 'people.session_revoked', objectKind: 'person', objectId: personId });
  });
}

/** A job: removes sessions that ended more than a day ago. */
export async function sweepSessions(ctx: Ctx): Promise<number> {
  return db.sweepSessions(ctx.sql);
}
