import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createHistory } from '../model/history.ts';
import { emptyBoard, picture, twoPeople } from '../testing/boards.ts';
import { align, distribute } from './arrange.ts';
import { copy } from './copy.ts';
import { createConnector, createNote, createShape } from './create.ts';
import { group, setLocked, ungroup } from './group.ts';
import { duplicate, parsePiece, paste, pasteLines } from './paste.ts';
import { remove } from './remove.ts';
import { restack } from './stack.ts';
import { editText, rebase, setText, spliceOf, type Splice } from './text.ts';
import { move, resize } from './transform.ts';

const free = (x: number, y: number) => ({ id: null, side: 'auto' as const, x, y });

describe('connectors', () => {
  test('stay attached when what they hang on moves, and stay where they were when it goes', () => {
    const board = emptyBoard();
    const [a, b] = [createNote(board, { x: 0, y: 0 }), createNote(board, { x: 600, y: 0 })];
    const id = createConnector(board, { ...free(0, 0), id: a }, { ...free(0, 0), id: b });
    const ends = () => {
      const { points } = board.routeOf(board.find(id)!);
      return [points[0], points.at(-1)];
    };
    expect(ends()).toEqual([
      { x: 100, y: 0 },
      { x: 500, y: 0 },
    ]);
    move(board, [b], 0, 1000);
    expect(ends()[1]).toEqual({ x: 600, y: 900 });
    remove(board, [b]);
    expect(ends()[1]).toEqual({ x: 600, y: 900 });
    expect(board.find(id)?.to?.id).toBeNull();
  });
});

describe('frames and groups', () => {
  test('a frame takes along what lies in it, once', () => {
    const board = emptyBoard();
    const frame = createShape(board, 'frame', { x: -500, y: -500, w: 1000, h: 1000, r: 0 });
    const inside = createNote(board, { x: 0, y: 0 });
    const outside = createNote(board, { x: 900, y: 0 });
    move(board, [frame, inside], 10, 0);
    expect([board.find(inside)?.x, board.find(outside)?.x]).toEqual([-90, 800]);
  });

  test('groups move, are locked and are opened as one', () => {
    const board = emptyBoard();
    const notes = [0, 300, 600].map((x) => createNote(board, { x, y: 0 }));
    const inner = group(board, notes.slice(0, 2))!;
    const outer = group(board, [notes[0]!, notes[2]!], '表札')!;
    expect(
      board
        .membersOf(outer)
        .map(({ id }) => id)
        .sort(),
    ).toEqual([inner, notes[2]!].sort());
    move(board, [outer], 5, 0);
    expect(board.find(notes[1]!)?.x).toBe(205);
    setLocked(board, [outer], true);
    move(board, [outer], 5, 0);
    expect(remove(board, [notes[1]!])).toBe(0);
    expect(board.find(notes[1]!)?.x).toBe(205);
    setLocked(board, [outer], false);
    ungroup(board, [outer]);
    expect(board.find(inner)?.group).toBeNull();
    remove(board, notes);
    expect(board.elements.size).toBe(0);
  });
});

test('aligning, spreading, resizing, stacking', () => {
  const board = emptyBoard();
  const ids = [0, 500, 2000].map((x, index) => createNote(board, { x, y: index * 77 }));
  align(board, ids, 'top');
  expect(new Set(ids.map((id) => board.find(id)?.y))).toEqual(new Set([-100]));
  distribute(board, ids, 'x');
  expect(board.find(ids[1]!)?.x).toBe(900);
  resize(board, ids, { x: -100, y: -100, w: 2200, h: 200 }, { x: -100, y: -100, w: 1100, h: 100 });
  expect(board.find(ids[2]!)).toMatchObject({ x: 900, w: 100, h: 100 });
  restack(board, [ids[0]!], 'front');
  expect(board.ordered().at(-1)?.id).toBe(ids[0]);
  restack(board, [ids[0]!], 'back');
  expect(board.rank(ids[0]!)).toBe(0);
});

describe('copying', () => {
  test('between boards: groups, connectors and order come along, ids are new', () => {
    const [from, to] = [emptyBoard(), emptyBoard()];
    const ids = [0, 300].map((x) => createNote(from, { x, y: 0 }, `メモ${x}`));
    const line = createConnector(from, { ...free(0, 0), id: ids[0]! }, { ...free(0, 0), id: ids[1]! });
    const whole = group(from, [...ids, line])!;
    const pasted = paste(to, parsePiece(JSON.stringify(copy(from, [whole])))!, { x: 1000, y: 1000 });
    expect(pasted).toHaveLength(1);
    expect(to.elements.size).toBe(4);
    const connector = [...to.elements.values()].find(({ kind }) => kind === 'connector')!;
    expect(to.find(connector.from!.id!)?.text).toBe('メモ0');
    expect(to.elements.has(whole)).toBe(false);
    expect(to.rectOf(pasted[0]!)!.x).toBeGreaterThan(700);
  });

  test('duplicating is one step of undo', () => {
    const board = emptyBoard();
    const id = createNote(board, { x: 0, y: 0 }, '元');
    const history = createHistory(board);
    expect(duplicate(board, [id])).toHaveLength(1);
    expect(board.elements.size).toBe(2);
    history.undo();
    expect(board.elements.size).toBe(1);
  });

  test('pasted lines become notes; list marks and empty lines do not', () => {
    const board = emptyBoard();
    const ids = pasteLines(board, '・一つ目\r\n\n- 二つ目\n三つ目  ', { x: 0, y: 0 });
    expect(ids.map((id) => board.find(id)?.text)).toEqual(['一つ目', '二つ目', '三つ目']);
    expect(() => pasteLines(board, 'あ\n'.repeat(501), { x: 0, y: 0 })).toThrow(/500/);
    expect(parsePiece('ただの文')).toBeNull();
  });
});

describe('typing', () => {
  const apply = (text: string, list: Splice[]) =>
    list.reduce(
      (now, { at, removed, inserted }) => now.slice(0, at) + inserted + now.slice(at + removed),
      text,
    );

  test('a splice is the whole difference and cuts no letter', () => {
    const text = fc.string({ unit: fc.constantFrom('あ', 'a', '👍', '👎', '🇯🇵'), maxLength: 12 });
    fc.assert(
      fc.property(text, text, (before, after) => {
        const splice = spliceOf(before, after);
        expect(apply(before, [splice])).toBe(after);
        expect(splice.inserted.isWellFormed()).toBe(true);
      }),
    );
  });

  test('what both wrote at once stands, and nothing more is lost than either removed', () => {
    const base = '0123456789';
    const edit = fc.tuple(
      fc.nat(10),
      fc.nat(10),
      fc.string({ unit: fc.constantFrom('x', 'y'), maxLength: 3 }),
    );
    const made = ([a, b, inserted]: [number, number, string], mark: string): Splice => {
      const at = Math.min(a, b);
      return { at, removed: Math.max(a, b) - at, inserted: inserted.replaceAll(/./g, mark) };
    };
    fc.assert(
      fc.property(edit, edit, (a, b) => {
        const [mine, theirs] = [made(a, 'm'), made(b, 't')];
        const result = apply(apply(base, [theirs]), rebase(mine, theirs));
        expect(result.replaceAll(/[^m]/g, '')).toBe(mine.inserted);
        expect(result.replaceAll(/[^t]/g, '')).toBe(theirs.inserted);
        const left = [...base].filter((_, index) => {
          const gone = ({ at, removed }: Splice) => index >= at && index < at + removed;
          return !gone(mine) && !gone(theirs);
        });
        expect(result.replaceAll(/[^0-9]/g, '')).toBe(left.join(''));
      }),
    );
  });

  test('two type in one note at once: both are there; a step of undo takes back only mine', () => {
    const { mine, theirs, sync } = twoPeople();
    const id = createNote(mine, { x: 0, y: 0 }, '空き家');
    sync();
    const history = createHistory(mine);
    setText(mine, id, '空き家の活用');
    setText(theirs, id, '県の空き家');
    sync();
    expect(mine.find(id)?.text).toBe('県の空き家の活用');
    history.undo();
    sync();
    expect(theirs.find(id)?.text).toBe('県の空き家');
    expect(picture(mine)).toEqual(picture(theirs));
  });

  test('what a field still showed is merged with what has come meanwhile', () => {
    const board = emptyBoard();
    const id = createNote(board, { x: 0, y: 0 }, '会議');
    setText(board, id, '次の会議');
    expect(editText(board, id, '会議', '会議の議題')).toBe('次の会議の議題');
    expect(editText(board, 'gone', '', 'x')).toBeNull();
  });

  test('letters typed one after another are one step; another deed begins a new one', () => {
    const board = emptyBoard();
    const id = createNote(board, { x: 0, y: 0 }, '');
    const history = createHistory(board);
    for (const text of ['あ', 'あい', 'あいう']) setText(board, id, text);
    move(board, [id], 10, 0);
    history.undo();
    expect(board.find(id)).toMatchObject({ x: -100, text: 'あいう' });
    history.undo();
    expect(board.find(id)?.text).toBe('');
  });
});
