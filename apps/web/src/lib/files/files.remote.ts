import * as domain from '@engawa/domain';
import { Id } from '@engawa/schema';
import * as v from 'valibot';
import { read } from '#lib/server/endpoint.ts';

/** What a list says of files beside their names; of one folder, or of a whole space. */
export const listedFiles = read(
  v.object({ spaceId: Id, folderId: v.nullable(Id) }),
  async (ctx, { spaceId, folderId }) =>
    (await domain.filesIn(ctx, spaceId, folderId)).map(({ itemId, size, type, number, ...rest }) => ({
      id: itemId,
      size,
      type,
      version: number,
      thumbnail: 'thumbnail' in rest && Boolean(rest.thumbnail),
    })),
);
