import type { Db } from '@engawa/db';
import { type CallerKind, Conflict, Forbidden, Invalid, newId, NotFound } from '@engawa/schema';
import { insertOrganisation } from '../people/index.ts';
import type { Invitation } from './guests.sql.ts';
import * as db from './organisations.sql.ts';

export interface Inviter {
  personId: string;
  kind: CallerKind;
  hostId: string;
}

/**
 * The organisation for which the inviter vouches: the one they chose, or the partner of the name they wrote. Never a
 * host: its people are added by its administrators. Staff vouch unless another host has given that organisation
 * rights; a guest vouches for their own organisation, and for such as belonging to gives nothing.
 */
export async function vouchedFor(
  sql: Db,
  { organisationId, organisation: name }: { organisationId?: string | null; organisation: string },
  inviter: Inviter,
): Promise<string | null> {
  if (!organisationId) {
    const [named] = name ? await db.organisationsNamed(sql, name) : [];
    return named && !named.host && (await mayVouch(sql, named.id, inviter)) ? named.id : null;
  }
  const chosen = await db.organisationById(sql, organisationId);
  if (!chosen) throw new NotFound();
  if (chosen.host)
    throw new Forbidden('invitation.host_organisation', 'Administrators add the people of a host');
  if (await mayVouch(sql, organisationId, inviter)) return organisationId;
  throw new Forbidden('invitation.organisation', 'Belonging to it would give more than the inviter can');
}

async function mayVouch(
  sql: Db,
  organisationId: string,
  { personId, kind, hostId }: Inviter,
): Promise<boolean> {
  if (await db.belongsTo(sql, personId, organisationId)) return true;
  return !(await db.givesRights(sql, organisationId, kind === 'staff' ? hostId : null));
}

/**
 * The organisation of somebody new: the one the inviter chose, else the one of this name, else a new partner.
 * A name that the inviter did not give joins no organisation that holds rights, and never a host.
 */
export async function organisationFor(tx: Db, invitation: Invitation, typed: string): Promise<string> {
  if (invitation.organisationId) return invitation.organisationId;
  const name = typed || invitation.organisationName;
  if (!name) throw new Invalid('name.empty', 'Say which organisation', { field: 'organisation' });
  await db.lockName(tx, name);
  const [found] = await db.organisationsNamed(tx, name);
  if (!found) {
    const id = newId();
    await insertOrganisation(tx, { id, name, kana: '', host: false });
    return id;
  }
  if (found.host || (await db.givesRights(tx, found.id, null))) {
    throw new Conflict('invitation.organisation_taken', 'Ask the inviter to choose this organisation', {
      field: 'organisation',
    });
  }
  return found.id;
}
