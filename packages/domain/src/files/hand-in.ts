import { type HandInPlace, type HandInPlaceRow, NotFound, parse, UploadIdInput } from '@engawa/schema';
import { type Ctx, personOf } from '../ctx.ts';
import { reachOf, requireAccess } from '../grants/index.ts';
import * as db from './hand-in.sql.ts';

/**
 * A folder or a space as those see it who may put files there and perhaps nothing else: what it is called, whose it
 * is, until when, and what the caller put there. Needs `upload`.
 */
export async function handInPlace(ctx: Ctx, input: { id: string }): Promise<HandInPlace> {
  const { id } = parse(UploadIdInput, input);
  const access = await requireAccess(ctx, 'upload', id);
  const folderId = access.objectKind === 'item' ? access.objectId : null;
  if (!access.spaceId || (folderId ? access.itemKind !== 'folder' : access.objectKind !== 'space'))
    throw new NotFound();
  const { spaceId, can, until } = access;
  const [names, mine] = await Promise.all([
    db.placeNames(ctx.sql, spaceId, folderId),
    db.handedInBy(ctx.sql, spaceId, folderId, personOf(ctx)),
  ]);
  return { id, spaceId, folderId, ...names, can, until, mine };
}

/**
 * The folders and spaces where the caller may put files and see nothing else: no list of spaces or items shows them.
 * For the person themself.
 */
export async function handInPlaces(ctx: Ctx): Promise<HandInPlaceRow[]> {
  personOf(ctx);
  const [uploads, views] = await Promise.all([reachOf(ctx, 'upload'), reachOf(ctx, 'view')]);
  return db.placesToHandIn(ctx.sql, uploads, views);
}
