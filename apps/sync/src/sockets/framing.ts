import type { Duplex } from 'node:stream';

/** Larger messages gain nothing from being joined with what goes beside them. */
const JOIN = 65_536;

/** A message as it goes over the wire, in one or two pieces. */
export type Frame = readonly Uint8Array[];

/** RFC 6455: an unmasked, unfragmented, uncompressed binary message, which is what the server sends. */
function framed(message: Uint8Array): Frame {
  const { byteLength: length } = message;
  const size = length < 126 ? 2 : length < 65_536 ? 4 : 10;
  // A large message is not copied: many who open a document are sent the same bytes.
  const apart = length > JOIN;
  const bytes = Buffer.allocUnsafe(apart ? size : size + length);
  bytes[0] = 0x82;
  if (size === 2) bytes[1] = length;
  else if (size === 4) {
    bytes[1] = 126;
    bytes.writeUInt16BE(length, 2);
  } else {
    bytes[1] = 127;
    bytes.writeBigUInt64BE(BigInt(length), 2);
  }
  if (apart) return [bytes, message];
  bytes.set(message, size);
  return [bytes];
}

let lastMessage: Uint8Array | null = null;
let lastFrame: Frame = [];

/**
 * The message as it goes over the wire. A broadcast hands the same bytes to one connection after the other: framed
 * once. Only the last is remembered: a WeakMap of all of them costs more than it saves.
 */
export function frame(message: Uint8Array): Frame {
  if (message !== lastMessage) {
    lastFrame = framed(message);
    lastMessage = message;
  }
  return lastFrame;
}

/** Writes what gathered within a tick with as few system calls as possible. */
export function writeCorked(socket: Duplex, pieces: Uint8Array[], bytes: number): void {
  if (pieces.length === 1) socket.write(pieces[0]!);
  else if (bytes <= JOIN) socket.write(Buffer.concat(pieces, bytes));
  else {
    socket.cork();
    for (const one of pieces) socket.write(one);
    socket.uncork();
  }
}
