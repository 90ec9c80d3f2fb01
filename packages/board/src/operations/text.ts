import * as Y from 'yjs';
import type { Board } from '../model/board.ts';
import { cleanText, demandText, storedElement } from '../model/write.ts';

/** One replacement in a text: at `at`, `removed` UTF-16 units give way to `inserted`. */
export interface Splice {
  at: number;
  removed: number;
  inserted: string;
}

/** What turns one text into another, as one replacement that never cuts a letter in half. */
export function spliceOf(before: string, after: string): Splice {
  const most = Math.min(before.length, after.length);
  let start = 0;
  while (start < most && before.charCodeAt(start) === after.charCodeAt(start)) start += 1;
  if (start > 0 && isHigh(before.charCodeAt(start - 1))) start -= 1;
  let end = 0;
  while (
    end < most - start &&
    before.charCodeAt(before.length - 1 - end) === after.charCodeAt(after.length - 1 - end)
  ) {
    end += 1;
  }
  if (end > 0 && isLow(before.charCodeAt(before.length - end))) end -= 1;
  return {
    at: start,
    removed: before.length - end - start,
    inserted: after.slice(start, after.length - end),
  };
}

const isHigh = (code: number) => code >= 0xd800 && code < 0xdc00;
const isLow = (code: number) => code >= 0xdc00 && code < 0xe000;

/**
 * Where `mine`, made on a text, belongs after `theirs` was made on that same text: one replacement or two, the later
 * place first. What either removed is gone, what each wrote stays.
 */
export function rebase(mine: Splice, theirs: Splice): Splice[] {
  const mineEnd = mine.at + mine.removed;
  const theirsEnd = theirs.at + theirs.removed;
  const sameSpot = mine.at === theirs.at && theirs.removed === 0;
  if (mineEnd <= theirs.at && !sameSpot) return [mine];
  const written = theirs.at + theirs.inserted.length;
  if (mine.at >= theirsEnd) return [{ ...mine, at: mine.at - theirsEnd + written }];
  const after = { at: written, removed: Math.max(0, mineEnd - theirsEnd), inserted: '' };
  if (mine.at >= theirs.at) return [{ ...after, inserted: mine.inserted }];
  const before = { ...mine, removed: theirs.at - mine.at };
  return after.removed > 0 ? [after, before] : [before];
}

/** Replaces the text of an element by as small a change as possible, so that others' typing in it survives. */
export function setText(board: Board, id: string, next: string): void {
  editText(board, id, board.find(id)?.text ?? '', next);
}

/**
 * Writes what somebody typed into a field that showed `shown` and now reads `next`. If others changed the text since
 * `shown`, both changes stand. Returns the text as it is then, or null when the element is gone or locked.
 */
export function editText(board: Board, id: string, shown: string, next: string): string | null {
  demandText(next);
  const map = storedElement(board, id);
  const element = board.find(id);
  if (map === undefined || element === undefined || element.locked) return null;
  const now = element.text;
  const mine = spliceOf(shown, cleanText(next));
  if (mine.removed === 0 && mine.inserted === '') return now;
  const splices = now === shown ? [mine] : rebase(mine, spliceOf(shown, now));
  demandText(splices.reduce(applied, now));
  board.change(() => {
    let text = map.get('t');
    if (!(text instanceof Y.Text)) map.set('t', (text = new Y.Text()));
    const written = text as Y.Text;
    for (const { at, removed, inserted } of splices) {
      if (removed > 0) written.delete(at, removed);
      if (inserted !== '') written.insert(at, inserted);
    }
  });
  return board.find(id)?.text ?? null;
}

const applied = (text: string, { at, removed, inserted }: Splice) =>
  text.slice(0, at) + inserted + text.slice(at + removed);
