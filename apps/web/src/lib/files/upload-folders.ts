import type { ItemRow } from '@engawa/schema';
import { provideFolder, tree } from '#lib/items/items.remote.ts';
import { dropPlaces } from './drop-places.svelte.ts';

/** Where files are put. */
export interface UploadPlace {
  spaceId: string;
  parentId: string | null;
  /** What people call it. */
  name: string;
  /** Whether folders may be made there; who may only hand in puts every file in one place. */
  folders: boolean;
}

/** The folders of one batch: those that are there already are used, the others are made when their first file comes. */
export class UploadFolders {
  readonly #place: UploadPlace;
  readonly #rows: readonly ItemRow[];
  readonly #known = new Map<string, Promise<string | null>>();

  /** `rows` as the page shows them when the batch begins. */
  constructor(place: UploadPlace, rows: readonly ItemRow[]) {
    this.#place = place;
    this.#rows = rows;
  }

  /** The id of the folder under this path. Rejects as `provideFolder` does; asking again tries again. */
  of(path: readonly string[]): Promise<string | null> {
    if (path.length === 0 || !this.#place.folders) return Promise.resolve(this.#place.parentId);
    const key = path.join('/');
    const known = this.#known.get(key);
    if (known) return known;
    const made = this.#make(path);
    this.#known.set(key, made);
    made.catch(() => this.#known.delete(key));
    return made;
  }

  async #make(path: readonly string[]): Promise<string> {
    const parentId = await this.of(path.slice(0, -1));
    const title = path.at(-1)!.normalize('NFC');
    // Also what the page has learnt since: an answer that the line lost may have made the folder after all.
    const there = [...this.#rows, ...dropPlaces.rows].find(
      (row) => row.parentId === parentId && row.kind === 'folder' && row.title === title && row.can.edit,
    );
    if (there) return there.id;
    const { spaceId } = this.#place;
    // Another may be bringing the same folder up: then both fill one.
    return (await provideFolder({ spaceId, parentId, titles: [title] }).updates(tree)).id;
  }
}
