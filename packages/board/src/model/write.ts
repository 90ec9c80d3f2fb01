import { Invalid } from '@engawa/schema';
import * as Y from 'yjs';
import { isEnd, isFileId, isId, isInk, isKind, isStyle, isBounds, roundBounds } from './checks.ts';
import type { Board } from './board.ts';
import { holdsText, type Bounds, type Element, type End, type Kind, type Style } from './element.ts';
import { LIMITS } from './limits.ts';
import { isOrder } from './order.ts';

/** What a new element is made of; what is left out has its default. */
export interface NewElement extends Partial<Bounds> {
  id?: string;
  kind: Kind;
  z: string;
  style?: Style;
  text?: string;
  group?: string | null;
  locked?: boolean;
  ink?: Uint8Array | null;
  file?: string | null;
  from?: End | null;
  to?: End | null;
}

/** What may be changed of an element that exists. Text is changed letter by letter: see operations/text.ts. */
export type Patch = Partial<Pick<Element, 'z' | 'style' | 'group' | 'locked' | 'from' | 'to'>> & {
  bounds?: Bounds;
};

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';

/** 60 random bits: with ten thousand elements on one board, two agree once in twenty billion boards. */
export function newId(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(10)), (byte) => ALPHABET[byte & 63]).join('');
}

/** Clear errors where something wrong would be written: `details.field` names what. */
function demand(right: boolean, field: string): void {
  if (!right) throw new Invalid(`board.${field}`, `The ${field} of an element is not right`, { field });
}

function packBounds(bounds: Bounds): [number, number, number, number, number] {
  const { x, y, w, h, r } = roundBounds(bounds);
  const packed: [number, number, number, number, number] = [x, y, w, h, r];
  demand(isBounds(packed), 'bounds');
  return packed;
}

function packEnd(end: End): unknown {
  const packed = [
    end.id ?? '',
    end.side,
    ...packBounds({ x: end.x, y: end.y, w: 0, h: 0, r: 0 }).slice(0, 2),
  ];
  demand(isEnd(packed), 'end');
  return packed;
}

export function demandText(text: unknown): asserts text is string {
  demand(typeof text === 'string', 'text');
  if ((text as string).length > LIMITS.text) {
    throw new Invalid('board.text_long', `A text may hold ${LIMITS.text} letters`, { most: LIMITS.text });
  }
}

/** Whether so many more fit on the board. Not by the map's own size: Yjs counts it anew each time. */
export function demandRoom(board: Board, more: number): void {
  if (board.elements.size + board.damaged.size + more > LIMITS.elements) {
    throw new Invalid('board.full', 'The board is full', { most: LIMITS.elements });
  }
}

/** Text from elsewhere as it may be stored: one kind of line end, no NUL and no halves of letters. */
export const cleanText = (text: string) =>
  text.replaceAll(/\r\n?/g, '\n').replaceAll('\u0000', '').toWellFormed();

/** Puts one element into the document; called inside a transaction. Throws `Invalid`, before anything is written. */
export function writeElement(board: Board, element: NewElement): string {
  const { id = newId(), kind, style = {}, text = '', group = null } = element;
  demand(isKind(kind), 'kind');
  demand(isId(id) && !board.stored.has(id), 'id');
  demand(isOrder(element.z), 'order');
  demand(isStyle(style), 'style');
  demand(group === null || isId(group), 'group');
  demandText(text);
  demandRoom(board, 1);
  const { x = 0, y = 0, w = 0, h = 0, r = 0 } = element;
  const map = new Y.Map<unknown>();
  map.set('n', [kind, ...packBounds({ x, y, w, h, r }), element.z, { ...style }]);
  if (kind === 'pen') {
    demand(isInk(element.ink), 'ink');
    map.set('i', element.ink);
  }
  if (kind === 'image') {
    demand(isFileId(element.file), 'file');
    map.set('f', element.file);
  }
  if (kind === 'connector') {
    demand(Boolean(element.from && element.to), 'end');
    map.set('a', packEnd(element.from!));
    map.set('e', packEnd(element.to!));
  }
  if (group !== null) map.set('g', group);
  if (element.locked) map.set('l', true);
  // Where people will type, the text exists from birth: two who begin it at once would each make one, and one is lost.
  if (text !== '' || holdsText(kind) || kind === 'frame') map.set('t', new Y.Text(cleanText(text)));
  board.stored.set(id, map);
  return id;
}

/** The stored map of an element. Undefined when it is gone, which a collaborator may have done. */
export function storedElement(board: Board, id: string): Y.Map<unknown> | undefined {
  const map = board.elements.has(id) ? board.stored.get(id) : undefined;
  return map instanceof Y.Map ? (map as Y.Map<unknown>) : undefined;
}

/** Changes an element; nothing happens when it is gone meanwhile. Called inside a transaction. */
export function patchElement(board: Board, id: string, patch: Patch): void {
  const map = storedElement(board, id);
  if (map === undefined) return;
  if (patch.bounds !== undefined) map.set('b', packBounds(patch.bounds));
  if (patch.z !== undefined) {
    demand(isOrder(patch.z), 'order');
    map.set('z', patch.z);
  }
  if (patch.style !== undefined) {
    demand(isStyle(patch.style), 'style');
    map.set('p', { ...patch.style });
  }
  if (patch.group !== undefined) setOrDelete(map, 'g', patch.group);
  if (patch.locked !== undefined) setOrDelete(map, 'l', patch.locked || null);
  if (patch.from) map.set('a', packEnd(patch.from));
  if (patch.to) map.set('e', packEnd(patch.to));
}

function setOrDelete(map: Y.Map<unknown>, key: string, value: unknown): void {
  if (value !== null) map.set(key, value);
  else if (map.has(key)) map.delete(key);
}
