import * as encoding from 'lib0/encoding';
import * as Y from 'yjs';
import { Cursor } from './wire.ts';

/** What kind of item is edited: letters are typed into a document, notes are moved on a board. */
export type Edited = 'doc' | 'board';

/** The clock of a writer's first edit: three structs of its opening stand before it. */
export const FIRST = 3;

/** A string, and a value under a key, each with an origin to its left: the info bytes of Yjs' V1 encoding. */
const LETTER = 0x84;
const VALUE = 0xa8;

/** A paragraph or a note of the writer's own, so that nobody's edits wait for another's. */
export function opening(edited: Edited, clientId: number): Uint8Array {
  const doc = new Y.Doc();
  doc.clientID = clientId;
  doc.transact(() => {
    if (edited === 'doc') {
      const paragraph = new Y.XmlElement('paragraph');
      doc.getXmlFragment('content').insert(0, [paragraph]);
      const text = new Y.XmlText();
      paragraph.insert(0, [text]);
      text.insert(0, 'a');
    } else {
      const note = new Y.Map();
      doc.getMap('elements').set(`e${clientId.toString(36).padStart(9, '0')}`, note);
      note.set('n', ['note', 0, 0, 200, 200, 0, 'a0', {}]);
      note.set('b', placeAt(0));
    }
  });
  return Y.encodeStateAsUpdate(doc);
}

const placeAt = (clock: number) => [(clock * 7) % 4_000, (clock * 3) % 3_000, 200, 200, 0];

/** The edit with this clock, as Yjs encodes it (V1): the next letter, or the note's next place. */
export function editAt(edited: Edited, clientId: number, clock: number): Uint8Array {
  const encoder = encoding.createEncoder();
  const numbers = (...all: number[]) => all.forEach((one) => encoding.writeVarUint(encoder, one));
  numbers(1, 1, clientId, clock);
  encoding.writeUint8(encoder, edited === 'doc' ? LETTER : VALUE);
  numbers(clientId, clock - 1);
  if (edited === 'doc') {
    encoding.writeVarString(encoder, String.fromCharCode(97 + (clock % 26)));
    numbers(0);
  } else {
    numbers(1);
    encoding.writeAny(encoder, placeAt(clock));
    // The place before is deleted.
    numbers(1, clientId, 1, clock - 1, 1);
  }
  return encoding.toUint8Array(encoder);
}

/** Whose edits an update brings, from which clock, and how many. Null when it is not of one struct of `editAt`. */
export function readEdit(
  bytes: Uint8Array,
  start: number,
): { clientId: number; clock: number; count: number } | null {
  const cursor = new Cursor(bytes, start);
  if (cursor.number() !== 1 || cursor.number() !== 1) return null;
  const clientId = cursor.number();
  const clock = cursor.number();
  const info = cursor.byte();
  if (info === VALUE) return { clientId, clock, count: 1 };
  if (info !== LETTER) return null;
  cursor.number();
  cursor.number();
  // ASCII: as many letters as bytes.
  return { clientId, clock, count: cursor.number() };
}
