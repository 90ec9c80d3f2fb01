import type { ValueCheck } from '@engawa/schema';
import { isOrder } from './order.ts';
import { COLOURS, KINDS, SIDES, type Bounds, type End, type Kind, type Style } from './element.ts';
import { LIMITS } from './limits.ts';

const ID = /^[A-Za-z0-9_-]{1,36}$/;
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

const within =
  (low: number, high: number): ValueCheck =>
  (value) =>
    typeof value === 'number' && value >= low && value <= high;
const oneOf =
  (words: readonly string[]): ValueCheck =>
  (value) =>
    typeof value === 'string' && words.includes(value);

const coordinate = within(-LIMITS.coordinate, LIMITS.coordinate);
const size = within(0, LIMITS.size);
const angle = within(-360, 360);

export const isId: ValueCheck = (value) => typeof value === 'string' && ID.test(value);
export const isFileId: ValueCheck = (value) => typeof value === 'string' && UUID.test(value);
export const isInk: ValueCheck = (value) => value instanceof Uint8Array && value.byteLength <= LIMITS.ink;
export const isKind = (value: unknown): value is Kind => (KINDS as readonly unknown[]).includes(value);

const isPlain = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype;

const STYLE: Record<keyof Style, ValueCheck> = {
  fill: oneOf(COLOURS),
  line: oneOf(COLOURS),
  width: within(0, 64),
  dash: oneOf(['solid', 'dashed', 'dotted']),
  size: within(0, 512),
  align: oneOf(['left', 'center', 'right']),
  route: oneOf(['straight', 'curve', 'elbow']),
  heads: oneOf(['none', 'start', 'end', 'both']),
};

export function isStyle(value: unknown): value is Style {
  if (!isPlain(value)) return false;
  for (const key in value) {
    if (!Object.hasOwn(STYLE, key) || !STYLE[key as keyof Style](value[key])) return false;
  }
  return true;
}

/** `[x, y, w, h, r]`. Comparisons are false for NaN, so it never passes. */
export function isBounds(value: unknown): value is [number, number, number, number, number] {
  return Array.isArray(value) && value.length === 5 && boundsAt(value, 0);
}

function boundsAt(value: unknown[], at: number): boolean {
  return (
    coordinate(value[at]) &&
    coordinate(value[at + 1]) &&
    size(value[at + 2]) &&
    size(value[at + 3]) &&
    angle(value[at + 4])
  );
}

/** `[element or '', side, x, y]` */
export function isEnd(value: unknown): value is [string, End['side'], number, number] {
  return (
    Array.isArray(value) &&
    value.length === 4 &&
    (value[0] === '' || isId(value[0])) &&
    (SIDES as readonly unknown[]).includes(value[1]) &&
    coordinate(value[2]) &&
    coordinate(value[3])
  );
}

/** What an element was born with, in one value: `[kind, x, y, w, h, r, z, style]`. */
export type Birth = [Kind, number, number, number, number, number, string, Style];

export function isBirth(value: unknown): value is Birth {
  return (
    Array.isArray(value) &&
    value.length === 8 &&
    isKind(value[0]) &&
    boundsAt(value, 1) &&
    isOrder(value[6]) &&
    isStyle(value[7])
  );
}

/** Rounds to quarters of a unit: nobody sees the rest, and it is stored in 3 bytes instead of 9. */
export const quarter = (value: number) => Math.round(value * 4) / 4;

export function roundBounds({ x, y, w, h, r }: Bounds): Bounds {
  const turn = quarter(r) % 360;
  return { x: quarter(x), y: quarter(y), w: quarter(w), h: quarter(h), r: turn < 0 ? turn + 360 : turn };
}
