import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { crc32, deflateSync } from 'node:zlib';
import sharp from 'sharp';
import { afterAll, expect, test } from 'vitest';
import { drawImage } from './draw.ts';

const folder = mkdtempSync(join(tmpdir(), 'engawa-draw-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function draw(bytes: Uint8Array, which: 'small' | 'large' = 'small') {
  const drawn = await drawImage(Readable.from([bytes]));
  return typeof drawn === 'string' ? drawn : (drawn[which] ?? 'none');
}

/** What was drawn, as another program reads it from disk. */
async function sizeOf(drawn: Uint8Array | string): Promise<string> {
  if (typeof drawn === 'string') return drawn;
  const path = join(folder, 'drawn.webp');
  writeFileSync(path, drawn);
  const { format, width, height, pages, exif, hasAlpha } = await sharp(path).metadata();
  return `${format} ${width}×${height}${(pages ?? 1) > 1 ? ' moving' : ''}${exif ? ' exif' : ''}${hasAlpha ? ' clear' : ''}`;
}

const plain = (width: number, height: number) =>
  sharp({ create: { width, height, channels: 3, background: '#c33' } });

/** A PNG of one bit a pixel, all black: 120 KB for 900 million pixels. */
function bomb(side: number): Buffer {
  const chunk = (name: string, body: Buffer) => {
    const named = Buffer.concat([Buffer.from(name, 'latin1'), body]);
    const [size, sum] = [Buffer.alloc(4), Buffer.alloc(4)];
    size.writeUInt32BE(body.length);
    sum.writeUInt32BE(crc32(named));
    return Buffer.concat([size, named, sum]);
  };
  const head = Buffer.alloc(13);
  head.writeUInt32BE(side, 0);
  head.writeUInt32BE(side, 4);
  head[8] = 1;
  const rows = deflateSync(Buffer.alloc((Math.ceil(side / 8) + 1) * side), { level: 9 });
  const magic = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  return Buffer.concat([magic, chunk('IHDR', head), chunk('IDAT', rows), chunk('IEND', Buffer.alloc(0))]);
}

test('small, whole, never larger than it was', async () => {
  expect(await sizeOf(await draw(await plain(2_000, 1_000).png().toBuffer()))).toBe('webp 512×256');
  expect(await sizeOf(await draw(await plain(30, 20).avif().toBuffer()))).toBe('webp 30×20');
  // Through see-through and grey ones, too: the pixels go through a buffer of our own.
  const clear = { width: 700, height: 700, channels: 4, background: '#3930' } as const;
  expect(await sizeOf(await draw(await sharp({ create: clear }).png().toBuffer()))).toBe(
    'webp 512×512 clear',
  );
  expect(await sizeOf(await draw(await plain(600, 300).grayscale().png().toBuffer()))).toBe('webp 512×256');
  expect(await sizeOf(await draw(await plain(600, 300).toColourspace('cmyk').jpeg().toBuffer()))).toBe(
    'webp 512×256',
  );
});

test('beside it a larger one to look at, 1,600 pixels at most; none where the small one is all of it', async () => {
  expect(await sizeOf(await draw(await plain(4_000, 3_000).jpeg().toBuffer(), 'large'))).toBe(
    'webp 1600×1200',
  );
  expect(await sizeOf(await draw(await plain(800, 600).png().toBuffer(), 'large'))).toBe('webp 800×600');
  expect(await draw(await plain(500, 512).png().toBuffer(), 'large')).toBe('none');
});

test('turned as the camera says, and without what it tells of the place', async () => {
  const turned = plain(1_000, 500)
    .withExif({ IFD3: { GPSLatitude: '36/1 33/1 0/1' } })
    .withMetadata({ orientation: 6 });
  expect(await sizeOf(await draw(await turned.jpeg().toBuffer()))).toBe('webp 256×512');
});

test('of an animation the first picture', async () => {
  const pages = {
    create: { width: 40, height: 120, pageHeight: 40, channels: 3, background: '#393' },
  } as const;
  expect(await sizeOf(await draw(await sharp(pages).gif({ loop: 0 }).toBuffer()))).toBe('webp 40×40');
});

test('a bomb of 30,000 × 30,000 pixels is not unfolded', async () => {
  const bytes = bomb(30_000);
  expect(bytes.length).toBeLessThan(200_000);
  const before = process.memoryUsage().rss;
  expect(await draw(bytes)).toBe('too_many_pixels');
  expect(process.memoryUsage().rss - before).toBeLessThan(100 * 2 ** 20);
});

test('what is cut off, no image, or an image that could run is refused, and throws nothing', async () => {
  const whole = await sharp({
    create: {
      width: 800,
      height: 600,
      channels: 3,
      background: '#fff',
      noise: { type: 'gaussian', mean: 128, sigma: 40 },
    },
  })
    .jpeg()
    .toBuffer();
  expect(await draw(whole.subarray(0, whole.length / 2))).toBe('broken');
  expect(await draw(Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>'))).toBe(
    'broken',
  );
  expect(await draw(Buffer.from('MZ this program cannot be run in DOS mode'))).toBe('broken');
  expect(await draw(Buffer.alloc(0))).toBe('broken');
});

test('a source that breaks off is an error of its own: it is tried again', async () => {
  const broken = Readable.from(
    (async function* () {
      yield await Promise.resolve(Buffer.from('x'));
      throw new Error('the store went away');
    })(),
  );
  await expect(drawImage(broken)).rejects.toThrow('the store went away');
});
