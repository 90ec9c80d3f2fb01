import * as domain from '@engawa/domain';
import {
  CreateDocFromMarkdownInput,
  CreateItemInput,
  Id,
  ItemIdInput,
  LimitItemInput,
  MoveItemInput,
  RenameItemInput,
} from '@engawa/schema';
import { act, read } from '#lib/server/endpoint.ts';
import { audience, grantsOn } from '#lib/sharing/sharing.remote.ts';

/** The items of a space in the order of display, flat. */
export const tree = read(Id, (ctx, spaceId) => domain.tree(ctx, spaceId));

/** One item with the way to it. */
export const item = read(Id, (ctx, id) => domain.item(ctx, id));

export const trash = read(Id, (ctx, spaceId) => domain.trash(ctx, spaceId));

// Each deed sends the new tree along with its answer: one round trip.

export const createItem = act(CreateItemInput, async (ctx, input) => {
  const made = await domain.createItem(ctx, input);
  await tree(input.spaceId).refresh();
  return made;
});

export const importDoc = act(CreateDocFromMarkdownInput, async (ctx, input) => {
  const made = await domain.createDocFromMarkdown(ctx, input);
  await tree(input.spaceId).refresh();
  return made;
});

export const renameItem = act(RenameItemInput, async (ctx, input) => {
  const row = await domain.renameItem(ctx, input);
  await Promise.all([tree(row.spaceId).refresh(), item(row.id).refresh()]);
});

export const moveItem = act(MoveItemInput, async (ctx, input) => {
  const moved = await domain.moveItem(ctx, input);
  await Promise.all([tree(moved.item.spaceId).refresh(), item(moved.item.id).refresh()]);
  return moved;
});

/** Closes an item to what is granted above it, or opens it again. */
export const limitItem = act(LimitItemInput, async (ctx, input) => {
  const row = await domain.limitItem(ctx, input);
  await Promise.all([tree(row.spaceId).refresh(), item(row.id).refresh()]);
  await Promise.all([grantsOn(row.id).refresh(), audience(row.id).refresh()]);
});

export const trashItem = act(ItemIdInput, async (ctx, input) => {
  const { spaceId } = await domain.item(ctx, input.id);
  await domain.trashItem(ctx, input);
  await tree(spaceId).refresh();
});

export const restoreItem = act(ItemIdInput, async (ctx, input) => {
  const row = await domain.restoreItem(ctx, input);
  await Promise.all([tree(row.spaceId).refresh(), trash(row.spaceId).refresh()]);
  return row;
});

export const purgeItem = act(ItemIdInput, async (ctx, input) => {
  const { spaceId } = await domain.item(ctx, input.id);
  await domain.purgeItem(ctx, input);
  await trash(spaceId).refresh();
});
