import { Duplex } from 'node:stream';
import { expect, test } from 'vitest';
import { Outbox } from './outbox.ts';

/** A socket whose other side takes what it is sent only when it is told to. */
function stuck() {
  const taken: (() => void)[] = [];
  const socket = new Duplex({
    read() {},
    write: (_chunk, _encoding, done) => void taken.push(done),
    writev: (_chunks, done) => void taken.push(done),
  });
  const seen = { behind: false };
  const outbox = new Outbox(socket, () => {
    seen.behind = true;
    socket.destroy();
  });
  return { socket, outbox, seen, taken };
}

const MEGABYTE = new Uint8Array(1 << 20);
function send(outbox: Outbox, message: Uint8Array): void {
  outbox.push(message);
  outbox.flush();
}

test('what is pushed within a tick leaves in one write, in its order', async () => {
  const { socket, outbox } = stuck();
  for (const byte of [1, 2, 3]) outbox.push(Uint8Array.of(byte));
  expect(socket.writableLength).toBe(0);
  await new Promise((done) => setTimeout(done, 20));
  expect(socket.writableLength).toBe(9);
});

test('a reader that takes nothing is dropped at eight megabytes, and holds nothing more', () => {
  const { socket, outbox, seen } = stuck();
  for (let sent = 0; sent < 40 && !seen.behind; sent += 1) send(outbox, MEGABYTE);
  expect(seen.behind).toBe(true);
  expect(socket.writableLength).toBeLessThan(11 << 20);
  send(outbox, MEGABYTE);
  expect(socket.writableLength).toBeLessThan(11 << 20);
});

test('many that are late share one bound; who takes what it is sent is not among them', () => {
  const crowd = Array.from({ length: 80 }, stuck);
  const prompt = stuck();
  for (let round = 0; round < 8; round += 1) {
    for (const { outbox } of crowd) send(outbox, MEGABYTE);
    send(prompt.outbox, MEGABYTE);
    for (const done of prompt.taken.splice(0)) done();
  }
  const held = crowd.reduce((sum, { socket, seen }) => sum + (seen.behind ? 0 : socket.writableLength), 0);
  expect(crowd.some(({ seen }) => seen.behind)).toBe(true);
  expect(crowd.some(({ seen }) => !seen.behind)).toBe(true);
  // The largest message and what comes between two looks stand beside the bound of 256 MiB.
  expect(held).toBeLessThan(440 << 20);
  expect(prompt.seen.behind).toBe(false);
});

test('a suspended connection keeps the one large message it was to be sent, and little more', () => {
  const { outbox, seen } = stuck();
  outbox.hold();
  outbox.push(new Uint8Array(10 << 20));
  expect(seen.behind).toBe(false);
  for (let pushed = 0; pushed < 3; pushed += 1) outbox.push(MEGABYTE.subarray(0, 1 << 19));
  expect(seen.behind).toBe(true);
});
