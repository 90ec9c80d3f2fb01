import { type Keepable, KeepableInput, parse } from '@engawa/schema';
import { type Ctx, personOf } from '../ctx.ts';
import { accessOfMany, type Access } from '../grants/index.ts';
import { spacesClosedToGuestCopies } from './spaces.sql.ts';

/**
 * Which of the spaces and items the caller's device may keep to be read without a connection, and until when. Staff
 * may keep what they may download; guests too, unless the space says otherwise (`guestOffline`). What the caller may
 * not know of, and what lies in the trash, is left out. For the person themself.
 */
export async function keepable(ctx: Ctx, input: KeepableInput): Promise<Keepable[]> {
  personOf(ctx);
  const { ids } = parse(KeepableInput, input);
  const all = [...(await accessOfMany(ctx, ids)).values()];
  const guestIn = all.flatMap((access) => (access.kind === 'staff' ? [] : (access.spaceId ?? [])));
  const closed = new Set(await spacesClosedToGuestCopies(ctx.sql, guestIn));
  return all
    .filter((access) => mayKeep(access, !closed.has(access.spaceId ?? '')))
    .map(({ objectId, until }) => ({ id: objectId, until }));
}

/** Whether a device may keep it, by what its person holds there and what the space says of guests. */
export function mayKeep({ objectKind, can, kind }: Access, guestOffline: boolean): boolean {
  if (kind !== 'staff' && !guestOffline) return false;
  if (objectKind === 'item') return can.view && can.download;
  // Who was given one item alone holds nothing of the space but its name and that item.
  return objectKind === 'space' && (can.download || !can.view);
}
