import * as encoding from 'lib0/encoding';
import { expect, test } from 'vitest';
import { frameOf } from '../testing/raw.ts';
import { MalformedFrame, readFrame, weightOf } from './frames.ts';

const OPEN = { open: true, whole: true };

/** An update of so many structs, swept-away letters each, and so many deletions: two bytes and a few more. */
function update(structs: number, deletions: number): Uint8Array {
  const encoder = encoding.createEncoder();
  encoding.writeVarUint(encoder, 1);
  for (const number of [structs, 4711, 0]) encoding.writeVarUint(encoder, number);
  for (let left = structs; left > 0; left -= 1) {
    encoding.writeUint8(encoder, 0);
    encoding.writeVarUint(encoder, 1);
  }
  encoding.writeVarUint(encoder, 1);
  for (const number of [4711, deletions]) encoding.writeVarUint(encoder, number);
  for (let clock = 0; clock < deletions; clock += 1) {
    encoding.writeVarUint(encoder, clock);
    encoding.writeVarUint(encoder, 1);
  }
  return frameOf(['doc', 0, 2, encoding.toUint8Array(encoder)]);
}

test.each([
  [1_000_001, 0],
  [1, 1_000_000],
])(
  'an update of %i structs and %i deletions is given up before it fills the memory',
  (structs, deletions) => {
    expect(() => readFrame(update(structs, deletions), 'doc', OPEN)).toThrow(MalformedFrame);
  },
);

test('an update weighs what is in it, or its bytes', () => {
  const many = update(10_000, 5_000);
  expect(weightOf(readFrame(many, 'doc', OPEN), many.byteLength)).toBe(15_000 * 16);
  const few = update(1, 1);
  expect(weightOf(readFrame(few, 'doc', OPEN), 100)).toBe(100);
});
