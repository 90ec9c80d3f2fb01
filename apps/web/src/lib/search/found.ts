import { type Found, itemPath } from '@engawa/schema';

/** Where a found thing is opened. */
export function pathOf({ kind, id, spaceId }: Pick<Found, 'kind' | 'id' | 'spaceId'>): string {
  return kind === 'space' ? `/s/${id}` : itemPath({ kind, id, spaceId });
}
