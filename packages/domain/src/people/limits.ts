import { createHash } from 'node:crypto';
import type { Sql } from '@engawa/db';
import { TooMany } from '@engawa/schema';
import { RateLimiterPostgres, RateLimiterRes } from 'rate-limiter-flexible';
import { networkOf } from './networks.ts';

/** How often something may be tried: `points` in `duration` seconds. */
const LIMITS = {
  /** Wrong passwords for one address from one network: a stranger elsewhere cannot lock its owner out. */
  'sign-in-pair': { points: 8, duration: 15 * 60 },
  /** Wrong passwords for one address from everywhere. */
  'sign-in-mail': { points: 60, duration: 60 * 60 },
  /** Wrong passwords from one network: a town hall sits behind one address, so this is wide. */
  'sign-in-network': { points: 200, duration: 15 * 60 },
  'password-person': { points: 10, duration: 15 * 60 },
  'reset-mail': { points: 4, duration: 60 * 60 },
  'invite-person': { points: 200, duration: 60 * 60 },
  /** Mails of invitations to one address, from whomever. */
  'invite-mail': { points: 10, duration: 60 * 60 },
} as const;

export type LimitName = keyof typeof LIMITS;

const limiters = new WeakMap<Sql, Map<LimitName, RateLimiterPostgres>>();

/** The library speaks to a pg client; this is one on top of our pool. */
function clientOf(sql: Sql) {
  return {
    async query({ text, values = [] }: { text: string; values?: (string | number | null)[] }) {
      const rows = await sql.unsafe(text, values);
      return { rows, rowCount: rows.count };
    },
  };
}

function limiterOf(sql: Sql, name: LimitName): RateLimiterPostgres {
  const mine = limiters.get(sql) ?? new Map<LimitName, RateLimiterPostgres>();
  limiters.set(sql, mine);
  const limiter =
    mine.get(name) ??
    new RateLimiterPostgres({
      storeClient: clientOf(sql),
      storeType: 'client',
      tableName: 'rate_limits',
      tableCreated: true,
      keyPrefix: name,
      ...LIMITS[name],
    });
  mine.set(name, limiter);
  return limiter;
}

/** Keys are hashed: the table of limits holds no address of anybody. */
function keyOf(value: string): string {
  return createHash('sha256').update(value).digest('base64url');
}

/** Counts one try. Throws TooMany (`too_many`, details.retryAfter in seconds) when there were too many. */
export async function spend(sql: Sql, name: LimitName, key: string): Promise<void> {
  try {
    await limiterOf(sql, name).consume(keyOf(key));
  } catch (refused) {
    if (!(refused instanceof RateLimiterRes)) throw refused;
    throw new TooMany('too_many', `Too many attempts (${name})`, {
      retryAfter: Math.max(1, Math.ceil(refused.msBeforeNext / 1000)),
    });
  }
}

/** Gives back what `spend` took, because the try was a good one. */
async function refund(sql: Sql, name: LimitName, key: string): Promise<void> {
  await limiterOf(sql, name).reward(keyOf(key));
}

/** Counts a sign-in before the password is looked at, so that many at once count too. Returns how to forgive it. */
export async function spendSignIn(sql: Sql, email: string, ip: string): Promise<() => Promise<void>> {
  const network = networkOf(ip);
  const pair = `${email} ${network}`;
  // The narrowest first: what it refuses counts nowhere else, so that one network cannot use up everybody's tries.
  await spend(sql, 'sign-in-pair', pair);
  await spend(sql, 'sign-in-network', network);
  await spend(sql, 'sign-in-mail', email);
  return async () => {
    await limiterOf(sql, 'sign-in-pair').delete(keyOf(pair));
    await refund(sql, 'sign-in-mail', email);
    await refund(sql, 'sign-in-network', network);
  };
}
