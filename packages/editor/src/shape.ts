import type { DocumentShape, ValueCheck } from '@engawa/schema';
import { findIn, firstFault, type FindStruct, type Spot, type Struct } from '@engawa/structs';
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

type Place = 'root' | 'element' | 'text' | 'elsewhere';

function placeOf({ inside }: Spot): Place | undefined {
  if (inside === null) return undefined;
  if (inside === CONTENT) return 'root';
  if (inside instanceof Y.XmlText) return 'text';
  return inside instanceof Y.XmlElement ? 'element' : 'elsewhere';
}

function faultOf(item: Y.Item, shape: DocumentShape, spotOf: (item: Y.Item) => Spot): string | null {
  const { content, parent } = item;
  if (typeof parent === 'string' && parent !== CONTENT) return `root ${JSON.stringify(parent)}`;
  if (content instanceof Y.ContentDeleted) return null;
  const spot = spotOf(item);
  const place = placeOf(spot);
  const fits = (...places: Place[]) => place === undefined || places.includes(place);
  if (spot.key !== null) {
    return fits('element') ? attributeFault(spot.key, content, shape) : 'attribute out of place';
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
  inDocument?: FindStruct,
): string | null {
  return firstFault(structs, (item, spotOf) => faultOf(item, shape, spotOf), inDocument);
}

/** `checkStructs` for an update as it arrives. Throws where the bytes are no update at all. */
export function checkUpdate(
  update: Uint8Array,
  shape: DocumentShape = documentShape,
  doc?: Y.Doc,
): string | null {
  return checkStructs(Y.decodeUpdate(update).structs, shape, doc && findIn(doc));
}
