import * as Y from 'yjs';
import { isBirth, isBounds, isEnd, isFileId, isId, isInk, isStyle } from './checks.ts';
import type { Element, End } from './element.ts';
import { LIMITS } from './limits.ts';
import { isOrder } from './order.ts';

/** Why an element cannot be shown. English, for logs and for the board's list of damaged elements. */
export class Unreadable {
  readonly why: string;
  constructor(why: string) {
    this.why = why;
  }
}

/**
 * Reads one element of the `elements` map. Never throws, whatever is there: what cannot be an element is `Unreadable`;
 * what is wrong in a lesser key (a style, a group, an order) falls back to what the element was born with.
 */
export function readElement(id: string, stored: unknown): Element | Unreadable {
  if (!isId(id)) return new Unreadable('its id is no id');
  if (!(stored instanceof Y.Map)) return new Unreadable('it is no map');
  const birth: unknown = stored.get('n');
  if (!isBirth(birth)) return new Unreadable('what it was born with is missing or out of range');
  const [kind, x, y, w, h, r, z, style] = birth;
  const text = readText(stored.get('t'));
  if (text === null) return new Unreadable('its text is no text, or too long');
  const bounds: unknown = stored.get('b');
  const moved = isBounds(bounds) ? bounds : null;
  const ink: unknown = kind === 'pen' ? stored.get('i') : null;
  if (kind === 'pen' && !isInk(ink)) return new Unreadable('a stroke without ink, or with too much');
  const file: unknown = kind === 'image' ? stored.get('f') : null;
  if (kind === 'image' && !isFileId(file)) return new Unreadable('an image without a file');
  const from = kind === 'connector' ? readEnd(stored.get('a')) : null;
  const to = kind === 'connector' ? readEnd(stored.get('e')) : null;
  if (kind === 'connector' && (from === null || to === null))
    return new Unreadable('a connector without ends');
  const order: unknown = stored.get('z');
  const look: unknown = stored.get('p');
  const group: unknown = stored.get('g');
  return {
    id,
    kind,
    x: moved ? moved[0] : x,
    y: moved ? moved[1] : y,
    w: moved ? moved[2] : w,
    h: moved ? moved[3] : h,
    r: moved ? moved[4] : r,
    z: isOrder(order) ? (order as string) : z,
    style: isStyle(look) ? look : style,
    text,
    // Frames hold groups and are never in one: so holding can never go round in a circle.
    group: kind !== 'frame' && isId(group) ? (group as string) : null,
    locked: stored.get('l') === true,
    ink: ink as Uint8Array | null,
    file: file as string | null,
    from,
    to,
  };
}

function readText(stored: unknown): string | null {
  if (stored === undefined) return '';
  if (!(stored instanceof Y.Text) || stored.length > LIMITS.text) return null;
  // Built from strings alone: a forged embed must not be able to stop the board.
  return stored.toString();
}

function readEnd(stored: unknown): End | null {
  if (!isEnd(stored)) return null;
  const [id, side, x, y] = stored;
  return { id: id === '' ? null : id, side, x, y };
}
