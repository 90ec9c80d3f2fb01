import { maskOf } from '@engawa/access';
import {
  ChangePasswordInput,
  Invalid,
  type LivePerson,
  type Me,
  parse,
  Unauthenticated,
  UpdateProfileInput,
} from '@engawa/schema';
import { type Ctx, personOf } from '../ctx.ts';
import { bumpEpochsOf } from '../grants/index.ts';
import { record } from '../ledger/index.ts';
import { spend } from './limits.ts';
import { hashPassword, verifyPassword } from './passwords.ts';
import * as db from './people.sql.ts';
import { deleteSessions } from './sessions.sql.ts';

/** What others see beside the hands of the person who asks. For the person themself. */
export async function nameTag(ctx: Ctx): Promise<LivePerson> {
  const personId = personOf(ctx);
  const tag = (await db.nameTags(ctx.sql, [personId])).get(personId);
  if (!tag) throw new Unauthenticated();
  return tag;
}

/** The person who asks, with today's affiliations. For the person themself. */
export async function me(ctx: Ctx): Promise<Me> {
  const personId = personOf(ctx);
  const [person, affiliations, administrates] = await Promise.all([
    db.personById(ctx.sql, personId),
    db.liveAffiliations(ctx.sql, personId),
    db.organisationsManagedBy(ctx.sql, personId, maskOf('manage')),
  ]);
  if (!person) throw new Unauthenticated();
  const { id, name, kana, email, locale, theme } = person;
  const hosts = new Map(
    affiliations
      .map((row) => row.organisation)
      .filter((o) => o.host)
      .map((o) => [o.id, o]),
  );
  return {
    id,
    name,
    kana,
    email,
    locale,
    theme,
    organisation: affiliations[0]?.organisation ?? null,
    post: affiliations[0]?.post ?? '',
    affiliations,
    administrates,
    hosts: [...hosts.values()],
  };
}

/** Changes the person's own name, ふりがな, language and theme. For the person themself. */
export async function updateProfile(ctx: Ctx, input: UpdateProfileInput): Promise<Me> {
  const personId = personOf(ctx);
  const profile = parse(UpdateProfileInput, input);
  await ctx.sql.begin(async (tx) => {
    await db.setProfile(tx, personId, profile);
    await record(tx, ctx, { verb: 'people.profile_changed', objectKind: 'person', objectId: personId });
  });
  return me(ctx);
}

/**
 * Changes the person's own password; every other session ends. For the person themself.
 * Errors: Invalid `password.wrong` when `current` is not it, `too_many`, and what `NewPassword` refuses.
 */
export async function changePassword(ctx: Ctx, input: ChangePasswordInput): Promise<void> {
  const personId = personOf(ctx);
  const { current, next } = parse(ChangePasswordInput, input);
  await spend(ctx.sql, 'password-person', personId);
  const person = await db.personById(ctx.sql, personId);
  if (!(await verifyPassword(person?.passwordHash ?? null, current))) {
    throw new Invalid('password.wrong', 'The current password is wrong', { field: 'current' });
  }
  const passwordHash = await hashPassword(next);
  await ctx.sql.begin(async (tx) => {
    await db.setPasswordHash(tx, personId, passwordHash);
    await deleteSessions(tx, personId, ctx.caller.kind === 'session' ? ctx.caller.sessionId : null);
    await bumpEpochsOf(tx, personId);
    await record(tx, ctx, { verb: 'people.password_changed', objectKind: 'person', objectId: personId });
  });
}
