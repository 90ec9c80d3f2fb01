import * as domain from '@engawa/domain';
import {
  CreateDocFromMarkdownInput,
  CreateItemInput,
  Id,
  ItemIdInput,
  LimitItemInput,
  MoveItemInput,
  ProvideFolderInput,
  RenameItemInput,
} from '@engawa/schema';
import { docPage } from '#lib/docs/docs.remote.ts';
import { act, read } from '#lib/server/endpoint.ts';
import { audience, grantsOn } from '#lib/sharing/sharing.remote.ts';

/** The items of a space in the order of display, flat. */
export const tree = read(Id, (ctx, spaceId) => domain.tree(ctx, spaceId));

/** One item with the way to it. */
export const item = read(Id, (ctx, id) => domain.item(ctx, id));

export const trash = read(Id, (ctx, spaceId) => domain.trash(ctx, spaceId));

/** What a deed with items may change on a page. */
const shown = [tree, item, trash];

export const createItem = act(CreateItemInput, domain.createItem, shown);

/** A folder of that name in the place, made only where there is none. */
export const provideFolder = act(ProvideFolderInput, domain.provideFolder, shown);

export const importDoc = act(CreateDocFromMarkdownInput, domain.createDocFromMarkdown, shown);

export const renameItem = act(RenameItemInput, domain.renameItem, shown);

export const moveItem = act(MoveItemInput, domain.moveItem, shown);

/** Closes an item to what is granted above it, or opens it again. */
export const limitItem = act(LimitItemInput, domain.limitItem, [...shown, grantsOn, audience]);

export const trashItem = act(ItemIdInput, domain.trashItem, shown);

export const restoreItem = act(ItemIdInput, domain.restoreItem, shown);

export const purgeItem = act(ItemIdInput, domain.purgeItem, shown);

/** Begins a new generation of an item whose record is damaged, from what is whole. */
export const repairItem = act(ItemIdInput, domain.repairItem, [item, docPage]);
