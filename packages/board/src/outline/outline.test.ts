import { expect, test } from 'vitest';
import { emptyBoard } from '../testing/boards.ts';
import { createConnector, createNote, createShape } from '../operations/create.ts';
import { group } from '../operations/group.ts';
import { addFrame, addNote, indent, outdent, putInto, swapWithNeighbour } from './edit.ts';
import { outlineOf, outlineText } from './outline.ts';

const VIEW = { x: -1000, y: -1000, w: 2000, h: 2000 };

function workshop() {
  const board = emptyBoard();
  const frame = createShape(board, 'frame', { x: 0, y: 0, w: 1200, h: 800, r: 0 });
  const notes = ['一', '二', '三'].map((text, index) =>
    createNote(board, { x: 150 + index * 250, y: 150 }, text),
  );
  return { board, frame, notes };
}

test('frame → group → note, in reading order, connectors last', () => {
  const { board, frame, notes } = workshop();
  const end = (id: string) => ({ id, side: 'auto' as const, x: 0, y: 0 });
  const line = createConnector(board, end(notes[0]!), end(notes[2]!));
  const pair = group(board, notes.slice(0, 2), '表札')!;
  const [root, ...others] = outlineOf(board);
  expect(others).toEqual([]);
  expect(root?.id).toBe(frame);
  expect(root?.children.map(({ id }) => id)).toEqual([pair, notes[2], line]);
  expect(root?.children[2]?.ends).toEqual({ from: notes[0], to: notes[2] });
  expect(outlineText(outlineOf(board))).toBe('- \n  - 表札\n    - 一\n    - 二\n  - 三');
});

test('adding, moving and reordering in the outline changes the picture', () => {
  const { board, frame, notes } = workshop();
  const added = addNote(board, frame, '四', VIEW);
  expect(outlineOf(board)[0]?.children.map(({ id }) => id)).toContain(added);
  expect(board.query(board.rectOf(added)!).filter(({ kind }) => kind === 'note')).toHaveLength(1);
  expect(swapWithNeighbour(board, notes[0]!, 1)).toBe(true);
  expect(
    outlineOf(board)[0]
      ?.children.slice(0, 2)
      .map(({ id }) => id),
  ).toEqual([notes[1], notes[0]]);
  expect(putInto(board, notes[2]!, null, VIEW)).toBe(true);
  expect(outlineOf(board).map(({ id }) => id)).toContain(notes[2]);
  expect(putInto(board, notes[2]!, frame, VIEW)).toBe(true);
  expect(outlineOf(board).map(({ id }) => id)).toEqual([frame]);
});

test('nothing goes into itself or what it holds', () => {
  const { board, notes } = workshop();
  const inner = group(board, notes.slice(0, 2))!;
  const outer = group(board, [inner, notes[2]!])!;
  expect(putInto(board, outer, inner, VIEW)).toBe(false);
  expect(putInto(board, outer, outer, VIEW)).toBe(false);
  expect(putInto(board, notes[2]!, inner, VIEW)).toBe(true);
  expect(board.find(notes[2]!)?.group).toBe(inner);
});

test('in and out, one step at a time', () => {
  const { board, frame, notes } = workshop();
  const pair = group(board, notes.slice(0, 2), '表札')!;
  expect(indent(board, notes[2]!, VIEW)).toBe(true);
  expect(board.find(notes[2]!)?.group).toBe(pair);
  expect(outdent(board, notes[2]!, VIEW)).toBe(true);
  expect(outlineOf(board)[0]?.children.map(({ id }) => id)).toContain(notes[2]);
  expect(outdent(board, notes[2]!, VIEW)).toBe(true);
  expect(outlineOf(board).map(({ id }) => id)).toContain(notes[2]);
  expect(outdent(board, notes[2]!, VIEW)).toBe(false);
  expect(indent(board, frame, VIEW)).toBe(false);
});

test('a new frame lies beside everything and holds nothing', () => {
  const { board } = workshop();
  const added = addFrame(board, '次の枠');
  expect(outlineOf(board).find(({ id }) => id === added)).toMatchObject({ text: '次の枠', children: [] });
  expect(addFrame(board, '')).not.toBe(added);
});
