import { setTimeout as sleep } from 'node:timers/promises';
import type { Db } from '@engawa/db';
import {
  type Client,
  UNKNOWN_CLIENT,
  Forbidden,
  Gone,
  Invalid,
  newId,
  NotFound,
  parse,
  RequestPasswordResetInput,
  ResetPasswordInput,
  type SignedIn,
  TooMany,
} from '@engawa/schema';
import { createCtx, type Ctx, deriveToken, hashToken, type Services } from '../ctx.ts';
import { bumpEpochsOf } from '../grants/index.ts';
import { record } from '../ledger/index.ts';
import { spend } from './limits.ts';
import { hashPassword } from './passwords.ts';
import { personByEmail, personById, setPasswordHash } from './people.sql.ts';
import { findReset, insertReset, lockReset, type Reset, useReset } from './resets.sql.ts';
import { deleteSessions } from './sessions.sql.ts';
import { openSession } from './sessions.ts';

/** The address of a reset link; the worker derives the same token from the id in the ledger event. */
export function resetUrl(services: Pick<Services, 'key' | 'origin'>, resetId: string): string {
  return `${services.origin}/reset/${deriveToken(services, 'password_reset', resetId)}`;
}

/** Makes a reset link inside a transaction and returns its id. `hours` is 1 for a reset, longer for a welcome. */
export async function createReset(tx: Db, ctx: Ctx, personId: string, hours = 1): Promise<string> {
  const id = newId();
  const tokenHash = hashToken(deriveToken(ctx.services, 'password_reset', id));
  await insertReset(tx, { id, personId, tokenHash, hours });
  return id;
}

/**
 * Asks for a reset mail; for anybody. The answer and its time are the same whoever the address belongs to,
 * and however often it was asked. The mail is the worker's: event `people.reset_requested`, ids.reset.
 */
export async function requestPasswordReset(ctx: Ctx, input: RequestPasswordResetInput): Promise<void> {
  const { email } = parse(RequestPasswordResetInput, input);
  await Promise.all([ask(ctx, email), sleep(250)]);
}

async function ask(ctx: Ctx, email: string): Promise<void> {
  try {
    await spend(ctx.sql, 'reset-mail', email);
  } catch (error) {
    if (error instanceof TooMany) return;
    throw error;
  }
  const person = await personByEmail(ctx.sql, email);
  if (!person || person.suspendedAt) return;
  await ctx.sql.begin(async (tx) => {
    const reset = await createReset(tx, ctx, person.id);
    const event = { objectKind: 'person' as const, objectId: person.id, ids: { reset } };
    await record(tx, ctx, { verb: 'people.reset_requested', ...event });
  });
}

/**
 * Sets a new password by the link out of a mail, ends every session and signs in. For whoever holds the link.
 * Errors: `reset.wrong`, Gone `reset.used`, Gone `reset.expired`, Forbidden `sign_in.suspended`.
 */
export async function resetPassword(
  ctx: Ctx,
  input: ResetPasswordInput,
  client: Client = UNKNOWN_CLIENT,
): Promise<SignedIn> {
  const { token, password } = parse(ResetPasswordInput, input);
  // Hashing is work: nobody has it done without a link that can be used.
  requireUsable(await findReset(ctx.sql, hashToken(token)));
  const passwordHash = await hashPassword(password);
  return ctx.sql.begin(async (tx) => {
    const reset = requireUsable(await lockReset(tx, hashToken(token)));
    const person = await personById(tx, reset.personId);
    if (!person) throw new Invalid('reset.wrong', 'This is not a reset link');
    if (person.suspendedAt) throw new Forbidden('sign_in.suspended', 'This person is suspended');
    await useReset(tx, reset.id);
    await setPasswordHash(tx, person.id, passwordHash);
    await deleteSessions(tx, person.id);
    await bumpEpochsOf(tx, person.id);
    const signedIn = await openSession(tx, ctx, person.id, client);
    const caller = { kind: 'session' as const, personId: person.id, sessionId: signedIn.sessionId };
    await record(
      tx,
      { caller },
      { verb: 'people.password_reset', objectKind: 'person', objectId: person.id },
    );
    return signedIn;
  });
}

function requireUsable(reset: Reset | null): Reset {
  if (!reset) throw new Invalid('reset.wrong', 'This is not a reset link');
  if (reset.used) throw new Gone('reset.used', 'The reset link was used');
  if (reset.expired) throw new Gone('reset.expired', 'The reset link has expired');
  return reset;
}

/**
 * A reset link for the operator at the command line, on behalf of the person; no mail is sent.
 * Throws NotFound `person.not_found` for an unknown address.
 */
export async function resetLink(services: Services, email: string): Promise<string> {
  const given = parse(RequestPasswordResetInput, { email });
  const person = await personByEmail(services.sql, given.email);
  if (!person) throw new NotFound('person.not_found', 'Nobody has this address');
  const ctx = createCtx({ kind: 'job', personId: person.id, job: 'reset-password' }, services);
  return services.sql.begin(async (tx) => {
    const reset = await createReset(tx, ctx, person.id);
    const event = { objectKind: 'person' as const, objectId: person.id, ids: { reset } };
    await record(tx, ctx, { verb: 'people.reset_link_made', ...event });
    return resetUrl(services, reset);
  });
}
