import fc from 'fast-check';
import { expect, test } from 'vitest';
import { emptyBoard } from '../testing/boards.ts';
import { createConnector, createNote } from '../operations/create.ts';
import { createThrottle } from '../view/throttle.ts';
import { decodeBatch, encodeBatch, isSeenIn } from './batch.ts';
import { decodeLive, encodeLive, type LiveMessage } from './message.ts';
import { aged, heard, inHand, newPeer, pulledAlong, settled } from './peers.ts';

const number = fc.integer({ min: -1_000_000, max: 1_000_000 });
const point = fc.record({ x: number, y: number });
const area = fc.record({ x: number, y: number, w: number, h: number });
const ids = fc.array(fc.stringMatching(/^[A-Za-z0-9_-]{10}$/), { maxLength: 120 });
const message: fc.Arbitrary<LiveMessage> = fc.oneof(
  fc.record({ kind: fc.constant('cursor' as const), at: point }),
  fc.record({ kind: fc.constant('selection' as const), ids }),
  fc.record({ kind: fc.constant('moving' as const), at: point, ids, dx: number, dy: number }),
  fc.record({ kind: fc.constant('resizing' as const), at: point, ids, from: area, to: area }),
  fc.record({ kind: fc.constant('laser' as const), first: fc.nat(9), points: fc.array(point) }),
  fc.record({ kind: fc.constant('view' as const), area }),
  fc.constant({ kind: 'idle' as const }),
  fc.constant({ kind: 'away' as const }),
);

test('what is sent is what is read', () => {
  fc.assert(
    fc.property(message, (sent) => {
      expect(decodeLive(encodeLive(sent))).toEqual(sent);
    }),
  );
});

test('anything else is nothing, and never an error', () => {
  fc.assert(fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => void decodeLive(bytes)));
  for (const other of [
    null,
    'x',
    7,
    {},
    [],
    new Uint8Array(0),
    new Uint8Array(9000),
    new Uint8Array([200]),
  ]) {
    expect(decodeLive(other)).toBeNull();
  }
});

test('small: a cursor, and a drag of a hundred', () => {
  expect(encodeLive({ kind: 'cursor', at: { x: 1234, y: -5678 } }).length).toBeLessThanOrEqual(8);
  const hundred = Array.from({ length: 100 }, (_, index) => `abcdefg${100 + index}`);
  const drag = encodeLive({ kind: 'moving', at: { x: 0, y: 0 }, ids: hundred, dx: 300, dy: 20 });
  expect(drag.length).toBeLessThan(1150);
});

test('what another drags is seen where it is, with its connectors; silence ends it', () => {
  const board = emptyBoard();
  const [a, b] = [createNote(board, { x: 0, y: 0 }), createNote(board, { x: 500, y: 0 })];
  const end = (id: string) => ({ id, side: 'auto' as const, x: 0, y: 0 });
  const line = createConnector(board, end(a), end(b));
  const at = { x: 0, y: 0 };
  const peer = heard(
    newPeer('p', '花子', '#1f4a80'),
    { kind: 'moving', at, ids: [a, 'gone'], dx: 50, dy: 0 },
    1000,
  );
  const held = inHand(board, [peer]);
  expect(held.get(a)?.x).toBe(-50);
  expect([...pulledAlong(board, held)]).toEqual([line]);
  expect(aged(peer, 20_000).doing).toBeNull();
  expect(heard(peer, { kind: 'idle' }, 1001).doing).toBeNull();
});

test('what was let go stays where it was until the document has it, and is never there twice over', () => {
  const board = emptyBoard();
  const a = createNote(board, { x: 0, y: 0 });
  const moving = { kind: 'moving' as const, at: { x: 0, y: 0 }, ids: [a], dx: 50, dy: 0 };
  const moved = heard(newPeer('p', '花子', '#1f4a80'), moving, 1000);
  const dropped = heard(moved, { kind: 'idle' }, 1001);
  expect(inHand(board, [dropped]).get(a)?.x).toBe(-50);
  for (const peer of [moved, dropped]) expect(inHand(board, [settled(peer, new Set([a]))]).size).toBe(0);
  expect(settled(dropped, new Set(['other']))).toBe(dropped);
  expect(inHand(board, [aged(dropped, 2500)]).size).toBe(0);
});

test('a batch is read as it was written, and only those who can see a place hear of it', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.nat(), message), { maxLength: 8 }), (said) => {
      const bytes = encodeBatch(said.map(([peer, one]) => [peer, encodeLive(one)] as const));
      expect(decodeBatch(bytes)).toEqual(said.map(([peer, one]) => ({ peer, message: one })));
    }),
  );
  fc.assert(fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => void decodeBatch(bytes)));
  const area = { x: 0, y: 0, w: 100, h: 100 };
  expect(isSeenIn(area, { kind: 'cursor', at: { x: 50, y: 50 } })).toBe(true);
  expect(isSeenIn(area, { kind: 'cursor', at: { x: 500, y: 50 } })).toBe(false);
  expect(
    isSeenIn(area, {
      kind: 'laser',
      first: 0,
      points: [
        { x: -9, y: 5 },
        { x: 9, y: 5 },
      ],
    }),
  ).toBe(true);
  expect(isSeenIn(area, { kind: 'selection', ids: [] })).toBe(true);
});

test('a light is one line however it is cut into messages, and another one when it begins anew', () => {
  const message = (first: number, ...xs: number[]) =>
    ({ kind: 'laser', first, points: xs.map((x) => ({ x, y: 0 })) }) as const;
  let peer = newPeer('p', '花子', '#1f4a80');
  peer = heard(peer, message(0, 0, 1), 1000);
  peer = heard(peer, message(2, 2, 3), 1200);
  expect(peer.laser.map(({ begins }) => begins)).toEqual([true, false, false, false]);
  expect(peer.laser.map(({ at }) => at)).toEqual([1000, 1000, 1100, 1200]);
  peer = heard(peer, message(0, 9), 1300);
  expect(peer.laser.at(-1)).toEqual({ x: 9, y: 0, at: 1300, begins: true });
  expect(aged(peer, 5000).laser).toEqual([]);
});

test('a stroke is put together again, whatever was lost', () => {
  const points = (from: number) => Array.from({ length: 5 }, (_, step) => ({ x: from + step, y: 0 }));
  let peer = newPeer('p', '花子', '#1f4a80');
  peer = heard(peer, { kind: 'drawing', first: 0, points: points(0) }, 1);
  peer = heard(peer, { kind: 'drawing', first: 10, points: points(10) }, 2);
  expect(peer.stroke.map(({ x }) => x)).toEqual([0, 1, 2, 3, 4, 10, 11, 12, 13, 14]);
});

test('thinned out: the newest gets through, points are gathered, the end comes at once', () => {
  let now = 0;
  const timers: [number, () => void][] = [];
  const sent: LiveMessage[] = [];
  const send = createThrottle<LiveMessage>(
    (one) => sent.push(one),
    ({ kind }) => kind,
    () => now,
    (callback, delay) => timers.push([now + delay, callback]),
  );
  for (let step = 0; step < 30; step += 1) {
    now = step * 10;
    for (const [due, callback] of timers.splice(0)) {
      if (due <= now) callback();
      else timers.push([due, callback]);
    }
    send({ kind: 'cursor', at: { x: step, y: 0 } });
    send({ kind: 'laser', first: 0, points: [{ x: step, y: 0 }] });
  }
  for (const [, callback] of timers) callback();
  const cursors = sent.filter(({ kind }) => kind === 'cursor');
  expect(cursors.length).toBeLessThan(9);
  expect(cursors.at(-1)).toEqual({ kind: 'cursor', at: { x: 29, y: 0 } });
  const points = sent.flatMap((one) => (one.kind === 'laser' ? one.points : []));
  expect(points.map(({ x }) => x)).toEqual(Array.from({ length: 30 }, (_, index) => index));
  send({ kind: 'idle' });
  expect(sent.at(-1)).toEqual({ kind: 'idle' });
});
