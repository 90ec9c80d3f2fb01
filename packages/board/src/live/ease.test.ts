import { expect, test } from 'vitest';
import { eased, isUnderway } from './ease.ts';
import type { LiveMessage } from './message.ts';
import { heard, newPeer, type Peer } from './peers.ts';

const cursor = (x: number): LiveMessage => ({ kind: 'cursor', at: { x, y: 0 } });
const hear = (peer: Peer, message: LiveMessage, now: number) => heard(peer, message, now, true);
const xAt = (peer: Peer, now: number) => eased(peer, now).cursor!.x;

test('between two messages a pointer is on its way, as long as they are apart, and never stands still', () => {
  let peer = hear(newPeer('a', '中村', '#123456'), cursor(0), 0);
  for (let turn = 1; turn <= 5; turn += 1) peer = hear(peer, cursor(turn * 100), turn * 100);
  // It comes one message later to where it was said to be.
  expect([500, 525, 550, 600].map((now) => xAt(peer, now))).toEqual([400, 425, 450, 500]);
  expect([isUnderway(peer, 599), isUnderway(peer, 600)]).toEqual([true, false]);
  expect(eased(peer, 600)).toBe(peer);
});

test('after a pause, late or early messages: from where it is seen, within a sixth of a second', () => {
  let peer = hear(newPeer('a', '中村', '#123456'), cursor(0), 0);
  peer = hear(peer, cursor(1000), 5_000);
  expect([xAt(peer, 5_000), xAt(peer, 5_050), xAt(peer, 5_100)]).toEqual([0, 500, 1000]);
  // A message that comes on the way goes on from there.
  peer = hear(peer, cursor(0), 5_050);
  expect(xAt(peer, 5_050)).toBe(500);
  expect(xAt(peer, 5_100)).toBe(0);
});

test('what is dragged comes from where it lies, and goes on when it is let go', () => {
  const moving = (dx: number): LiveMessage => ({
    kind: 'moving',
    at: { x: dx, y: 0 },
    ids: ['n'],
    dx,
    dy: 0,
  });
  const by = (peer: Peer, now: number) => {
    const hand = eased(peer, now).doing ?? eased(peer, now).dropped!.what;
    return hand.kind === 'moving' ? hand.dx : NaN;
  };
  let peer = hear(newPeer('a', '中村', '#123456'), moving(100), 0);
  expect([by(peer, 0), by(peer, 50), by(peer, 100)]).toEqual([0, 50, 100]);
  peer = hear(peer, moving(200), 100);
  peer = hear(peer, { kind: 'idle' }, 150);
  expect([by(peer, 150), by(peer, 200)]).toEqual([150, 200]);
});

test('whoever wants less motion sees each place at once', () => {
  const peer = heard(heard(newPeer('a', '中村', '#123456'), cursor(0), 0), cursor(900), 100);
  expect(xAt(peer, 100)).toBe(900);
  expect(isUnderway(peer, 100)).toBe(false);
});
