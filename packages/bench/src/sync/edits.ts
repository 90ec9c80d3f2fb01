import * as encoding from 'lib0/encoding';
import * as Y from 'yjs';
import { Cursor } from './wire.ts';

/** The clock of a writer's first letter: a paragraph, its text and one letter stand before it. */
export const FIRST = 3;

/** A paragraph of the writer's own, so that nobody's edits wait for another's. */
export function opening(clientId: number): Uint8Array {
  const doc = new Y.Doc();
  doc.clientID = clientId;
  const paragraph = new Y.XmlElement('paragraph');
  doc.getXmlFragment('content').insert(0, [paragraph]);
  const text = new Y.XmlText();
  paragraph.insert(0, [text]);
  text.insert(0, 'a');
  return Y.encodeStateAsUpdate(doc);
}

/** The keystroke with this clock, as Yjs encodes it (V1): one letter after the one before. */
export function keystroke(clientId: number, clock: number): Uint8Array {
  const encoder = encoding.createEncoder();
  for (const number of [1, 1, clientId, clock]) encoding.writeVarUint(encoder, number);
  // A string that has an origin to its left.
  encoding.writeUint8(encoder, 0x84);
  encoding.writeVarUint(encoder, clientId);
  encoding.writeVarUint(encoder, clock - 1);
  encoding.writeVarString(encoder, String.fromCharCode(97 + (clock % 26)));
  encoding.writeVarUint(encoder, 0);
  return encoding.toUint8Array(encoder);
}

/** Whose letters an update brings, from which clock, and how many. Null when it is nothing that `keystroke` made. */
export function readKeystrokes(
  bytes: Uint8Array,
  start: number,
): { clientId: number; clock: number; count: number } | null {
  const cursor = new Cursor(bytes, start);
  if (cursor.number() !== 1 || cursor.number() !== 1) return null;
  const clientId = cursor.number();
  const clock = cursor.number();
  if (cursor.byte() !== 0x84) return null;
  cursor.number();
  cursor.number();
  // ASCII: as many letters as bytes.
  return { clientId, clock, count: cursor.number() };
}
