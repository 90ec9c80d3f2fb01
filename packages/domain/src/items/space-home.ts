import type { SpaceHome } from '@engawa/schema';
import type { Ctx } from '../ctx.ts';
import { guestUntil, membersByOrganisation, requireSpace, spaceRow } from '../spaces/index.ts';

/**
 * The first page of a space: purpose, who is here, and for guests whose guests they are and until when. (The items are
 * `tree`, what happened lately is `activity`.) Needs `discover`; a guest of a single item sees
 * the name and purpose of the space, and that item.
 */
export async function spaceHome(ctx: Ctx, spaceId: string): Promise<SpaceHome> {
  const access = await requireSpace(ctx, 'discover', spaceId);
  const [space, members, until] = await Promise.all([
    spaceRow(ctx, access.objectId),
    access.can.view ? membersByOrganisation(ctx, access.objectId) : [],
    access.kind === 'staff' ? null : guestUntil(ctx, access.objectId),
  ]);
  const guest = access.kind === 'staff' ? null : { until, host: space.host };
  return { space, can: space.can, members, guest };
}
