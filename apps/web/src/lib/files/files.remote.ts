import * as domain from '@engawa/domain';
import { Id, LabelVersionInput, VersionInput } from '@engawa/schema';
import * as v from 'valibot';
import { act, read } from '#lib/server/endpoint.ts';
import { keptRows } from '#lib/server/keeping.ts';

/** What a list says of files beside their names; of one folder, or of a whole space. */
export const listedFiles = read(
  v.object({ spaceId: Id, folderId: v.nullable(Id) }),
  async (ctx, { spaceId, folderId }) =>
    (await domain.filesIn(ctx, spaceId, folderId)).map(({ itemId, size, type, number, thumbnail }) => ({
      id: itemId,
      size,
      type,
      version: number,
      thumbnail,
    })),
);

/** A place to put files, also for those who may see nothing else of it. */
export const handInPlace = read(Id, (ctx, id) => domain.handInPlace(ctx, { id }));

/** Where the reader may put files and see nothing else. */
export const handInPlaces = read(v.optional(v.undefined()), async (ctx) =>
  keptRows(ctx, await domain.handInPlaces(ctx), (row) => row.spaceId),
);

/** A file with all its versions, newest first. What lies in the trash shows only that it does. */
export const filePage = read(Id, async (ctx, id) => {
  const item = await domain.item(ctx, id);
  const open = item.can.view && !item.trashedAt;
  return { item, versions: open ? await domain.fileVersions(ctx, { id }) : [] };
});

export const restoreVersion = act(VersionInput, domain.restoreVersion, [filePage]);

export const labelVersion = act(LabelVersionInput, domain.labelVersion, [filePage]);
