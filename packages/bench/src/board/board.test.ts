import { Board } from '@engawa/board';
import { expect, test } from 'vitest';
import * as Y from 'yjs';
import { skeletonsOf } from './excalidraw/skeletons.ts';
import { framesTable, oneOffTable, type Row } from './report.ts';
import { makeScene, plainJson, sceneBytes } from './scene.ts';

test('both boards are given the same scene, every time', () => {
  const made = makeScene(200);
  expect(made).toEqual(makeScene(200));
  expect(skeletonsOf(made)).toHaveLength(200);
  const doc = new Y.Doc();
  Y.applyUpdate(doc, sceneBytes(made));
  expect(new Board(doc).elements.size).toBe(200);
  expect(JSON.parse(new TextDecoder().decode(plainJson(made)))).toHaveLength(200);
});

test('the tables give medians, and ratios of the same repetition', () => {
  const numbers = (...values: number[]) => new Map([['p95', values]]);
  const moved: Row = { engawa: numbers(2, 4, 6), excalidraw: numbers(4, 40, 8) };
  expect(framesTable(new Map([['pan', moved]]))).toContain('0.50 ×');
  const loaded: Row = { engawa: new Map([['once', [3]]]), excalidraw: new Map() };
  expect(oneOffTable(new Map([['load, ms', loaded]]))).toMatch(/load, ms \| +3\.0 \| +– \| +–/);
});
