import * as encoding from 'lib0/encoding';
import type * as Y from 'yjs';
import type { Chance } from './chance.ts';

const NAMES = ['paragraph', 'heading', 'image', 'script', 'listItem', '__proto__', 'constructor', ''];
const KEYS = [
  'bold',
  'link',
  'level',
  'file',
  'onclick',
  'toString',
  '__proto__',
  'n',
  'b',
  't',
  'z',
  'i',
  'x1',
];
const ROOTS = ['content', 'content', 'elements', 'elements', 'elsewhere', '', '__proto__'];
const JSONS = [
  '{}',
  'null',
  '"a"',
  '1e999',
  '{"href":"javascript:alert(1)"}',
  '{"href":"https://example.jp/"}',
  '{"__proto__":1}',
  '[[[[]]]]',
];
/** Kinds of content; those that ours are made of more often. */
const REFS = [1, 2, 3, 4, 4, 4, 5, 6, 6, 7, 7, 7, 8, 8, 9];
const VALUES: unknown[] = [
  null,
  undefined,
  true,
  0,
  -1,
  NaN,
  1e300,
  '',
  'a0',
  [0, 0, 10, 10, 0],
  ['note', 0, 0, 10, 10, 0, 'a0', {}],
  {},
  { href: 'x' },
  new Uint8Array([1, 255]),
  2 ** 60,
];

/** Writes one Yjs update (V1) by hand: every struct and content there is, in places where none of ours would be. */
export function craftedUpdate(chance: Chance, doc: Y.Doc): Uint8Array {
  const known = [...doc.store.clients].map(([client, structs]) => ({
    client,
    end: structs.at(-1)!.id.clock + structs.at(-1)!.length,
  }));
  const encoder = encoding.createEncoder();
  const clients = chance.often(0.3) ? 2 : 1;
  encoding.writeVarUint(encoder, clients);
  for (let index = 0; index < clients; index += 1) writeClient(encoder, chance, known, index);
  writeDeletes(encoder, chance, known);
  return encoding.toUint8Array(encoder);
}

type Known = { client: number; end: number }[];

function writeClient(encoder: encoding.Encoder, chance: Chance, known: Known, index: number): void {
  const old = chance.often(0.15) ? chance.pick(known) : null;
  const client = old?.client ?? 1_000_000 + index;
  const clock = old?.end ?? (chance.often(0.05) ? chance.int(9) : 0);
  const structs = 1 + chance.int(chance.pick([1, 2, 6]));
  encoding.writeVarUint(encoder, structs);
  encoding.writeVarUint(encoder, client);
  encoding.writeVarUint(encoder, clock);
  known.push({ client, end: clock + structs });
  for (let left = structs; left > 0; left -= 1) writeStruct(encoder, chance, known);
}

function writeStruct(encoder: encoding.Encoder, chance: Chance, known: Known): void {
  const ref = chance.often(0.03) ? chance.pick([0, 10, 11, 15, 31]) : chance.pick(REFS);
  const [left, right] = [chance.often(0.4), chance.often(0.3)];
  const sub = chance.often(0.3);
  encoding.writeUint8(encoder, ref | (left ? 128 : 0) | (right ? 64 : 0) | (sub ? 32 : 0));
  if (ref === 0 || ref === 10) return encoding.writeVarUint(encoder, 1 + chance.int(3));
  if (left) writeId(encoder, chance, known);
  if (right) writeId(encoder, chance, known);
  if (!left && !right) {
    const root = chance.often(0.4);
    encoding.writeVarUint(encoder, root ? 1 : 0);
    if (root) encoding.writeVarString(encoder, chance.pick(ROOTS));
    else writeId(encoder, chance, known);
    if (sub) encoding.writeVarString(encoder, chance.pick(KEYS));
  }
  writeContent(encoder, chance, ref);
}

function writeId(encoder: encoding.Encoder, chance: Chance, known: Known): void {
  const { client, end } = chance.pick(known);
  encoding.writeVarUint(encoder, client);
  encoding.writeVarUint(encoder, chance.int(end + (chance.often(0.05) ? 5 : 0)));
}

function writeContent(encoder: encoding.Encoder, chance: Chance, ref: number): void {
  const some = chance.often(0.03) ? 0 : 1 + chance.int(2);
  if (ref === 1) encoding.writeVarUint(encoder, some);
  else if (ref === 2) {
    encoding.writeVarUint(encoder, some);
    for (let left = some; left > 0; left -= 1) encoding.writeVarString(encoder, chance.pick(JSONS));
  } else if (ref === 3) encoding.writeVarUint8Array(encoder, chance.bytes(chance.int(12)));
  else if (ref === 4)
    encoding.writeVarString(
      encoder,
      chance.often(0.03) ? '' : chance.pick(['a', '縁側', '😀', '\ud800', '\0']),
    );
  else if (ref === 5) encoding.writeVarString(encoder, chance.pick(JSONS));
  else if (ref === 6) {
    encoding.writeVarString(encoder, chance.pick(KEYS));
    encoding.writeVarString(encoder, chance.pick(JSONS));
  } else if (ref === 7) {
    const type = chance.int(chance.often(0.02) ? 9 : 7);
    encoding.writeVarUint(encoder, type);
    if (type === 3 || type === 5) encoding.writeVarString(encoder, chance.pick(NAMES));
  } else if (ref === 8) {
    encoding.writeVarUint(encoder, some);
    for (let left = some; left > 0; left -= 1) encoding.writeAny(encoder, chance.pick(VALUES) as never);
  } else if (ref === 9) {
    encoding.writeVarString(encoder, 'guid');
    encoding.writeAny(encoder, chance.pick(VALUES) as never);
  }
}

function writeDeletes(encoder: encoding.Encoder, chance: Chance, known: Known): void {
  const clients = chance.int(3);
  encoding.writeVarUint(encoder, clients);
  for (let left = clients; left > 0; left -= 1) {
    const { client, end } = chance.pick(known);
    const ranges = chance.int(3);
    encoding.writeVarUint(encoder, client);
    encoding.writeVarUint(encoder, ranges);
    for (let range = ranges; range > 0; range -= 1) {
      encoding.writeVarUint(encoder, chance.int(end + 1));
      encoding.writeVarUint(encoder, chance.often(0.05) ? chance.pick([0, 2 ** 40]) : 1 + chance.int(3));
    }
  }
}
