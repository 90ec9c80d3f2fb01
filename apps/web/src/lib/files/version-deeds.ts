import type { FileVersion } from '@engawa/schema';
import { toast } from '@engawa/ui';
import { goto } from '$app/navigation';
import { attempt } from '#lib/items/item-deeds.ts';
import { m } from '#lib/paraglide/messages.js';
import { filePage, labelVersion, restoreVersion } from './files.remote.ts';

// What one can do with versions of a file: at once, and taken back by the toast.

/** Where the bytes of a version are. */
export function contentPath(itemId: string, version: number): string {
  return `/files/${itemId}/content?v=${version}`;
}

/** Where what may be seen of it is, for whoever may not have it. */
export function previewPath(itemId: string, version: number): string {
  return `/files/${itemId}/preview?v=${version}`;
}

/** Makes an older version the newest; undoing makes the one before it the newest again. Nothing is lost either way. */
export async function restore({ itemId, number }: FileVersion, newest: number): Promise<void> {
  await attempt(async () => {
    await restoreVersion({ id: itemId, version: number }).updates(filePage);
    await goto('?', { replace: true, reset: false });
    const back = (): void =>
      void attempt(() => restoreVersion({ id: itemId, version: newest }).updates(filePage));
    toast(m.file_version_restored({ version: number }), {
      action: { label: m.undo(), run: back, undo: true },
    });
  });
}

export async function label({ itemId, number }: FileVersion, words: string): Promise<void> {
  const deed = () => labelVersion({ id: itemId, version: number, label: words }).updates(filePage);
  // The words are gone from the screen by then: trying again writes the same ones.
  await attempt(deed, { again: true });
}
