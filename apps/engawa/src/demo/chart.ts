import { crc32, deflateSync } from 'node:zlib';

type Rgb = [number, number, number];
const PAPER: Rgb = [253, 252, 249];
const LINE: Rgb = [221, 214, 201];
const INK: Rgb = [74, 66, 56];
const INDIGO: Rgb = [38, 68, 122];
const WOOD: Rgb = [181, 133, 63];
const SIZE = { width: 960, height: 540 };
const PLOT = { left: 90, right: 910, top: 60, bottom: 460 };

/** Ten digits of three by five dots. */
const DIGITS = [
  '111101101101111',
  '010110010010111',
  '111001111100111',
  '111001111001111',
  '101101111001001',
  '111100111001111',
  '111100111101111',
  '111001001010010',
  '111101111101111',
  '111101111001111',
];

/** Two bars a month as a PNG, drawn dot by dot: the demo brings no drawing program along. */
export function makeChart(months: { month: number; mail: number; here: number }[]): Buffer {
  const pixels = Buffer.alloc(SIZE.width * SIZE.height * 3);
  const fill = (x: number, y: number, w: number, h: number, [r, g, b]: Rgb): void => {
    for (let row = y; row < y + h; row += 1) {
      for (let column = x; column < x + w; column += 1)
        pixels.set([r, g, b], (row * SIZE.width + column) * 3);
    }
  };
  const write = (value: number, x: number, y: number, dot: number): void => {
    const digits = [...String(value)];
    digits.forEach((digit, place) => {
      [...DIGITS[Number(digit)]!].forEach((bit, i) => {
        const left = x + (place * 4 + (i % 3) - digits.length * 2) * dot;
        if (bit === '1') fill(left, y + Math.floor(i / 3) * dot, dot, dot, INK);
      });
    });
  };
  fill(0, 0, SIZE.width, SIZE.height, PAPER);
  const most = Math.max(...months.flatMap(({ mail, here }) => [mail, here]), 1);
  const scale = (PLOT.bottom - PLOT.top) / (Math.ceil(most / 10) * 10);
  for (let value = 0; value <= Math.ceil(most / 10) * 10; value += 10) {
    const y = Math.round(PLOT.bottom - value * scale);
    fill(PLOT.left, y, PLOT.right - PLOT.left, value === 0 ? 3 : 1, value === 0 ? INK : LINE);
    write(value, PLOT.left - 30, y - 7, 3);
  }
  const step = (PLOT.right - PLOT.left) / months.length;
  months.forEach(({ month, mail, here }, i) => {
    const x = Math.round(PLOT.left + step * (i + 0.5));
    const bars: [number, number, Rgb][] = [
      [mail, x - 46, WOOD],
      [here, x + 2, INDIGO],
    ];
    for (const [value, left, colour] of bars) {
      const height = Math.round(value * scale);
      fill(left, PLOT.bottom - height, 44, height, colour);
      write(value, left + 24, PLOT.bottom - height - 22, 3);
    }
    write(month, x + 2, PLOT.bottom + 22, 4);
  });
  return encode(pixels);
}

function encode(pixels: Buffer): Buffer {
  const stride = SIZE.width * 3;
  const rows = Array.from({ length: SIZE.height }, (_, y) =>
    Buffer.concat([Buffer.from([0]), pixels.subarray(y * stride, (y + 1) * stride)]),
  );
  const head = Buffer.alloc(13);
  head.writeUInt32BE(SIZE.width, 0);
  head.writeUInt32BE(SIZE.height, 4);
  // Eight bits each of red, green and blue.
  head.set([8, 2, 0, 0, 0], 8);
  return Buffer.concat([
    Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
    chunk('IHDR', head),
    chunk('IDAT', deflateSync(Buffer.concat(rows))),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

function chunk(name: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(name, 'latin1'), data]);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(data.length);
  const sum = Buffer.alloc(4);
  sum.writeUInt32BE(crc32(body));
  return Buffer.concat([length, body, sum]);
}
