import { parsePiece, paste, pasteLines, type Piece } from '@engawa/board';
import { toast } from '@engawa/ui';
import { m } from '#lib/paraglide/messages.js';
import type { BoardDesk } from './board-desk.svelte.ts';

type Point = { x: number; y: number };

/** Where the pointer is, when it is over the board; else the middle of what is seen. */
export function placeToPaste(desk: BoardDesk): Point {
  return desk.now.cursor ?? desk.middle;
}

/** A piece of a board as such; any other text as notes, one a line. */
export function pasteText(desk: BoardDesk, text: string, at: Point = placeToPaste(desk)): void {
  if (text.trim() === '') return;
  const made = desk.attempt((board) => {
    const piece = parsePiece(text);
    if (piece) return paste(board, piece, at);
    const notes = pasteLines(board, text, at, desk.now.styles.note?.fill ?? 'yellow');
    if (notes.length > 1) toast(m.board_pasted_lines({ count: notes.length }));
    return notes;
  });
  if (made) desk.select(made, true);
}

export function pastePiece(desk: BoardDesk, piece: Piece): void {
  const made = desk.attempt((board) => paste(board, piece, placeToPaste(desk)));
  if (made) desk.select(made, true);
}
