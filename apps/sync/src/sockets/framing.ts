import type { Duplex } from 'node:stream';

/** RFC 6455 header of an unmasked, unfragmented, uncompressed binary message: what the server sends. */
function frameHeader(length: number): Buffer {
  if (length < 126) return Buffer.from([0x82, length]);
  if (length < 65_536) {
    const header = Buffer.from([0x82, 126, 0, 0]);
    header.writeUInt16BE(length, 2);
    return header;
  }
  const header = Buffer.alloc(10);
  header[0] = 0x82;
  header[1] = 127;
  header.writeBigUInt64BE(BigInt(length), 2);
  return header;
}

const framed = new WeakMap<Uint8Array, Buffer>();

/** The message as it goes over the wire. A broadcast hands the same bytes to every connection: framed once. */
export function frame(message: Uint8Array): Buffer {
  const known = framed.get(message);
  if (known) return known;
  const bytes = Buffer.concat([frameHeader(message.byteLength), message]);
  framed.set(message, bytes);
  return bytes;
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
