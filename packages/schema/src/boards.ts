import * as v from 'valibot';
import { Id } from './ids.ts';

export const BoardIdInput = v.object({ id: Id });

export const ExportBoardInput = v.object({ id: Id, as: v.picklist(['svg', 'markdown']) });
export type ExportBoardInput = v.InferInput<typeof ExportBoardInput>;
export type BoardIdInput = v.InferInput<typeof BoardIdInput>;

/** One line of a board as a page to read: what it says, and how deep it lies in frames and groups. */
export interface BoardLine {
  depth: number;
  text: string;
}

/** A board in words, made on the server. */
export interface BoardText {
  lines: BoardLine[];
  /** Lines that are left out, so that a large board does not make a large page. */
  more: number;
}
