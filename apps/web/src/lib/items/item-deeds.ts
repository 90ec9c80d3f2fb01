import { goto } from '$app/navigation';
import { itemPath, type BlankKind, type ItemRow } from '@engawa/schema';
import { toast } from '@engawa/ui';
import { m } from '#lib/paraglide/messages.js';
import { shortTitle } from './short-title.ts';
import { textOfFile, titleOf, UnreadableFile } from './markdown-file.ts';
import {
  createItem,
  importDoc,
  item,
  moveItem,
  renameItem,
  restoreItem,
  trash,
  trashItem,
  tree,
} from './items.remote.ts';

// What one can do with items, from the tree, a page or a menu alike: at once on screen, and undone rather than confirmed.

const UNREADABLE = { too_long: m.errors_docs_markdown_too_long, invalid: m.errors_docs_markdown_invalid };

/** Says why it did not work; the page keeps what it showed. */
export function sayError(error: unknown): void {
  const { body } = error as { body?: App.Error };
  const message = error instanceof UnreadableFile ? UNREADABLE[error.why]() : body?.message;
  if (!message) console.error(error);
  toast(message ?? m.errors_unknown(), { tone: 'danger' });
}

export async function attempt<T>(deed: () => Promise<T>): Promise<T | undefined> {
  try {
    return await deed();
  } catch (error) {
    sayError(error);
    return undefined;
  }
}

/** Makes an item; its name is to be written at once. A document opens. */
export function addItem(
  spaceId: string,
  parentId: string | null,
  kind: BlankKind,
): Promise<ItemRow | undefined> {
  const title = { doc: m.untitled_doc, board: m.untitled_board, folder: m.untitled_folder }[kind]();
  return attempt(async () => {
    const made = await createItem({ spaceId, parentId, kind, title }).updates(tree);
    if (kind === 'folder') return made;
    await goto(itemPath(made));
    // What it is called comes first; Enter then goes on into the text.
    document.querySelector<HTMLTextAreaElement>('[data-doc-title]')?.select();
    return made;
  });
}

export function rename(row: ItemRow, title: string): Promise<void> {
  const renamed = (rows: ItemRow[]): ItemRow[] =>
    rows.map((other) => (other.id === row.id ? { ...other, title } : other));
  return attempt(async () => {
    await renameItem({ id: row.id, title }).updates(tree(row.spaceId).withOverride(renamed), item);
  }) as Promise<void>;
}

/** Into the trash, with a way back. Leaves the page when it is the one that is open. */
export async function throwAway(row: ItemRow, open: boolean): Promise<void> {
  const without = (rows: ItemRow[]): ItemRow[] => rows.filter((other) => other.id !== row.id);
  await attempt(async () => {
    await trashItem({ id: row.id }).updates(tree(row.spaceId).withOverride(without), item, trash);
    if (open) await goto(`/s/${row.spaceId}`);
    const back = (): void => void attempt(() => restoreItem({ id: row.id }).updates(tree, item, trash));
    toast(m.trashed({ title: shortTitle(row.title) }), {
      action: { label: m.undo(), run: back, undo: true },
    });
  });
}

export async function move(
  row: ItemRow,
  parentId: string | null,
  where: string,
  beside: { before?: string; after?: string } = {},
): Promise<void> {
  await attempt(async () => {
    const { from } = await moveItem({ id: row.id, parentId, ...beside }).updates(tree, item);
    const back = (): void => void attempt(() => moveItem({ id: row.id, ...from }).updates(tree, item));
    toast(m.moved({ title: shortTitle(row.title), where: shortTitle(where) }), {
      action: { label: m.undo(), run: back, undo: true },
    });
  });
}

/** Markdown files become documents, each named by its first heading, else by its file. */
export async function importFiles(
  spaceId: string,
  parentId: string | null,
  files: Iterable<File>,
): Promise<void> {
  let last: ItemRow | undefined;
  for (const file of files) {
    last = await attempt(async () => {
      const markdown = await textOfFile(file);
      return importDoc({ spaceId, parentId, title: titleOf(markdown, file.name), markdown }).updates(tree);
    });
  }
  if (last) await goto(itemPath(last));
}
