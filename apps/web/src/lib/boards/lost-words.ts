import { createNote, LIMITS, type Element } from '@engawa/board';
import { toast } from '@engawa/ui';
import { m } from '#lib/paraglide/messages.js';
import type { BoardDesk } from './board-desk.svelte.ts';

/** Somebody else took away, or locked, what one was writing in: the words are offered as a note in its place. */
export function offerLostWords(desk: BoardDesk, words: string, { x, y, w, h }: Element): void {
  if (words.trim() === '') return;
  const run = (): void => {
    const at = { x: x + w / 2, y: y + h / 2 };
    const made = desk.attempt((board) => createNote(board, at, words.slice(0, LIMITS.text).toWellFormed()));
    if (made) desk.select([made], true);
    desk.focus();
  };
  toast(m.board_writing_lost(), { tone: 'danger', action: { label: m.board_writing_again(), run } });
}
