import type { DocumentShape, ValueCheck } from '@engawa/schema';
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

type Struct = ReturnType<typeof Y.decodeUpdate>['structs'][number];
/** Finds the struct that covers an id, in the update at hand or in the document it will be applied to. */
type FindStruct = (id: Y.ID) => unknown;

/** `key` is what the item is stored under: an element's id, or a key of it. Null in running text. */
interface Place {
  in: 'root' | 'element' | 'text' | 'elsewhere';
  key: string | null;
}

function insideOf(type: unknown): Place['in'] {
  if (type instanceof Y.XmlText) return 'elsewhere';
  if (type instanceof Y.Text) return 'text';
  return type instanceof Y.Map ? 'element' : 'elsewhere';
}

/** A root nobody has asked for by its kind yet is an untyped one, so it is known by its name. */
const isRoot = (type: unknown) =>
  type instanceof Y.AbstractType && type._item === null && type.doc?.share.get(ELEMENTS) === type;

/** Where an item says it lives: its parent, or the neighbour it was put beside, whose place it shares. */
function statedPlace(item: Y.Item, find: FindStruct): Place | Y.Item | undefined {
  const { parent, parentSub: key } = item;
  if (typeof parent === 'string') return { in: parent === ELEMENTS ? 'root' : 'elsewhere', key };
  if (parent instanceof Y.ID) {
    const found = find(parent);
    // Somebody may have deleted the element meanwhile: then nothing is known, and nothing will be shown.
    if (!(found instanceof Y.Item) || found.content instanceof Y.ContentDeleted) return undefined;
    return { in: found.content instanceof Y.ContentType ? insideOf(found.content.type) : 'elsewhere', key };
  }
  if (parent !== null) return { in: isRoot(parent) ? 'root' : insideOf(parent), key };
  const beside = item.origin ?? item.rightOrigin;
  const neighbour = beside === null ? undefined : find(beside);
  return neighbour instanceof Y.Item ? neighbour : undefined;
}

/** Follows neighbours to a known place, once for each item however long the chain is. */
function placeFinder(find: FindStruct): (item: Y.Item) => Place | undefined {
  const places = new Map<Y.Item, Place | undefined>();
  return (item) => {
    const walked: Y.Item[] = [];
    let at: Place | Y.Item | undefined = item;
    while (at instanceof Y.Item && !places.has(at)) {
      walked.push(at);
      places.set(at, undefined);
      at = statedPlace(at, find);
    }
    const place = at instanceof Y.Item ? places.get(at) : at;
    for (const step of walked) places.set(step, place);
    return place;
  };
}

function faultOf(item: Y.Item, place: Place | undefined, shape: DocumentShape): string | null {
  const { content } = item;
  if (typeof item.parent === 'string' && item.parent !== ELEMENTS) {
    return `root ${JSON.stringify(item.parent)}`;
  }
  if (content instanceof Y.ContentDeleted) return null;
  const where = place?.in;
  if (where === 'elsewhere') return 'content out of place';
  if (content instanceof Y.ContentString) {
    if (where !== undefined && where !== 'text') return 'text out of place';
    return content.str.length > LIMITS.text ? 'a text too long' : null;
  }
  if (content instanceof Y.ContentAny || content instanceof Y.ContentBinary) {
    if (where !== undefined && where !== 'element') return 'a value out of place';
    return valueFault(place?.key ?? null, content, shape);
  }
  if (!(content instanceof Y.ContentType)) return `content ${content.constructor.name}`;
  const kind = insideOf(content.type);
  if (kind === 'text') return where === undefined || inText(place) ? null : 'a text out of place';
  if (kind !== 'element') return 'a type that boards do not have';
  if (where !== undefined && where !== 'root') return 'an element out of place';
  return place && !isId(place.key) ? 'an element with a bad id' : null;
}

const inText = (place: Place | undefined) => place?.in === 'element' && place.key === 't';

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

/** Structs of one update, findable by id. Each client's structs arrive in clock order. */
function indexStructs(structs: readonly Struct[]): FindStruct {
  const byClient = new Map<number, Struct[]>();
  for (const struct of structs) {
    const list = byClient.get(struct.id.client);
    if (list === undefined) byClient.set(struct.id.client, [struct]);
    else list.push(struct);
  }
  return ({ client, clock }) => {
    const list = byClient.get(client) ?? [];
    let low = 0;
    let high = list.length - 1;
    while (low <= high) {
      const centre = (low + high) >> 1;
      const struct = list[centre]!;
      if (clock < struct.id.clock) high = centre - 1;
      else if (clock >= struct.id.clock + struct.length) low = centre + 1;
      else return struct;
    }
    return undefined;
  };
}

/**
 * Looks at the structs of a decoded update (`Y.decodeUpdate(update).structs`) of a board before it is applied. Returns
 * null when every one is made of the board's words, else what is wrong, in English, for the log. `inDocument` finds
 * structs in the document it is for (`findIn(doc)` of `@engawa/editor`). What two valid edits merge into is not judged:
 * reading a board normalises.
 */
export function checkBoardStructs(
  structs: readonly Struct[],
  shape: DocumentShape = boardShape,
  inDocument?: FindStruct,
): string | null {
  const inUpdate = indexStructs(structs);
  const placeOf = placeFinder((id) => inUpdate(id) ?? inDocument?.(id));
  for (const struct of structs) {
    if (!(struct instanceof Y.Item)) continue;
    const fault = faultOf(struct, placeOf(struct), shape);
    if (fault !== null) return fault;
  }
  return null;
}

/** `checkBoardStructs` for an update as it arrives. Throws where the bytes are no update at all. */
export function checkBoardUpdate(update: Uint8Array, doc?: Y.Doc): string | null {
  const inDocument: FindStruct | undefined =
    doc && ((id) => (id.clock < Y.getState(doc.store, id.client) ? Y.getItem(doc.store, id) : undefined));
  return checkBoardStructs(Y.decodeUpdate(update).structs, boardShape, inDocument);
}
