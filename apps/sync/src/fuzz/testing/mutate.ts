import * as encoding from 'lib0/encoding';
import type { Chance } from './chance.ts';

/** Numbers that decoders stumble over. */
const NUMBERS = [0, 1, 63, 64, 127, 128, 255, 2 ** 14, 2 ** 31 - 1, 2 ** 31, 2 ** 32, 2 ** 53 - 1];

type Mutation = (bytes: Uint8Array, chance: Chance, others: readonly Uint8Array[]) => Uint8Array;

const flip: Mutation = (bytes, chance) => {
  const copy = bytes.slice();
  if (copy.length > 0) copy[chance.int(copy.length)]! ^= 1 << chance.int(8);
  return copy;
};
const set: Mutation = (bytes, chance) => {
  const copy = bytes.slice();
  if (copy.length > 0) copy[chance.int(copy.length)] = chance.pick([0, 1, 7, 127, 128, 255, chance.int(256)]);
  return copy;
};
const cut: Mutation = (bytes, chance) => bytes.slice(0, chance.int(bytes.length + 1));
const drop: Mutation = (bytes, chance) => {
  const at = chance.int(bytes.length + 1);
  return joined(bytes.subarray(0, at), bytes.subarray(at + 1 + chance.int(4)));
};
const put: Mutation = (bytes, chance) => {
  const at = chance.int(bytes.length + 1);
  return joined(bytes.subarray(0, at), chance.bytes(1 + chance.int(8)), bytes.subarray(at));
};
/** A length, a client, a clock: one number becomes another. */
const count: Mutation = (bytes, chance) => {
  const at = chance.int(bytes.length + 1);
  const encoder = encoding.createEncoder();
  encoding.writeVarUint(encoder, chance.pick(NUMBERS));
  return joined(bytes.subarray(0, at), encoding.toUint8Array(encoder), bytes.subarray(at + 1));
};
const splice: Mutation = (bytes, chance, others) => {
  const other = chance.pick(others);
  return joined(
    bytes.subarray(0, chance.int(bytes.length + 1)),
    other.subarray(chance.int(other.length + 1)),
  );
};
const repeat: Mutation = (bytes, chance) => {
  const from = chance.int(bytes.length + 1);
  const part = bytes.subarray(from, from + 1 + chance.int(32));
  return joined(bytes.subarray(0, from), part, part, bytes.subarray(from));
};
const MUTATIONS: readonly Mutation[] = [flip, flip, set, set, cut, drop, put, count, count, splice, repeat];

/** A few changes of a valid frame. `keep` bytes at its beginning stay: else most only miss the document's name. */
export function mutated(
  frame: Uint8Array,
  chance: Chance,
  others: readonly Uint8Array[],
  keep = 0,
): Uint8Array {
  let rest: Uint8Array = frame.slice(keep);
  for (let left = 1 + chance.int(3); left > 0; left -= 1) rest = chance.pick(MUTATIONS)(rest, chance, others);
  return joined(frame.subarray(0, keep), rest);
}

function joined(...parts: Uint8Array[]): Uint8Array<ArrayBuffer> {
  return new Uint8Array(Buffer.concat(parts));
}
