import { type Client, Forbidden, Invalid, parse, type SignedIn, SignInInput } from '@engawa/schema';
import type { Ctx } from '../ctx.ts';
import { spendSignIn } from './limits.ts';
import { hashPassword, isOutdated, verifyPassword } from './passwords.ts';
import { personByEmail, setPasswordHash } from './people.sql.ts';
import { openSession } from './sessions.ts';

/**
 * Signs in by mail address and password; for anybody. An unknown address, a person without a password and a wrong
 * password are one answer (`sign_in.wrong`) in the same time. Errors: `sign_in.wrong`, `sign_in.suspended`
 * (only told with the right password), `too_many`.
 */
export async function signIn(ctx: Ctx, input: SignInInput, client: Client): Promise<SignedIn> {
  const { email, password } = parse(SignInInput, input);
  const forgive = await spendSignIn(ctx.sql, email, client.ip);
  const person = await personByEmail(ctx.sql, email);
  const right = await verifyPassword(person?.passwordHash ?? null, password);
  if (!person?.passwordHash || !right) throw new Invalid('sign_in.wrong', 'Wrong address or password');
  if (person.suspendedAt) throw new Forbidden('sign_in.suspended', 'This person is suspended');
  await forgive();
  const better = isOutdated(person.passwordHash) ? await hashPassword(password) : null;
  return ctx.sql.begin(async (tx) => {
    if (better) await setPasswordHash(tx, person.id, better);
    return openSession(tx, ctx, person.id, client);
  });
}
