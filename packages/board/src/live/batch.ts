import { createDecoder, hasContent, readVarUint, readVarUint8Array } from 'lib0/decoding';
import { createEncoder, toUint8Array, writeVarUint, writeVarUint8Array } from 'lib0/encoding';
import { meets, rectAround, type Point, type Rect } from '../geometry/rect.ts';
import { decodeLive, type LiveMessage } from './message.ts';

/** What one person said: `peer` is the server's number for their page. */
export interface Said {
  peer: number;
  message: LiveMessage;
}

/** Messages of several people as one: each is its sender's number and the bytes they sent. */
export function encodeBatch(entries: Iterable<readonly [peer: number, bytes: Uint8Array]>): Uint8Array {
  const encoder = createEncoder();
  for (const [peer, bytes] of entries) {
    writeVarUint(encoder, peer);
    writeVarUint8Array(encoder, bytes);
  }
  return toUint8Array(encoder);
}

/** Reads a batch. Messages of a kind that is not known are left out; never throws. */
export function decodeBatch(bytes: unknown): Said[] {
  const view = bytes instanceof ArrayBuffer ? new Uint8Array(bytes) : bytes;
  const said: Said[] = [];
  if (!(view instanceof Uint8Array)) return said;
  try {
    const decoder = createDecoder(view);
    while (hasContent(decoder)) {
      const peer = readVarUint(decoder);
      const message = decodeLive(readVarUint8Array(decoder));
      if (message) said.push({ peer, message });
    }
  } catch {
    // Cut short: what was read stands.
  }
  return said;
}

/** Where a message is about, as far as it is about a place: those who look elsewhere need not hear it. */
export function placeOf(message: LiveMessage): Rect | null {
  switch (message.kind) {
    case 'cursor':
    case 'moving':
      return around([message.at]);
    case 'resizing':
      return message.to;
    case 'drawing':
    case 'laser':
      return around(message.points);
    default:
      return null;
  }
}

const around = (points: readonly Point[]) => rectAround(points) ?? { x: 0, y: 0, w: 0, h: 0 };

/** Whether somebody who looks at `area` could see something of it. */
export function isSeenIn(area: Rect, message: LiveMessage): boolean {
  const place = placeOf(message);
  return place === null || meets(area, place);
}
