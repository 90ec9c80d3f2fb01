/** Kinds of item that exist today. A new kind costs its content, nothing else. */
export const ITEM_KINDS = ['folder', 'doc', 'board', 'file'] as const;

/** Kinds that begin empty, by their name alone; a file begins with an upload. */
export const BLANK_KINDS = ['folder', 'doc', 'board'] as const;

export type ItemKind = (typeof ITEM_KINDS)[number];
export type BlankKind = (typeof BLANK_KINDS)[number];

export type ObjectKind = 'organisation' | 'space' | 'item';

/** The address of an item; the id alone identifies it, the rest is for people. */
export function itemPath(item: { spaceId: string; kind: string; id: string }): string {
  return `/s/${item.spaceId}/${item.kind}/${item.id}`;
}
