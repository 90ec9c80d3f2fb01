import { type Found, itemPath } from '@engawa/schema';

/** Where a found thing is opened; a person, among the members of a space. */
export function pathOf({ kind, id, spaceId }: Pick<Found, 'kind' | 'id' | 'spaceId'>): string {
  if (kind === 'person') return `/s/${spaceId}/members?person=${id}`;
  return kind === 'space' ? `/s/${id}` : itemPath({ kind, id, spaceId });
}
