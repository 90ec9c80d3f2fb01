import { prosemirrorJSONToYXmlFragment } from '@tiptap/y-tiptap';
import * as Y from 'yjs';
import { CONTENT, schema } from './schema.ts';
import { documentShape } from './shape.ts';

/** A mark as ProseMirror writes it in JSON. */
export interface MarkJson {
  type: string;
  attrs?: Record<string, unknown>;
}

/** A node as ProseMirror writes it in JSON; a document is a node of type `doc`. */
export interface NodeJson {
  type: string;
  attrs?: Record<string, unknown>;
  content?: NodeJson[];
  text?: string;
  marks?: MarkJson[];
}

/** Nothing that people write nests deeper; what does is read as plain text. */
export const MAX_DEPTH = 60;

/** Keeps the attributes whose values the schema knows; the others fall back to their defaults. */
function knownAttributes(values: Record<string, unknown>, of: Record<string, unknown> | undefined) {
  const checks = (of ?? {}) as Record<string, (value: unknown) => boolean>;
  return Object.fromEntries(Object.entries(values).filter(([name, value]) => checks[name]?.(value) === true));
}

interface Delta {
  insert?: unknown;
  attributes?: Record<string, unknown>;
}

function readText(text: Y.XmlText): NodeJson[] {
  return (text.toDelta() as Delta[]).flatMap(({ insert, attributes = {} }) => {
    if (typeof insert !== 'string' || insert === '') return [];
    const marks = Object.entries(attributes)
      .filter(([name, value]) => Object.hasOwn(documentShape.marks, name) && value !== null)
      .map(([type, value]) => {
        const attrs = knownAttributes(value as Record<string, unknown>, documentShape.marks[type]);
        return Object.keys(attrs).length > 0 ? { type, attrs } : { type };
      })
      .filter((mark) => mark.type !== 'link' || 'attrs' in mark);
    return [marks.length > 0 ? { type: 'text', text: insert, marks } : { type: 'text', text: insert }];
  });
}

function readElement(element: Y.XmlElement, depth: number): NodeJson[] {
  const content = readChildren(element, depth + 1);
  if (!Object.hasOwn(documentShape.nodes, element.nodeName) || depth > MAX_DEPTH) return content;
  const attrs = knownAttributes(element.getAttributes(), documentShape.nodes[element.nodeName]);
  const node: NodeJson = { type: element.nodeName };
  if (Object.keys(attrs).length > 0) node.attrs = attrs;
  if (content.length > 0) node.content = content;
  return [node];
}

function readChildren(parent: Y.XmlFragment, depth: number): NodeJson[] {
  // A tree this deep was not typed; it is left unread rather than followed until the stack ends.
  if (depth > MAX_DEPTH * 4) return [];
  return parent.toArray().flatMap((child: unknown) => {
    if (child instanceof Y.XmlText) return readText(child);
    return child instanceof Y.XmlElement ? readElement(child, depth) : [];
  });
}

/** Reads a live document's content as ProseMirror JSON, leaving out whatever the schema does not know. */
export function contentToJson(content: Y.XmlFragment): NodeJson {
  return { type: 'doc', content: readChildren(content, 0) };
}

/** Reads a stored state (a Yjs update, V1) as ProseMirror JSON. No state is an empty document. */
export function updateToJson(...updates: readonly (Uint8Array | null)[]): NodeJson {
  const doc = new Y.Doc();
  for (const update of updates) if (update !== null) Y.applyUpdate(doc, update);
  const json = contentToJson(doc.getXmlFragment(CONTENT));
  doc.destroy();
  return json;
}

export interface UpdateOptions {
  /** What the document holds now (Yjs updates, V1): the new content goes after it. Without it, a new document. */
  after?: readonly Uint8Array[];
}

/** Writes ProseMirror JSON as one Yjs update (V1) for the document's content. */
export function jsonToUpdate(json: NodeJson, { after = [] }: UpdateOptions = {}): Uint8Array {
  const doc = new Y.Doc();
  for (const update of after) Y.applyUpdate(doc, update);
  const before = Y.encodeStateVector(doc);
  const made = new Y.Doc();
  const fragment = prosemirrorJSONToYXmlFragment(schema, json, made.getXmlFragment(CONTENT));
  const content = doc.getXmlFragment(CONTENT);
  content.insert(
    content.length,
    fragment.toArray().map((node) => (node as Y.XmlElement).clone()),
  );
  const update = Y.encodeStateAsUpdate(doc, before);
  doc.destroy();
  made.destroy();
  return update;
}
