import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import * as Y from 'yjs';
import { picture, steps, take, twoPeople, emptyBoard } from '../testing/boards.ts';
import { outlineOf } from '../outline/outline.ts';
import { toSvg } from '../export/svg.ts';
import { Board } from './board.ts';
import { createHistory } from './history.ts';
import { boardShape, checkBoardUpdate } from './shape.ts';

describe('two people on one board', () => {
  test('see the same, whatever they do, and what they see is what a fresh load reads', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(steps(8), steps(8)), { maxLength: 5 }), (rounds) => {
        const { mine, theirs, sync } = twoPeople();
        for (const [a, b] of rounds) {
          for (const step of a) take(mine, step);
          for (const step of b) take(theirs, step);
          sync();
          expect(picture(theirs)).toEqual(picture(mine));
        }
        const fresh = new Board(new Y.Doc());
        Y.applyUpdate(fresh.doc, Y.encodeStateAsUpdate(mine.doc));
        expect(picture(fresh)).toEqual(picture(mine));
        expect(mine.damaged.size).toBe(0);
      }),
      { numRuns: 60 },
    );
  });

  test('the allow-list passes everything the operations write, message by message', () => {
    fc.assert(
      fc.property(steps(25), steps(25), (a, b) => {
        const { mine, theirs, sync } = twoPeople();
        const server = new Y.Doc();
        for (const board of [mine, theirs]) {
          board.doc.on('update', (update: Uint8Array, origin: unknown) => {
            if (origin === 'wire') return;
            expect(checkBoardUpdate(update, server)).toBeNull();
            expect(checkBoardUpdate(update)).toBeNull();
            Y.applyUpdate(server, update);
          });
        }
        a.forEach((step, index) => {
          take(mine, step);
          if (b[index]) take(theirs, b[index]);
          if (index % 3 === 0) sync();
        });
        sync();
        expect(checkBoardUpdate(Y.encodeStateAsUpdate(server))).toBeNull();
        expect(Object.keys(boardShape.nodes)).toEqual(['element']);
      }),
      { numRuns: 40 },
    );
  });

  test('undo takes back mine and nothing of theirs; redo brings it again', () => {
    fc.assert(
      fc.property(steps(6), steps(12), steps(6), (before, mineSteps, theirSteps) => {
        const { mine, theirs, sync } = twoPeople();
        for (const step of before) take(theirs, step);
        sync();
        const start = picture(mine);
        const history = createHistory(mine);
        for (const step of mineSteps) take(mine, step);
        while (history.undo());
        expect(picture(mine)).toEqual(start);
        while (history.redo());
        while (history.undo());
        expect(picture(mine)).toEqual(start);
        while (history.redo());
        sync();
        const known = new Set(theirs.elements.keys());
        for (const step of theirSteps) take(theirs, step);
        const added = [...theirs.elements.values()].filter(({ id }) => !known.has(id));
        sync();
        while (history.undo());
        for (const { id, kind, x, y, text } of added) {
          expect(mine.find(id)).toMatchObject({ kind, x, y, text });
        }
        history.destroy();
      }),
      { numRuns: 40 },
    );
  });

  test('outline and drawing never throw, and the outline leaves nothing out', () => {
    fc.assert(
      fc.property(steps(30), (all) => {
        const board = emptyBoard();
        for (const step of all) take(board, step);
        const listed: string[] = [];
        const walk = (nodes: ReturnType<typeof outlineOf>) =>
          nodes.forEach((node) => {
            listed.push(node.id);
            walk(node.children);
          });
        walk(outlineOf(board));
        expect(listed.sort()).toEqual([...board.elements.keys()].sort());
        expect(toSvg(board)).toContain('</svg>');
      }),
      { numRuns: 40 },
    );
  });
});
