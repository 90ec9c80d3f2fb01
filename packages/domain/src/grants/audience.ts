import { can } from '@engawa/access';
import type { Ctx } from '../ctx.ts';
import { requireAccess } from './access.ts';
import { grantViews } from './grants.ts';

/** Who can see the object now, for the one sentence of the share dialog. Counts are of grants that can view. */
export interface Audience {
  /** Persons of the host organisation named one by one. */
  staff: number;
  /** Persons from outside named one by one. */
  guests: number;
  /** Organisations and groups that are let in whole. */
  organisations: string[];
  /** Outside organisations that any of the guests belong to. */
  guestOrganisations: string[];
  /** Everybody who is signed in, or everybody at all. */
  everyone: 'nobody' | 'signed_in' | 'public';
}

/** Needs `view`: whoever is inside may know who else is. */
export async function audience(ctx: Ctx, objectId: string): Promise<Audience> {
  const access = await requireAccess(ctx, 'view', objectId);
  const views = (await grantViews(ctx, access)).filter((view) => can(view.mask, 'view'));
  const persons = new Map(views.filter((v) => v.principal.kind === 'person').map((v) => [v.principal.id, v]));
  const guests = [...persons.values()].filter((view) => view.guest);
  const kinds = new Set(views.map((view) => view.principal.kind));
  return {
    staff: persons.size - guests.length,
    guests: guests.length,
    organisations: views
      .filter((v) => v.principal.kind === 'organisation' || v.principal.kind === 'group')
      .map((v) => v.principal.name),
    guestOrganisations: [...new Set(guests.map((v) => v.principal.organisation ?? '').filter(Boolean))],
    everyone: kinds.has('public') ? 'public' : kinds.has('authenticated') ? 'signed_in' : 'nobody',
  };
}
