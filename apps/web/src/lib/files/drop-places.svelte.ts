import type { ItemRow } from '@engawa/schema';
import type { UploadPlace } from './upload-folders.ts';

/** Somewhere that files could be put, and whether they may. */
export interface DropPlace {
  place: UploadPlace;
  may: boolean;
}

/** Where files go that are dropped or pasted: what the open page is about, or a folder that it shows a row of. */
class DropPlaces {
  page = $state.raw<DropPlace | null>(null);
  rows: readonly ItemRow[] = [];

  /** The open page is this place, until the returned function is called. */
  at(page: DropPlace): () => void {
    this.page = page;
    return () => {
      if (this.page === page) this.page = null;
    };
  }

  /** The rows that are in sight somewhere, so that each folder among them can be dropped upon. */
  show(rows: readonly ItemRow[]): () => void {
    this.rows = rows;
    return () => {
      if (this.rows === rows) this.rows = [];
    };
  }

  /** What a row stands for: its folder; null for anything that holds nothing. */
  under(id: string): DropPlace | null {
    const row = this.rows.find((one) => one.id === id);
    return row?.kind === 'folder' ? folderPlace(row) : null;
  }
}

export function folderPlace(row: ItemRow): DropPlace {
  const { id, spaceId, title, can } = row;
  return { place: { spaceId, parentId: id, name: title, folders: can.edit }, may: can.upload };
}

export const dropPlaces = new DropPlaces();
