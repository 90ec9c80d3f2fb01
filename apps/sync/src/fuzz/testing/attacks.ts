import { SYNC_CLOSE } from '@engawa/schema';
import * as Y from 'yjs';
import { frameOf } from '../../testing/raw.ts';
import type { Chance } from './chance.ts';
import { craftedUpdate } from './craft.ts';
import { editBoard, editDocument } from './edits.ts';
import { mutated } from './mutate.ts';

/** What somebody who attacks an item knows of it. */
export interface Target {
  kind: 'doc' | 'board';
  /** The document's name, with which every frame begins. */
  name: string;
  /** What pages have sent. */
  frames: Uint8Array[];
  /** The document as it is now, with whose client ids are in it. */
  doc: Y.Doc;
}

/** One frame that no page sends. */
type Attack = (target: Target, chance: Chance) => Uint8Array | string;

/** The change that an edit makes, as it is sent. */
function changeOf(from: Y.Doc, edit: (doc: Y.Doc) => void, clientId?: number): Uint8Array {
  const doc = new Y.Doc();
  Y.applyUpdate(doc, Y.encodeStateAsUpdate(from));
  if (clientId !== undefined) doc.clientID = clientId;
  const before = Y.encodeStateVector(doc);
  edit(doc);
  const update = Y.encodeStateAsUpdate(doc, before);
  doc.destroy();
  return update;
}

const JUNK = [
  'null',
  '1',
  '"a"',
  '[]',
  '{',
  '{}',
  '{"cursor":{}}',
  '{"user":{"name":"知事"}}',
  '['.repeat(9_000),
];

function awarenessJunk({ name, doc }: Target, chance: Chance): Uint8Array {
  const clients = [...doc.store.clients.keys(), 1, 2 ** 32, 2 ** 53 - 1];
  const count = chance.pick([0, 1, 1, 2, 3, 2 ** 31]);
  const parts: (number | string)[] = [count];
  for (let left = Math.min(count, 3); left > 0; left -= 1)
    parts.push(chance.pick(clients), chance.pick([0, 1, 2 ** 40]), chance.pick(JUNK));
  return frameOf([name, 1, frameOf(parts)]);
}

const ATTACKS: readonly Attack[] = [
  ({ frames, name }, chance) =>
    mutated(chance.pick(frames), chance, frames, chance.often(0.9) ? name.length + 1 : 0),
  ({ frames, name }, chance) => mutated(chance.pick(frames), chance, frames, name.length + 1),
  ({ name, doc }, chance) => frameOf([name, 0, chance.pick([1, 2]), craftedUpdate(chance, doc)]),
  ({ name, doc }, chance) => frameOf([name, 0, 2, craftedUpdate(chance, doc)]),
  // Under the client id of somebody who is writing.
  ({ name, doc, kind }, chance) => {
    const edit = kind === 'doc' ? editDocument : editBoard;
    const forged = changeOf(doc, (copy) => edit(copy, chance), chance.pick([...doc.store.clients.keys()]));
    return frameOf([name, 0, 2, forged]);
  },
  // What another kind of item is made of.
  ({ name, doc, kind }, chance) => {
    const edit = kind === 'doc' ? editBoard : editDocument;
    return frameOf([name, 0, 2, changeOf(doc, (copy) => edit(copy, chance))]);
  },
  awarenessJunk,
  // Stateless and broadcast messages, and types there are none of.
  ({ name }, chance) => frameOf([name, chance.pick([4, 5, 6, 8, 9, 10, 2 ** 31]), chance.pick(JUNK)]),
  // Steps out of order, and questions without end.
  ({ name, doc }, chance) =>
    frameOf([name, 0, chance.pick([0, 0, 1, 3]), chance.pick([Y.encodeStateVector(doc), chance.bytes(9)])]),
  ({ name }) => frameOf([name, 2, 0, 'again']),
  (_, chance) => chance.bytes(1 + chance.int(200)),
  () => 'text',
];

export const anAttack: Attack = (target, chance) => chance.pick(ATTACKS)(target, chance);

const CODES = new Set<number>(Object.values(SYNC_CLOSE).map(({ code }) => code));
/** What `ws` itself says of frames that are none. */
const PROTOCOL = [1002, 1005, 1006, 1007, 1009];

/** Whether a connection was ended for a reason that has a name. */
export const isNamed = (code: number): boolean => CODES.has(code) || PROTOCOL.includes(code);
