import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { emptyBoard, steps, take } from '../testing/boards.ts';
import { topAt } from '../interaction/pick.ts';
import { createAll } from '../operations/create.ts';
import { fit, pan, pinch, toBoard, toScreen, visible, zoomAt, zoomStep, type Camera } from './camera.ts';
import { Grid } from './grid.ts';
import { handlePoint, pulledTurned } from './handles.ts';
import { hits } from './hit.ts';
import { packInk, unpackInk } from './ink.ts';
import { encloses, meets, rectOf, type Rect } from './rect.ts';
import { snap } from './snap.ts';

const coordinate = fc.integer({ min: -5000, max: 5000 });
const rect = fc.record({ x: coordinate, y: coordinate, w: fc.nat(3000), h: fc.nat(3000) });
const camera = fc.record({
  x: coordinate,
  y: coordinate,
  zoom: fc.double({ min: 0.02, max: 8, noNaN: true }),
});
const screen = fc.record({ x: fc.nat(2000), y: fc.nat(2000) });

describe('finding what is where', () => {
  test('the grid finds what looking at everything finds', () => {
    const change = fc.record({ id: fc.nat(20).map(String), to: fc.option(rect) });
    fc.assert(
      fc.property(fc.array(change, { maxLength: 60 }), rect, (changes, area) => {
        const grid = new Grid();
        const all = new Map<string, Rect>();
        for (const { id, to } of changes) {
          if (to === null) {
            grid.delete(id);
            all.delete(id);
          } else {
            grid.set(id, to);
            all.set(id, to);
          }
        }
        const expected = [...all].filter(([, each]) => meets(each, area)).map(([id]) => id);
        expect(grid.query(area).sort()).toEqual(expected.sort());
      }),
    );
  });

  test('the topmost element at a point is the one looking at everything finds', () => {
    fc.assert(
      fc.property(steps(30), fc.array(fc.tuple(coordinate, coordinate), { minLength: 10 }), (all, points) => {
        const board = emptyBoard();
        for (const step of all) take(board, step);
        for (const [x, y] of points) {
          const at = { x: x / 3, y: y / 3 };
          const expected = board.ordered().findLast((element) => hits(board.find, element, at, 4)) ?? null;
          expect(topAt(board, at, 4)).toBe(expected);
        }
      }),
      { numRuns: 60 },
    );
  });

  test('the title of a turned frame is hit where it is drawn', () => {
    const board = emptyBoard();
    const [id] = createAll(board, [{ kind: 'frame', text: '題', x: 0, y: 0, w: 900, h: 700, r: 90 }]);
    // The frame stands upright now, from (100, -100) to (800, 800); its title is at its right.
    expect(topAt(board, { x: 815, y: 350 }, 4)?.id).toBe(id);
    expect(topAt(board, { x: 835, y: 350 }, 4)).toBeNull();
  });

  test('a query far out or without end answers', () => {
    const grid = new Grid();
    grid.set('a', { x: 0, y: 0, w: 1e5, h: 1e5 });
    for (const wild of [NaN, Infinity, 1e300]) {
      expect(grid.query({ x: -wild, y: 0, w: wild, h: wild }).length).toBeLessThan(2);
    }
  });
});

describe('the camera', () => {
  const near = (a: number, b: number) => expect(Math.abs(a - b)).toBeLessThan(1e-3);

  test('screen and board turn into each other, and zooming keeps the point under the hand', () => {
    fc.assert(
      fc.property(camera, screen, fc.double({ min: 0.001, max: 100, noNaN: true }), (from, at, zoom) => {
        const point = toBoard(from, at);
        near(toScreen(from, point).x, at.x);
        const after = zoomAt(from, at, zoom);
        near(toBoard(after, at).x, point.x);
        near(toBoard(after, at).y, point.y);
        expect(after.zoom).toBeGreaterThanOrEqual(0.02);
        expect(after.zoom).toBeLessThanOrEqual(8);
      }),
    );
  });

  test('panning there and back, pinching apart and together', () => {
    const start: Camera = { x: 3, y: 4, zoom: 0.5 };
    expect(pan(pan(start, 10, -7), -10, 7)).toEqual(start);
    const fingers = (apart: number) =>
      [
        { x: 500 - apart, y: 300 },
        { x: 500 + apart, y: 300 },
      ] as [{ x: number; y: number }, { x: number; y: number }];
    const wider = pinch(start, fingers(50), fingers(100));
    near(wider.zoom, 1);
    near(pinch(wider, fingers(100), fingers(50)).zoom, 0.5);
  });

  test('fitting shows the whole', () => {
    fc.assert(
      fc.property(rect, (all) => {
        const view = { w: 800, h: 600 };
        expect(encloses(visible(fit(all, view), view), all)).toBe(true);
      }),
    );
  });

  test('steps go to round numbers and end', () => {
    let at: Camera = { x: 0, y: 0, zoom: 0.9 };
    const seen = Array.from({ length: 8 }, () => (at = zoomStep(at, { w: 100, h: 100 }, 1)).zoom);
    expect(seen).toEqual([1, 1.5, 2, 3, 4, 8, 8, 8]);
  });

  test('a zoom that is no number is 100 %', () => {
    expect(zoomAt({ x: 0, y: 0, zoom: 1 }, { x: 0, y: 0 }, NaN).zoom).toBe(1);
  });
});

test('pulling a corner of a turned box leaves the opposite corner where it is', () => {
  const box = { x: 10, y: 20, w: 100, h: 60, r: 30 };
  const after = pulledTurned(box, 'se', { x: 25, y: 40 }, { square: false, centred: false });
  const [was, is] = [handlePoint(box, 'nw'), handlePoint(after, 'nw')];
  expect(Math.hypot(was.x - is.x, was.y - is.y)).toBeLessThan(1e-6);
});

test('lining up pulls to the nearest edge and shows the line', () => {
  const moved = { x: 103, y: 300, w: 100, h: 50 };
  const { dx, dy, guides } = snap(moved, [{ x: 100, y: 0, w: 100, h: 100 }], 6);
  expect([dx, dy]).toEqual([-3, 0]);
  expect(guides).toContainEqual({ along: 'y', at: 100, from: 0, to: 350 });
});

test('ink: what is packed comes out again, broken bytes end early', () => {
  const points = [0.5, 10, 20.25].map((x) => ({ x, y: x * 2, pressure: 0.5 }));
  const packed = packInk(points, { w: 20.25, h: 40.5 });
  expect(unpackInk(packed, { w: 20.25, h: 40.5 })).toEqual(points);
  expect(unpackInk(packed, { w: 40.5, h: 40.5 }).at(-1)?.x).toBe(40.5);
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
      for (const { x, y } of unpackInk(bytes, { w: 10, h: 10 })) expect(Number.isFinite(x + y)).toBe(true);
    }),
  );
});

test('a turned box has its box along the axes', () => {
  const { w, h } = rectOf({ x: 0, y: 0, w: 100, h: 50, r: 90 });
  expect([w, h].map(Math.round)).toEqual([50, 100]);
});
