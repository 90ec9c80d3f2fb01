import { goto } from '$app/navigation';
import { itemPath, type BlankKind, type ItemRow } from '@engawa/schema';
import { toast } from '@engawa/ui';
import { m } from '#lib/paraglide/messages.js';
import { attempt, Refused, sayError } from '#lib/shell/attempt.ts';
import { shortTitle } from './short-title.ts';
import { justMade } from './just-made.ts';
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

export { attempt, sayError };

const UNREADABLE = { too_long: m.errors_docs_markdown_too_long, invalid: m.errors_docs_markdown_invalid };

/** Makes an item; its name is to be written at once. A document or a board opens. */
export function addItem(
  spaceId: string,
  parentId: string | null,
  kind: BlankKind,
): Promise<ItemRow | undefined> {
  const title = { doc: m.untitled_doc, board: m.untitled_board, folder: m.untitled_folder }[kind]();
  let made: ItemRow | undefined;
  return attempt(
    async () => {
      // Tried again after the line was lost on the way to its page, it is not made twice.
      made ??= await createItem({ spaceId, parentId, kind, title }).updates(tree);
      if (kind === 'folder') return made;
      justMade.id = made.id;
      await goto(itemPath(made));
      // What it is called comes first; Enter then goes on into the text.
      document.querySelector<HTMLTextAreaElement>('[data-doc-title]')?.select();
      return made;
    },
    { again: kind !== 'folder' },
  );
}

/** With `again`, failing offers to write the same name once more: for where it is gone from the screen by then. */
export function rename(row: ItemRow, title: string, { again = true } = {}): Promise<boolean> {
  const renamed = (rows: ItemRow[]): ItemRow[] =>
    rows.map((other) => (other.id === row.id ? { ...other, title } : other));
  const deed = async (): Promise<boolean> => {
    await renameItem({ id: row.id, title }).updates(tree(row.spaceId).withOverride(renamed), item);
    return true;
  };
  return attempt(deed, { again }).then(Boolean);
}

/** Into the trash, with a way back. Leaves the page when it is the one that is open. */
export async function throwAway(row: ItemRow, open: boolean): Promise<void> {
  const without = (rows: ItemRow[]): ItemRow[] => rows.filter((other) => other.id !== row.id);
  const deed = async (): Promise<void> => {
    await trashItem({ id: row.id }).updates(tree(row.spaceId).withOverride(without), item, trash);
    if (open) await goto(`/s/${row.spaceId}`);
    const restored = () => restoreItem({ id: row.id }).updates(tree, item, trash);
    toast(m.trashed({ title: shortTitle(row.title) }), {
      action: { label: m.undo(), run: () => void attempt(restored, { again: true }), undo: true },
    });
  };
  await attempt(deed, { again: true });
}

export async function move(
  row: ItemRow,
  parentId: string | null,
  where: string,
  beside: { before?: string; after?: string } = {},
): Promise<void> {
  const deed = async (): Promise<void> => {
    const { from } = await moveItem({ id: row.id, parentId, ...beside }).updates(tree, item);
    const back = () => moveItem({ id: row.id, ...from }).updates(tree, item);
    toast(m.moved({ title: shortTitle(row.title), where: shortTitle(where) }), {
      action: { label: m.undo(), run: () => void attempt(back, { again: true }), undo: true },
    });
  };
  await attempt(deed, { again: true });
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
      const markdown = await textOfFile(file).catch((error: unknown) => {
        throw error instanceof UnreadableFile ? new Refused(UNREADABLE[error.why]()) : error;
      });
      return importDoc({ spaceId, parentId, title: titleOf(markdown, file.name), markdown }).updates(tree);
    });
  }
  if (last) await goto(itemPath(last));
}
