import {
  createDecoder,
  hasContent,
  readUint8,
  readVarInt,
  readVarString,
  readVarUint,
  type Decoder,
} from 'lib0/decoding';
import {
  createEncoder,
  toUint8Array,
  writeUint8,
  writeVarInt,
  writeVarString,
  writeVarUint,
  type Encoder,
} from 'lib0/encoding';
import { isId } from '../model/checks.ts';
import type { Point, Rect } from '../geometry/rect.ts';

/**
 * What a person is doing at this moment: sent often, kept nowhere, and each message stands alone, so that any may be
 * lost. What lasts is written to the document when the pointer is let go.
 */
export type LiveMessage =
  | { kind: 'cursor'; at: Point }
  /** What is chosen. */
  | { kind: 'selection'; ids: string[] }
  | { kind: 'moving'; at: Point; ids: string[]; dx: number; dy: number }
  | { kind: 'resizing'; at: Point; ids: string[]; from: Rect; to: Rect }
  /** The newest points of a stroke or of the laser; `first` is their place in the whole. */
  | { kind: 'drawing' | 'laser'; first: number; points: Point[] }
  /** What is in view: for those who follow. */
  | { kind: 'view'; area: Rect }
  /** Nothing is under way any more. */
  | { kind: 'idle' }
  /** The pointer has left the board. */
  | { kind: 'away' };

/** Messages longer than this are not ours. */
export const MAX_LIVE = 8192;
/** More ids than this are not sent while dragging: the others see the result when it is let go. */
export const MAX_IDS = 400;
const MAX_POINTS = 256;
const FAR = 2_000_000;

const CODES = [
  'cursor',
  'selection',
  'moving',
  'resizing',
  'drawing',
  'laser',
  'view',
  'idle',
  'away',
] as const;

const writeNumber = (encoder: Encoder, value: number) => writeVarInt(encoder, Math.round(value));
const writePoint = (encoder: Encoder, { x, y }: Point) => {
  writeNumber(encoder, x);
  writeNumber(encoder, y);
};
const writeRect = (encoder: Encoder, { x, y, w, h }: Rect) =>
  [x, y, w, h].forEach((value) => writeNumber(encoder, value));

function writeIds(encoder: Encoder, ids: readonly string[]): void {
  const sent = ids.slice(0, MAX_IDS);
  writeVarUint(encoder, sent.length);
  for (const id of sent) writeVarString(encoder, id);
}

/** A cursor is 5 to 8 bytes; a drag of 100 elements about 1.1 kB. Whole board units are enough for what passes. */
export function encodeLive(message: LiveMessage): Uint8Array {
  const encoder = createEncoder();
  writeUint8(encoder, CODES.indexOf(message.kind));
  switch (message.kind) {
    case 'cursor':
      writePoint(encoder, message.at);
      break;
    case 'selection':
      writeIds(encoder, message.ids);
      break;
    case 'moving':
      writePoint(encoder, message.at);
      writeIds(encoder, message.ids);
      writePoint(encoder, { x: message.dx, y: message.dy });
      break;
    case 'resizing':
      writePoint(encoder, message.at);
      writeIds(encoder, message.ids);
      writeRect(encoder, message.from);
      writeRect(encoder, message.to);
      break;
    case 'drawing':
    case 'laser':
      writePoints(encoder, message);
      break;
    case 'view':
      writeRect(encoder, message.area);
      break;
    case 'idle':
    case 'away':
      break;
  }
  return toUint8Array(encoder);
}

function writePoints(encoder: Encoder, { first, points }: { first: number; points: readonly Point[] }): void {
  const sent = points.slice(-MAX_POINTS);
  writeVarUint(encoder, first + points.length - sent.length);
  let last: Point = { x: 0, y: 0 };
  for (const point of sent) {
    const [x, y] = [Math.round(point.x), Math.round(point.y)];
    writePoint(encoder, { x: x - last.x, y: y - last.y });
    last = { x, y };
  }
}

/** Reads a message from elsewhere. Null for anything that is none; never throws. */
export function decodeLive(bytes: unknown): LiveMessage | null {
  const view = bytes instanceof ArrayBuffer ? new Uint8Array(bytes) : bytes;
  if (!(view instanceof Uint8Array) || view.byteLength === 0 || view.byteLength > MAX_LIVE) return null;
  try {
    const decoder = createDecoder(view);
    const kind = CODES[readUint8(decoder)];
    const message = kind === undefined ? null : readBody(kind, decoder);
    return message !== null && !hasContent(decoder) ? message : null;
  } catch {
    return null;
  }
}

function readNumber(decoder: Decoder): number {
  const value = readVarInt(decoder);
  if (!(Math.abs(value) <= FAR)) throw new RangeError('out of range');
  return value;
}

const readPoint = (decoder: Decoder): Point => ({ x: readNumber(decoder), y: readNumber(decoder) });

function readRect(decoder: Decoder): Rect {
  const [x, y, w, h] = [readNumber(decoder), readNumber(decoder), readNumber(decoder), readNumber(decoder)];
  return { x, y, w, h };
}

function readIds(decoder: Decoder): string[] {
  const count = readVarUint(decoder);
  if (count > MAX_IDS) throw new RangeError('too many');
  return Array.from({ length: count }, () => {
    const id = readVarString(decoder);
    if (!isId(id)) throw new RangeError('no id');
    return id;
  });
}

function readBody(kind: LiveMessage['kind'], decoder: Decoder): LiveMessage {
  switch (kind) {
    case 'cursor':
      return { kind, at: readPoint(decoder) };
    case 'selection':
      return { kind, ids: readIds(decoder) };
    case 'moving': {
      const [at, ids, by] = [readPoint(decoder), readIds(decoder), readPoint(decoder)];
      return { kind, at, ids, dx: by.x, dy: by.y };
    }
    case 'resizing':
      return {
        kind,
        at: readPoint(decoder),
        ids: readIds(decoder),
        from: readRect(decoder),
        to: readRect(decoder),
      };
    case 'drawing':
    case 'laser':
      return { kind, ...readPoints(decoder) };
    case 'view':
      return { kind, area: readRect(decoder) };
    case 'idle':
    case 'away':
      return { kind };
  }
}

function readPoints(decoder: Decoder): { first: number; points: Point[] } {
  const first = readVarUint(decoder);
  if (first > FAR) throw new RangeError('out of range');
  const points: Point[] = [];
  let last: Point = { x: 0, y: 0 };
  while (hasContent(decoder)) {
    const step = readPoint(decoder);
    last = { x: last.x + step.x, y: last.y + step.y };
    points.push(last);
    if (points.length > MAX_POINTS) throw new RangeError('too many');
  }
  return { first, points };
}
