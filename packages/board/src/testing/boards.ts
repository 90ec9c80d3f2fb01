import fc from 'fast-check';
import * as Y from 'yjs';
import { Board } from '../model/board.ts';
import { createConnector, createInk, createNote, createShape } from '../operations/create.ts';
import { align, distribute, tidy } from '../operations/arrange.ts';
import { group, setLocked, ungroup } from '../operations/group.ts';
import { restyle } from '../operations/look.ts';
import { duplicate } from '../operations/paste.ts';
import { remove } from '../operations/remove.ts';
import { restack } from '../operations/stack.ts';
import { setText } from '../operations/text.ts';
import { move, resize, turn } from '../operations/transform.ts';

export const emptyBoard = () => new Board(new Y.Doc());

/** Two boards that tell each other everything at once, like two people on a good line. */
export function twoPeople(): { mine: Board; theirs: Board; sync: () => void } {
  const mine = emptyBoard();
  const theirs = emptyBoard();
  const sync = () => {
    const fromMine = Y.encodeStateAsUpdate(mine.doc, Y.encodeStateVector(theirs.doc));
    const fromTheirs = Y.encodeStateAsUpdate(theirs.doc, Y.encodeStateVector(mine.doc));
    Y.applyUpdate(theirs.doc, fromMine, 'wire');
    Y.applyUpdate(mine.doc, fromTheirs, 'wire');
  };
  return { mine, theirs, sync };
}

/** Everything a board shows, comparable. */
export function picture(board: Board): unknown {
  return board.ordered().map((element) => ({
    ...element,
    ink: element.ink && [...element.ink],
    rect: board.rectOf(element.id),
  }));
}

export interface Step {
  what: number;
  picks: number[];
  x: number;
  y: number;
  text: string;
}

export const steps = (most = 30) =>
  fc.array(
    fc.record({
      what: fc.nat(15),
      picks: fc.array(fc.nat(1000), { minLength: 1, maxLength: 5 }),
      x: fc.integer({ min: -2000, max: 2000 }),
      y: fc.integer({ min: -2000, max: 2000 }),
      text: fc.string({ unit: 'grapheme', maxLength: 12 }),
    }),
    { maxLength: most },
  );

const free = (x: number, y: number) => ({ id: null, side: 'auto' as const, x, y });

/** Does something a person could do; what, where and to whom is in the step. */
export function take(board: Board, { what, picks, x, y, text }: Step): void {
  const all = [...board.elements.keys()].sort();
  const ids = all.length === 0 ? [] : picks.map((pick) => all[pick % all.length]!);
  const [first] = ids;
  const size = { w: 40 + Math.abs(x % 300), h: 40 + Math.abs(y % 300) };
  const actions: (() => unknown)[] = [
    () => createNote(board, { x, y }, text),
    () => createNote(board, { x: y, y: x }, text, 'blue'),
    () => createShape(board, 'ellipse', { x, y, ...size, r: 0 }),
    () => createShape(board, 'frame', { x, y, w: 900, h: 700, r: 0 }),
    () =>
      createInk(
        board,
        [x, y, 7].map((at, index) => ({ x: at, y: at + index, pressure: 0.5 })),
      ),
    () =>
      createConnector(
        board,
        first === undefined ? free(x, y) : { ...free(x, y), id: first },
        ids[1] === undefined ? free(y, x) : { ...free(y, x), id: ids[1], side: 'west' },
      ),
    () => move(board, ids, x, y),
    () => resize(board, ids, { x: 0, y: 0, w: 100, h: 100 }, { x, y, ...size }),
    () => turn(board, ids, { x, y }, y),
    () => (first === undefined ? null : setText(board, first, text)),
    () => group(board, ids, text),
    () => ungroup(board, ids),
    () => restack(board, ids, (['front', 'back', 'forward', 'backward'] as const)[Math.abs(x) % 4]!),
    () => (x > 1000 ? setLocked(board, ids, y > 0) : restyle(board, ids, { fill: 'pink' })),
    () => (x > 800 ? remove(board, ids) : duplicate(board, ids)),
    () => (x > 0 ? align(board, ids, 'left') : y > 0 ? distribute(board, ids, 'x') : tidy(board, ids)),
  ];
  try {
    actions[what]!();
  } catch (error) {
    // A clear refusal is a fine answer; anything else is a fault of ours.
    if (!(error instanceof Error) || !('code' in error)) throw error;
  }
}
