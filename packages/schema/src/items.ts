import * as v from 'valibot';
import { Id } from './ids.ts';
import { BLANK_KINDS, type ItemKind } from './kinds.ts';
import type { PersonRef } from './people.ts';
import type { Abilities } from './roles.ts';
import { line } from './texts.ts';

/** Limits of one space: a tree that still opens at a glance. */
export const MAX_ITEMS = 10_000;
export const MAX_DEPTH = 20;
/** Days in the trash before the purge. */
export const TRASH_DAYS = 30;

export const Title = line('title', 200);

const parentId = v.nullable(Id);

export const CreateItemInput = v.object({
  spaceId: Id,
  parentId,
  kind: v.picklist(BLANK_KINDS),
  title: Title,
});
export const ProvideFolderInput = v.object({
  spaceId: Id,
  parentId,
  /** What it may be called; made under the first. */
  titles: v.pipe(v.array(Title), v.minLength(1), v.maxLength(10)),
});
export const RenameItemInput = v.object({ id: Id, title: Title });
/** `before` or `after` names a sibling in the new place; without either, the item goes last. */
export const MoveItemInput = v.pipe(
  v.object({ id: Id, parentId, before: v.optional(v.nullable(Id)), after: v.optional(v.nullable(Id)) }),
  v.check((input) => !(input.before && input.after), 'items.two_places'),
);
export const ItemIdInput = v.object({ id: Id });

export type CreateItemInput = v.InferInput<typeof CreateItemInput>;
export type ProvideFolderInput = v.InferInput<typeof ProvideFolderInput>;
export type RenameItemInput = v.InferInput<typeof RenameItemInput>;
export type MoveItemInput = v.InferInput<typeof MoveItemInput>;
export type ItemIdInput = v.InferInput<typeof ItemIdInput>;

/** One row of the tree. `parentId` is null at the root, and where the caller may not see the parent. */
export interface ItemRow {
  id: string;
  spaceId: string;
  parentId: string | null;
  kind: ItemKind;
  title: string;
  /** Fractional index among its siblings; compare as plain strings. */
  sortKey: string;
  limited: boolean;
  /** Part of the sync address of a document. */
  generation: number;
  createdAt: Date;
  updatedAt: Date;
  updatedBy: PersonRef | null;
  can: Abilities;
}

export interface ItemDetail extends ItemRow {
  space: { id: string; name: string };
  /** Whether the caller's device may keep it, to be read without a connection. */
  keeps: boolean;
  /** From the root down, only what the caller may see, without the item itself. */
  breadcrumb: { id: string; kind: ItemKind; title: string }[];
  /** Set while the item, or a folder above it, is in the trash. */
  trashedAt: Date | null;
}

/** One entry of the trash: what was thrown away, with everything below it. */
export interface TrashRow {
  id: string;
  spaceId: string;
  kind: ItemKind;
  title: string;
  trashedAt: Date;
  trashedBy: PersonRef | null;
  /** The day after which it is gone. */
  purgeAt: Date;
  /** How many items lie below it. */
  below: number;
  can: Abilities;
}

/** What a move was, so that the page can offer the opposite. */
export interface MovedItem {
  item: ItemRow;
  /** Where it was; `moveItem` takes exactly this (at most one neighbour is named) to undo. */
  from: { parentId: string | null; after: string | null; before: string | null };
}

export const LimitItemInput = v.object({ itemId: Id, limited: v.boolean() });
export const BreakInInput = v.object({ itemId: Id, reason: line('reason', 500) });

export type LimitItemInput = v.InferInput<typeof LimitItemInput>;
export type BreakInInput = v.InferInput<typeof BreakInInput>;
