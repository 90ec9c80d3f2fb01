import type { Duplex } from 'node:stream';

/** RFC 6455: an unmasked, unfragmented, uncompressed binary message, which is what the server sends. */
function framed(message: Uint8Array): Buffer {
  const { byteLength: length } = message;
  const header = length < 126 ? 2 : length < 65_536 ? 4 : 10;
  const bytes = Buffer.allocUnsafe(header + length);
  bytes[0] = 0x82;
  if (header === 2) bytes[1] = length;
  else if (header === 4) {
    bytes[1] = 126;
    bytes.writeUInt16BE(length, 2);
  } else {
    bytes[1] = 127;
    bytes.writeBigUInt64BE(BigInt(length), 2);
  }
  bytes.set(message, header);
  return bytes;
}

let lastMessage: Uint8Array | null = null;
let lastFrame: Buffer = Buffer.alloc(0);

/**
 * The message as it goes over the wire. A broadcast hands the same bytes to one connection after the other: framed
 * once. Only the last is remembered: a WeakMap of all of them costs more than it saves.
 */
export function frame(message: Uint8Array): Buffer {
  if (message !== lastMessage) {
    lastFrame = framed(message);
    lastMessage = message;
  }
  return lastFrame;
}

/** Larger writes gain nothing from being joined. */
const JOIN = 65_536;

/** Writes what gathered within a tick with as few system calls as possible. */
export function writeCorked(socket: Duplex, frames: Buffer[], bytes: number): void {
  if (frames.length === 1) socket.write(frames[0]!);
  else if (bytes <= JOIN) socket.write(Buffer.concat(frames, bytes));
  else {
    socket.cork();
    for (const one of frames) socket.write(one);
    socket.uncork();
  }
}
