import { expect, test } from 'vitest';
import { imageSize, isTooLarge } from './image-size.ts';

const bytes = (start: number[] | string, length = 64) => {
  const all = new Uint8Array(length);
  all.set(typeof start === 'string' ? Array.from(start, (char) => char.charCodeAt(0)) : start);
  return all;
};
const put = (all: Uint8Array, at: number, ...values: number[]) => {
  all.set(values, at);
  return all;
};

test.each([
  ['PNG', put(bytes('\u0089PNG'), 16, 0, 0, 0x75, 0x30, 0, 0, 0x75, 0x30), { width: 30_000, height: 30_000 }],
  ['GIF', put(bytes('GIF89a'), 6, 0x40, 1, 0xf0, 0), { width: 320, height: 240 }],
  ['BMP upside down', put(bytes('BM'), 18, 2, 0, 0, 0, 0xfe, 0xff, 0xff, 0xff), { width: 2, height: 2 }],
  [
    'JPEG behind what a camera wrote',
    put(bytes([0xff, 0xd8, 0xff, 0xe1, 0, 4, 9, 9]), 8, 0xff, 0xc2, 0, 11, 8, 0x0b, 0xd0, 0x0f, 0xc0),
    { width: 4032, height: 3024 },
  ],
  ['WebP', put(bytes('RIFF....WEBPVP8X'), 24, 0x3f, 1, 0, 0xef, 0, 0), { width: 320, height: 240 }],
  [
    'AVIF, the larger of two',
    put(
      put(
        bytes('....ftypavif', 128),
        40,
        ...Array.from('ispe', (c) => c.charCodeAt(0)),
        0,
        0,
        0,
        0,
        0,
        0,
        0,
        8,
        0,
        0,
        0,
        8,
      ),
      80,
      ...Array.from('ispe', (c) => c.charCodeAt(0)),
      0,
      0,
      0,
      0,
      0,
      0,
      1,
      64,
      0,
      0,
      0,
      240,
    ),
    { width: 320, height: 240 },
  ],
  ['no picture', bytes('%PDF-1.7'), null],
  ['a JPEG that breaks off', bytes([0xff, 0xd8, 0xff, 0xe0, 0xff, 0xff]), null],
  ['too little', bytes([], 4), null],
])('%s', (_, given, size) => {
  expect(imageSize(given)).toEqual(size);
});

test('what would take the page down is told by its size alone', () => {
  expect(isTooLarge({ width: 30_000, height: 30_000 })).toBe(true);
  expect(isTooLarge({ width: 60_000, height: 10 })).toBe(true);
  expect(isTooLarge({ width: 8_000, height: 6_000 })).toBe(false);
});
