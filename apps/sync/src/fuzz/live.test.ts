import { decodeBatch, decodeLive, encodeBatch, encodeLive, MAX_LIVE, type LiveMessage } from '@engawa/board';
import { expect, test, vi } from 'vitest';
import { BoardRoom } from '../live/board-room.ts';
import { eachCase } from './testing/chance.ts';
import { mutated } from './testing/mutate.ts';

const at = { x: 10, y: -20 };
const area = { x: 0, y: 0, w: 800, h: 600 };
const MESSAGES: LiveMessage[] = [
  { kind: 'cursor', at },
  { kind: 'selection', ids: ['n1', 'n2'] },
  { kind: 'moving', at, ids: ['n1'], dx: 5, dy: -5 },
  { kind: 'resizing', at, ids: ['n1'], from: area, to: { ...area, w: 9 } },
  { kind: 'drawing', first: 0, points: [at, { x: 11, y: -22 }] },
  { kind: 'laser', first: 7, points: [at] },
  { kind: 'view', area },
  { kind: 'idle' },
  { kind: 'away' },
];
const VALID = MESSAGES.map(encodeLive);

function enter(room: BoardRoom, peer: number, heard: Uint8Array[]): void {
  const id = String(peer);
  const guest = {
    peer,
    id,
    name: id,
    organisation: '',
    color: '#000000',
    may: { comment: true, edit: true },
  };
  room.enter({ ...guest, ready: () => true, tell() {}, send: (batch) => heard.push(batch) });
}

test('whatever is said on a board: it is no message, or one that everybody can read', async () => {
  vi.useFakeTimers();
  const [room, heard] = [new BoardRoom(), [] as Uint8Array[]];
  enter(room, 1, []);
  enter(room, 2, heard);
  const seen = { said: 0, refused: 0 };
  await eachCase(4_000, (chance, index) => {
    const bytes = chance.often(0.01)
      ? chance.bytes(MAX_LIVE + chance.int(2))
      : mutated(chance.pick(VALID), chance, VALID, chance.int(2));
    const message = decodeLive(bytes);
    expect(room.hear(1, bytes)).toBe(message !== null);
    seen[message ? 'said' : 'refused'] += 1;
    if (message) expect(decodeLive(encodeLive(message))).toEqual(message);
    // What one node sends to another, and to its pages, is read as carefully.
    const batch = encodeBatch(VALID.map((one, peer) => [peer, one] as const));
    for (const said of decodeBatch(mutated(batch, chance, VALID))) encodeLive(said.message);
    if (index % 20 === 0) vi.advanceTimersByTime(100);
  });
  vi.advanceTimersByTime(100);
  expect(room.hear(1, encodeLive({ kind: 'selection', ids: ['last'] }))).toBe(true);
  vi.advanceTimersByTime(100);
  const last = decodeBatch(heard.at(-1)!);
  expect(last).toContainEqual({ peer: 1, message: { kind: 'selection', ids: ['last'] } });
  for (const batch of heard) expect(batch.byteLength).toBeLessThan(100 << 10);
  for (const count of Object.values(seen)) expect(count, JSON.stringify(seen)).toBeGreaterThan(20);
  room.close();
  vi.useRealTimers();
});
