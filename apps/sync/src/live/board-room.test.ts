import { decodeBatch, encodeLive, type LiveMessage, type Said } from '@engawa/board';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { Listener } from '../nodes/neighbours.ts';
import { createAllowance } from './allowance.ts';
import { BoardRoom } from './board-room.ts';

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

const room = () => new BoardRoom();
const at = (x: number, y = 0): LiveMessage => ({ kind: 'cursor', at: { x, y } });
const looking = (x: number): LiveMessage => ({ kind: 'view', area: { x, y: 0, w: 100, h: 100 } });

function enter(into: BoardRoom, peer: number, may = { comment: true, edit: true }) {
  const heard: Said[][] = [];
  const page = { heard, people: [] as number[], open: true, last: (): Said[] => heard.at(-1) ?? [] };
  into.enter({
    peer,
    id: `p${peer}`,
    name: `名${peer}`,
    organisation: '',
    color: '#000000',
    may,
    ready: () => page.open,
    send: (batch) => heard.push(decodeBatch(batch)),
    tell: (people) => (page.people = people.map((one) => one.peer)),
  });
  return Object.assign(page, {
    say: (message: LiveMessage) => expect(into.hear(peer, encodeLive(message))).toBe(true),
  });
}

/** Lets the next batch go out. */
const pass = () => vi.advanceTimersByTime(100);

function pair() {
  const inside = room();
  const [a, b] = [enter(inside, 1), enter(inside, 2)];
  pass();
  for (const page of [a, b]) page.heard.length = 0;
  return { inside, a, b };
}

test('the first message goes out at once, the next ones together ten times a second, to everybody else', () => {
  const { a, b } = pair();
  pass();
  a.say(at(1));
  vi.advanceTimersByTime(1);
  expect(b.last()).toEqual([{ peer: 1, message: at(1) }]);
  for (let x = 2; x < 30; x += 1) a.say(at(x));
  a.say({ kind: 'selection', ids: ['n'] });
  pass();
  expect(b.heard.length).toBe(2);
  expect(b.last()).toEqual([
    { peer: 1, message: at(29) },
    { peer: 1, message: { kind: 'selection', ids: ['n'] } },
  ]);
  expect(a.heard).toEqual([]);
});

test('who may only look points at nothing, and who may comment moves nothing', () => {
  const inside = room();
  const witness = enter(inside, 1);
  const viewer = enter(inside, 2, { comment: false, edit: false });
  const commenter = enter(inside, 3, { comment: true, edit: false });
  pass();
  witness.heard.length = 0;
  viewer.say(at(1));
  viewer.say({ kind: 'laser', first: 0, points: [{ x: 0, y: 0 }] });
  viewer.say({ kind: 'selection', ids: ['n'] });
  commenter.say(at(2));
  commenter.say({ kind: 'moving', at: { x: 0, y: 0 }, ids: ['n'], dx: 1, dy: 1 });
  commenter.say({ kind: 'drawing', first: 0, points: [{ x: 0, y: 0 }] });
  pass();
  expect(witness.heard.flat()).toEqual([{ peer: 3, message: at(2) }]);
  inside.allow(3, { comment: false, edit: false });
  pass();
  expect(witness.last().map(({ message }) => message.kind)).toEqual(['idle', 'selection', 'away']);
});

test('letting go replaces the drag that was not yet passed on; strokes are passed on whole', () => {
  const { a, b } = pair();
  a.say({ kind: 'moving', at: { x: 5, y: 5 }, ids: ['n'], dx: 1, dy: 1 });
  a.say({ kind: 'idle' });
  pass();
  expect(b.heard.flat().map(({ message }) => message.kind)).toEqual(['idle']);
  for (const first of [0, 1, 2]) a.say({ kind: 'laser', first, points: [{ x: first, y: 0 }] });
  pass();
  expect(b.last().map(({ message }) => message.kind)).toEqual(['laser', 'laser', 'laser']);
});

test('only what can be seen is told, the step out of sight included, and who stands still comes into view', () => {
  const { a, b } = pair();
  b.say(looking(0));
  pass();
  a.say(at(50));
  pass();
  a.say(at(5000));
  pass();
  a.say(at(6000));
  pass();
  expect(b.heard.flat().map(({ message }) => (message.kind === 'cursor' ? message.at.x : null))).toEqual([
    50, 5000,
  ]);
  b.say(looking(5950));
  pass();
  expect(b.last()).toEqual([{ peer: 1, message: at(6000) }]);
});

test('views go only to those who follow, and from the first moment', () => {
  const { inside, a, b } = pair();
  a.say(looking(70));
  pass();
  expect(b.heard).toEqual([]);
  inside.follow(2, 1);
  pass();
  expect(b.last()).toContainEqual({ peer: 1, message: looking(70) });
  a.say(looking(90));
  pass();
  expect(b.last()).toEqual([{ peer: 1, message: looking(90) }]);
  inside.follow(2, null);
  pass();
  a.say(looking(110));
  pass();
  expect(b.last()).not.toContainEqual({ peer: 1, message: looking(110) });
});

test('who reads slowly is sent nothing that would wait, and what stands when they read again', () => {
  const { a, b } = pair();
  b.open = false;
  a.say({ kind: 'selection', ids: ['n'] });
  a.say({ kind: 'moving', at: { x: 5, y: 5 }, ids: ['n'], dx: 1, dy: 1 });
  for (let step = 0; step < 50; step += 1) {
    a.say(at(step));
    pass();
  }
  a.say({ kind: 'idle' });
  pass();
  expect(b.heard).toEqual([]);
  b.open = true;
  pass();
  expect(b.heard.length).toBe(1);
  expect(b.last().map(({ message }) => message)).toEqual([
    { kind: 'idle' },
    { kind: 'selection', ids: ['n'] },
    at(49),
  ]);
});

test('who comes later is told what stands, who leaves is gone for all', () => {
  const { inside, a, b } = pair();
  a.say(at(7));
  a.say({ kind: 'selection', ids: ['n'] });
  pass();
  const c = enter(inside, 3);
  pass();
  expect(a.people).toEqual([1, 2, 3]);
  expect(c.heard.flat().filter(({ peer }) => peer === 1)).toEqual(
    [{ kind: 'idle' }, { kind: 'selection', ids: ['n'] }, at(7)].map((message) => ({ peer: 1, message })),
  );
  inside.leave(1);
  pass();
  expect(b.people).toEqual([2, 3]);
});

test('while nobody can say who may be here, nothing is heard and nothing told', () => {
  const { inside, a, b } = pair();
  for (const peer of [1, 2]) inside.suspend(peer, true);
  a.say(at(7));
  pass();
  expect(b.heard).toEqual([]);
  for (const peer of [1, 2]) inside.suspend(peer, false);
  a.say(at(8));
  pass();
  expect(b.last()).toContainEqual({ peer: 1, message: at(8) });
});

test('two nodes tell each other who is there, and then only what is done', () => {
  const listeners = new Map<string, Listener>();
  let told = 0;
  /** A room of one of two nodes, which hear each other at once. */
  const roomAt = (node: string, other: string) =>
    new BoardRoom((listener) => {
      listeners.set(node, listener);
      const there = listeners.get(other);
      const say = (payload: unknown) => {
        told += 1;
        listeners.get(other)?.hear(node, payload);
      };
      if (there) queueMicrotask(() => [there.met(node), listener.met(other)]);
      return { peers: 1, say, leave: () => {} };
    });
  const a = enter(roomAt('one', 'two'), 1);
  const b = enter(roomAt('two', 'one'), 2);
  for (let turn = 0; turn < 5; turn += 1) pass();
  expect([a.people, b.people.toSorted()]).toEqual([
    [1, 2],
    [1, 2],
  ]);
  told = 0;
  for (let turn = 0; turn < 20; turn += 1) pass();
  expect(told).toBe(0);
  b.say(at(7));
  pass();
  expect(a.last()).toEqual([{ peer: 2, message: at(7) }]);
  expect(told).toBe(1);
});

test('in a crowd pointers are not shown, except the one that is followed', () => {
  const inside = room();
  const pages = Array.from({ length: 51 }, (_, index) => enter(inside, index + 1));
  inside.follow(2, 1);
  pass();
  for (const page of pages) page.heard.length = 0;
  pages[0]!.say(at(1));
  pages[0]!.say({ kind: 'laser', first: 0, points: [{ x: 0, y: 0 }] });
  pass();
  expect(pages[1]!.heard.flat().map(({ message }) => message.kind)).toEqual(['cursor', 'laser']);
  expect(pages[2]!.heard.flat().map(({ message }) => message.kind)).toEqual(['laser']);
});

test('what is no message is none, whatever it is', () => {
  const { inside, b } = pair();
  for (const bytes of [
    null,
    'x',
    7,
    {},
    new Uint8Array(0),
    new Uint8Array(9_000),
    new Uint8Array([99, 1, 2]),
  ]) {
    expect(inside.hear(1, bytes)).toBe(false);
  }
  expect(inside.hear(77, encodeLive(at(1)))).toBe(true);
  pass();
  expect(b.heard).toEqual([]);
});

test('an allowance is used up by many and by large messages, and comes back with time', () => {
  let now = 0;
  const limits = { messages: { rate: 10, burst: 20 }, bytes: { rate: 100, burst: 200 } };
  const many = createAllowance(limits, () => now);
  expect(Array.from({ length: 30 }, () => many(1)).filter(Boolean).length).toBe(20);
  now = 1_000;
  expect(Array.from({ length: 30 }, () => many(1)).filter(Boolean).length).toBe(10);
  const large = createAllowance(limits, () => now);
  expect([large(150), large(150), large(50)]).toEqual([true, false, true]);
  now = 2_000;
  expect([large(101), large(99)]).toEqual([false, true]);
});
