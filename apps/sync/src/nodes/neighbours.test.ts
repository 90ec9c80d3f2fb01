import { afterEach, expect, test, vi } from 'vitest';
import { Neighbours, type Carrier, type Listener, type NodeMessage } from './neighbours.ts';

/** Carries at once, and can lose. */
function wire() {
  const listeners: ((message: NodeMessage) => void)[] = [];
  const state = { lost: false, sent: [] as NodeMessage[] };
  const carrier: Carrier = {
    send(message) {
      state.sent.push(message);
      if (!state.lost) for (const listener of [...listeners]) listener(structuredClone(message));
    },
    hear: (listener) => listeners.push(listener),
  };
  return { carrier, state };
}

interface Heard extends Listener {
  heard: unknown[];
  met(node: string): void;
  mets: number;
  gone: number;
}

function listener(): Heard {
  const made: Heard = {
    heard: [],
    mets: 0,
    gone: 0,
    hear: (_node, payload) => made.heard.push(payload),
    met: () => (made.mets += 1),
    left: () => (made.gone += 1),
  };
  return made;
}

const nodes: Neighbours[] = [];
const node = (carrier: Carrier | null) => {
  const made = new Neighbours(carrier);
  nodes.push(made);
  return made;
};
afterEach(() => {
  for (const one of nodes.splice(0)) one.stop();
  vi.useRealTimers();
});

test('nodes that hold the same topic hear each other, and nobody else does', () => {
  const { carrier, state } = wire();
  const [a, b, c] = [node(carrier), node(carrier), node(carrier)];
  const [inA, inB, inC] = [listener(), listener(), listener()];
  const one = a.join('one', inA);
  const before = state.sent.length;
  one.say('nobody');
  expect(state.sent.length).toBe(before);
  const other = b.join('one', inB);
  c.join('two', inC);
  expect([one.peers, other.peers, inA.mets > 0, inB.mets > 0]).toEqual([1, 1, true, true]);
  one.say('甲');
  other.say('乙');
  expect([inA.heard, inB.heard, inC.heard]).toEqual([['乙'], ['甲'], []]);
  other.leave();
  expect([one.peers, inA.gone]).toEqual([0, 1]);
});

test('who comes later, or was away, learns what there is', () => {
  const { carrier, state } = wire();
  const a = node(carrier);
  const inA = listener();
  const one = a.join('one', inA);
  state.lost = true;
  const b = node(carrier);
  const other = b.join('one', listener());
  expect([one.peers, other.peers]).toEqual([0, 0]);
  state.lost = false;
  b.greet();
  expect([one.peers, other.peers]).toEqual([1, 1]);
});

test('a node that died without a word is missed, and met again when it had not', () => {
  vi.useFakeTimers();
  const { carrier, state } = wire();
  const [a, b] = [node(carrier), node(carrier)];
  const inA = listener();
  const one = a.join('one', inA);
  b.join('one', listener());
  vi.advanceTimersByTime(60_000);
  expect(one.peers).toBe(1);
  state.lost = true;
  vi.advanceTimersByTime(20_000);
  expect([one.peers, inA.gone]).toEqual([0, 1]);
  // It had not died: this process had stood still, or the line was cut. They meet again at its next sign of life.
  state.lost = false;
  vi.advanceTimersByTime(5_000);
  expect([one.peers, inA.mets > 1]).toEqual([1, true]);
});

test('alone, nothing is said and nothing breaks', () => {
  const alone = node(null);
  const topic = alone.join('one', listener());
  topic.say('?');
  expect(topic.peers).toBe(0);
  topic.leave();
});
