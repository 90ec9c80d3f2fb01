import type { DocumentShape, ValueCheck } from '@engawa/schema';
import { findIn, firstFault, type FindStruct, type Spot, type Struct } from '@engawa/structs';
import * as Y from 'yjs';
import { ELEMENTS } from './board.ts';
import { isBirth, isBounds, isEnd, isFileId, isId, isInk, isStyle } from './checks.ts';
import { LIMITS } from './limits.ts';
import { isOrder } from './order.ts';

/**
 * The only words a live board may be made of: one kind of element, its keys and their checks. `t` (a text) is the one
 * key that is no value and is not named here.
 */
export const boardShape: DocumentShape = {
  nodes: {
    element: {
      n: isBirth,
      b: isBounds,
      p: isStyle,
      z: isOrder,
      g: isId,
      l: (value) => value === true,
      a: isEnd,
      e: isEnd,
      f: isFileId,
      i: isInk,
    },
  },
  marks: {},
};

type Place = 'root' | 'element' | 'text' | 'elsewhere';

function placeOf(inside: unknown): Place | undefined {
  if (inside === null) return undefined;
  if (inside === ELEMENTS) return 'root';
  if (inside instanceof Y.XmlText) return 'elsewhere';
  if (inside instanceof Y.Text) return 'text';
  return inside instanceof Y.Map ? 'element' : 'elsewhere';
}

function faultOf(item: Y.Item, { inside, key }: Spot, shape: DocumentShape): string | null {
  const { content } = item;
  if (typeof item.parent === 'string' && item.parent !== ELEMENTS) {
    return `root ${JSON.stringify(item.parent)}`;
  }
  if (content instanceof Y.ContentDeleted) return null;
  const place = placeOf(inside);
  if (place === 'elsewhere') return 'content out of place';
  if (content instanceof Y.ContentString) {
    if (place !== undefined && place !== 'text') return 'text out of place';
    return content.str.length > LIMITS.text ? 'a text too long' : null;
  }
  if (content instanceof Y.ContentAny || content instanceof Y.ContentBinary) {
    if (place !== undefined && place !== 'element') return 'a value out of place';
    return valueFault(key, content, shape);
  }
  if (!(content instanceof Y.ContentType)) return `content ${content.constructor.name}`;
  const kind = placeOf(content.type);
  if (kind === 'text')
    return place === undefined || (place === 'element' && key === 't') ? null : 'a text out of place';
  if (kind !== 'element') return 'a type that boards do not have';
  if (place === undefined) return null;
  if (place !== 'root') return 'an element out of place';
  return isId(key) ? null : 'an element with a bad id';
}

function valueFault(
  key: string | null,
  content: Y.ContentAny | Y.ContentBinary,
  shape: DocumentShape,
): string | null {
  const checks = shape.nodes.element ?? {};
  const known = key !== null && Object.hasOwn(checks, key);
  // Beside what is already swept away the key is not known: then any key's check may take the value.
  const mayBe: ValueCheck[] = known ? [checks[key]!] : key === null ? Object.values(checks) : [];
  const values: unknown[] = content instanceof Y.ContentBinary ? [content.content] : content.arr;
  const taken = values.every((value) => mayBe.some((check) => check(value)));
  return taken ? null : `value of ${JSON.stringify(key)}`;
}

/**
 * Looks at the structs of a decoded update (`Y.decodeUpdate(update).structs`) of a board before it is applied. Returns
 * null when every one is made of the board's words, else what is wrong, in English, for the log. `inDocument` finds
 * structs in the document it is for (`findIn(doc)`). What two valid edits merge into is not judged:
 * reading a board normalises.
 */
export function checkBoardStructs(
  structs: readonly Struct[],
  shape: DocumentShape = boardShape,
  inDocument?: FindStruct,
): string | null {
  return firstFault(structs, (item, spotOf) => faultOf(item, spotOf(item), shape), inDocument);
}

/** `checkBoardStructs` for an update as it arrives. Throws where the bytes are no update at all. */
export function checkBoardUpdate(update: Uint8Array, doc?: Y.Doc): string | null {
  return checkBoardStructs(Y.decodeUpdate(update).structs, boardShape, doc && findIn(doc));
}
