import { randomBytes } from 'node:crypto';
import type { Db } from '@engawa/db';
import { ROLES } from '@engawa/access';
import {
  type Client,
  UNKNOWN_CLIENT,
  Conflict,
  Gone,
  Invalid,
  newId,
  parse,
  SetUpInput,
  type SignedIn,
} from '@engawa/schema';
import { type Ctx, hashToken } from '../ctx.ts';
import { writeGrant } from '../grants/index.ts';
import { record } from '../ledger/index.ts';
import { hashPassword } from './passwords.ts';
import { insertAffiliation, insertOrganisation, insertPerson } from './people.sql.ts';
import { openSession } from './sessions.ts';
import { hostExists, replaceSetupLink, setupLinkExists, takeSetupLink } from './setup.sql.ts';

/** Whether this instance still waits for its first organisation. For anybody. */
export async function setupState(ctx: Ctx): Promise<{ needed: boolean }> {
  return { needed: !(await hostExists(ctx.sql)) };
}

/**
 * Makes the one-time set-up link's token, valid for 7 days; an earlier one ends. For the program at its start, which
 * prints it where only its operator reads. Throws Conflict `setup.done` once there is a host organisation.
 */
export async function createSetupToken(ctx: Ctx): Promise<string> {
  const token = randomBytes(32).toString('base64url');
  await ctx.sql.begin(async (tx) => {
    if (await hostExists(tx)) throw new Conflict('setup.done', 'This instance is set up');
    await replaceSetupLink(tx, hashToken(token));
  });
  return token;
}

/**
 * Makes the host organisation and its first administrator, and signs them in. For whoever holds the link.
 * Errors: `setup.wrong`, Gone `setup.used`, Gone `setup.expired`. Bad input does not use the link up.
 */
export async function setUp(ctx: Ctx, input: SetUpInput, client: Client = UNKNOWN_CLIENT): Promise<SignedIn> {
  const given = parse(SetUpInput, input);
  // Hashing is work: nobody has it done without the link.
  if (!(await setupLinkExists(ctx.sql, hashToken(given.token)))) await refuseLink(ctx.sql);
  const passwordHash = await hashPassword(given.password);
  const organisationId = newId();
  const personId = newId();
  return ctx.sql.begin(async (tx) => {
    await takeLink(tx, given.token);
    await insertOrganisation(tx, {
      id: organisationId,
      name: given.organisation,
      kana: given.organisationKana,
      host: true,
    });
    const { email, name, kana } = given;
    if (!(await insertPerson(tx, { id: personId, email, name, kana, passwordHash })))
      throw new Conflict('email.taken');
    await insertAffiliation(tx, { id: newId(), personId, organisationId, post: '' });
    const signedIn = await openSession(tx, ctx, personId, client);
    const own = { ...ctx, caller: { kind: 'session' as const, personId, sessionId: signedIn.sessionId } };
    const place = {
      objectId: organisationId,
      objectKind: 'organisation' as const,
      spaceId: null,
      mask: ROLES.manager,
    };
    const principal = { kind: 'person' as const, id: personId };
    await writeGrant(tx, own, place, { principal, mask: ROLES.manager, expiresAt: null });
    const ids = { person: personId };
    await record(tx, own, {
      verb: 'people.set_up',
      objectKind: 'organisation',
      objectId: organisationId,
      ids,
    });
    return signedIn;
  });
}

async function refuseLink(sql: Db): Promise<never> {
  if (await hostExists(sql)) throw new Gone('setup.used', 'The set-up link was used');
  throw new Invalid('setup.wrong', 'This is not the set-up link');
}

async function takeLink(tx: Db, token: string): Promise<void> {
  const link = await takeSetupLink(tx, hashToken(token));
  if (!link || (await hostExists(tx))) return refuseLink(tx);
  if (link.expired) throw new Gone('setup.expired', 'The set-up link has expired');
}
