import { expect, test } from 'vitest';
import type { Writable } from 'node:stream';
import * as ws from 'ws';
import { frame, type Frame } from './framing.ts';

/** It is exported; its types are not. */
const { Receiver } = ws as unknown as {
  Receiver: new (options: { isServer: boolean; binaryType: string }) => Writable;
};

/** What a WebSocket makes of the bytes. */
async function read(pieces: Frame): Promise<Buffer> {
  const receiver = new Receiver({ isServer: false, binaryType: 'nodebuffer' });
  const message = new Promise<Buffer>((done) => receiver.once('message', (data: Buffer) => done(data)));
  for (const piece of pieces) receiver.write(piece);
  return message;
}

test.each([0, 1, 125, 126, 65_535, 65_536, 200_000])(
  'a message of %i bytes arrives as it was',
  async (length) => {
    const message = new Uint8Array(length).map((_, index) => index % 251);
    expect(Buffer.from(message).equals(await read(frame(message)))).toBe(true);
  },
);

test('the same bytes are framed once, others anew, also when they are equal', () => {
  const message = Uint8Array.of(1, 2, 3);
  const first = frame(message);
  expect(frame(message)).toBe(first);
  const other = Uint8Array.of(1, 2, 3);
  expect(frame(other)).not.toBe(first);
  expect(frame(other)).toEqual(first);
});
