import type { DocumentShape, ValueCheck } from '@engawa/schema';
import * as Y from 'yjs';
import { isImageAlt, isImageFile, isImageWidth } from './image.ts';
import { safeHref } from './link.ts';
import { CONTENT, HEADING_LEVELS, schema } from './schema.ts';

const integerIn =
  (low: number, high: number): ValueCheck =>
  (value) =>
    typeof value === 'number' && Number.isInteger(value) && value >= low && value <= high;

/** Attributes with their checks; what is not here has none. A new attribute is added by hand, with its check. */
const attributes: DocumentShape['nodes'] = {
  heading: { level: integerIn(1, HEADING_LEVELS.length) },
  orderedList: {
    start: integerIn(0, 999_999_999),
    type: (value) => typeof value === 'string' && /^[1aAiI]$/.test(value),
  },
  codeBlock: { language: (value) => typeof value === 'string' && /^[\w+#.-]{0,40}$/.test(value) },
  taskItem: { checked: (value) => typeof value === 'boolean' },
  image: { file: isImageFile, alt: isImageAlt, width: isImageWidth },
};

const namesOf = (of: Record<string, unknown>) =>
  Object.keys(of).filter((name) => name !== 'doc' && name !== 'text');

const linkChecks: Record<string, ValueCheck> = {
  href: (value) => value !== null && safeHref(value) === value,
};

/** The only words a live document may be made of. Element and mark names come from the schema itself. */
export const documentShape: DocumentShape = {
  nodes: Object.fromEntries(namesOf(schema.nodes).map((name) => [name, attributes[name] ?? {}])),
  marks: Object.fromEntries(
    Object.keys(schema.marks).map((name) => [name, name === 'link' ? linkChecks : {}]),
  ),
};

type Struct = ReturnType<typeof Y.decodeUpdate>['structs'][number];

type Place = 'root' | 'element' | 'text';

/** Finds the struct that covers an id, in the update at hand or in the document it will be applied to. */
type Find = (id: Y.ID) => unknown;

function placeInside(type: unknown): Place | undefined {
  if (type instanceof Y.XmlText) return 'text';
  if (type instanceof Y.XmlElement) return 'element';
  return type instanceof Y.XmlFragment ? 'root' : undefined;
}

/** Where an item lives: inside what, and under which name when it is an attribute's value. */
interface Spot {
  place: Place | undefined;
  sub: string | null;
}

/** Where an item says it lives: its parent, or the neighbour it was put beside, whose spot it shares. */
function statedSpot(item: Y.Item, find: Find): Spot | Y.Item {
  const { parent, parentSub: sub } = item;
  if (typeof parent === 'string') return { place: 'root', sub };
  if (parent instanceof Y.ID) {
    const found = find(parent);
    if (!(found instanceof Y.Item) || !(found.content instanceof Y.ContentType))
      return { place: undefined, sub };
    return { place: placeInside(found.content.type), sub };
  }
  if (parent !== null) return { place: placeInside(parent), sub };
  // An attribute that is set again is put beside its last value, and does not repeat its name.
  const beside = item.origin ?? item.rightOrigin;
  const neighbour = beside === null ? undefined : find(beside);
  return neighbour instanceof Y.Item ? neighbour : { place: undefined, sub };
}

/** Follows neighbours to a known spot, once for each item however long the chain is. */
function spotFinder(find: Find): (item: Y.Item) => Spot {
  const nowhere: Spot = { place: undefined, sub: null };
  const spots = new Map<Y.Item, Spot>();
  return (item) => {
    const walked: Y.Item[] = [];
    let at: Spot | Y.Item = item;
    while (at instanceof Y.Item && !spots.has(at)) {
      walked.push(at);
      spots.set(at, nowhere);
      at = statedSpot(at, find);
    }
    const spot = at instanceof Y.Item ? (spots.get(at) ?? nowhere) : at;
    for (const step of walked) spots.set(step, spot);
    return spot;
  };
}

function faultOf(item: Y.Item, shape: DocumentShape, spotOf: (item: Y.Item) => Spot): string | null {
  const { content, parent } = item;
  if (typeof parent === 'string' && parent !== CONTENT) return `root ${JSON.stringify(parent)}`;
  if (content instanceof Y.ContentDeleted) return null;
  const { place, sub } = spotOf(item);
  const fits = (...places: Place[]) => place === undefined || places.includes(place);
  if (sub !== null) {
    return fits('element') ? attributeFault(sub, content, shape) : 'attribute out of place';
  }
  // Set again while somebody deleted its element: beside what is swept away the name is not known, and nothing shows it.
  if (content instanceof Y.ContentAny && place === undefined) return attributeFault(null, content, shape);
  if (content instanceof Y.ContentString) return fits('text') ? null : 'text out of place';
  if (content instanceof Y.ContentFormat) {
    return markFault(content.key, content.value, shape) ?? (fits('text') ? null : 'mark out of place');
  }
  if (!(content instanceof Y.ContentType)) return `content ${content.constructor.name}`;
  const { type } = content as { type: unknown };
  if (type instanceof Y.XmlText) return fits('element') ? null : 'text out of place';
  if (!(type instanceof Y.XmlElement) || !Object.hasOwn(shape.nodes, type.nodeName)) {
    return `element ${JSON.stringify(type instanceof Y.XmlElement ? type.nodeName : 'of another kind')}`;
  }
  return fits('element', 'root') ? null : 'element out of place';
}

/** A mark is stored as a text format: `null` ends it, an object of its attributes begins it. */
function markFault(key: string, value: unknown, shape: DocumentShape): string | null {
  const checks = Object.hasOwn(shape.marks, key) ? shape.marks[key] : undefined;
  if (checks === undefined) return `mark ${JSON.stringify(key)}`;
  if (value === null) return null;
  if (typeof value !== 'object' || Object.getPrototypeOf(value) !== Object.prototype) return `mark ${key}`;
  const entries = Object.entries(value);
  const known = entries.every(
    ([name, inner]) => Object.hasOwn(checks, name) && checks[name]?.(inner) === true,
  );
  return known && entries.length === Object.keys(checks).length ? null : `mark ${key} with other attributes`;
}

/**
 * An update does not say which element an attribute belongs to, so any element's check may take it; when not even its
 * name is known, any attribute's.
 */
function attributeFault(
  name: string | null,
  content: Y.Item['content'],
  shape: DocumentShape,
): string | null {
  const checks = Object.values(shape.nodes).flatMap((of) =>
    name === null ? Object.values(of) : Object.hasOwn(of, name) ? [of[name]] : [],
  );
  const taken = (value: unknown) => checks.some((check) => check?.(value) === true);
  return content instanceof Y.ContentAny && content.arr.every(taken)
    ? null
    : `attribute ${JSON.stringify(name)}`;
}

/** Finds structs among those of one update. Each client's structs arrive in clock order. */
export function findAmong(structs: readonly Struct[]): Find {
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
      const middle = (low + high) >> 1;
      const struct = list[middle] as Struct;
      if (clock < struct.id.clock) high = middle - 1;
      else if (clock >= struct.id.clock + struct.length) low = middle + 1;
      else return struct;
    }
    return undefined;
  };
}

/** Finds structs in a document's store, for `checkStructs`. */
export function findIn(doc: Y.Doc): Find {
  return (id) => (id.clock < Y.getState(doc.store, id.client) ? Y.getItem(doc.store, id) : undefined);
}

/**
 * Looks at the structs of a decoded update (`Y.decodeUpdate(update).structs`) before it is applied.
 * Returns `null` when every one is made of the shape's words, else what is wrong, in English, for the log.
 * With `inDocument` (`findIn(doc)`) it also sees where an item would land, so that text cannot be put where only
 * paragraphs may stand. Whole-tree validity is not judged: two valid edits may merge into an odd tree, and
 * reading it normalises.
 */
export function checkStructs(
  structs: readonly Struct[],
  shape: DocumentShape = documentShape,
  inDocument?: Find,
): string | null {
  const inUpdate = findAmong(structs);
  const spotOf = spotFinder((id) => inUpdate(id) ?? inDocument?.(id));
  for (const struct of structs) {
    if (!(struct instanceof Y.Item)) continue;
    const fault = faultOf(struct, shape, spotOf);
    if (fault !== null) return fault;
  }
  return null;
}

/** `checkStructs` for an update as it arrives. Throws where the bytes are no update at all. */
export function checkUpdate(
  update: Uint8Array,
  shape: DocumentShape = documentShape,
  doc?: Y.Doc,
): string | null {
  return checkStructs(Y.decodeUpdate(update).structs, shape, doc && findIn(doc));
}
