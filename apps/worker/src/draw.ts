import { createWriteStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { NoPicture } from '@engawa/domain';
import sharp from 'sharp';

/** The longer side of a thumbnail. */
const SIDE = 512;
/** A phone's largest picture passes; a bomb of a few kilobytes that unfolds to gigabytes does not. */
const MOST_PIXELS = 120_000_000;
const SECONDS = 30;

// What strangers send is read by a few formats' readers and by no others, one image after the other, and not kept.
sharp.block({ operation: ['VipsForeignLoad'] });
sharp.unblock({
  operation: ['Jpeg', 'Png', 'Webp', 'Nsgif', 'Heif', 'Tiff'].map((format) => `VipsForeignLoad${format}File`),
});
sharp.cache(false);
sharp.concurrency(1);

/**
 * The image as a small WebP: turned as its camera says, of an animation the first picture, without what else the file
 * tells (place, camera). Or why there is none. Errors of the source itself pass.
 */
export async function drawSmall(source: Readable): Promise<Buffer | NoPicture> {
  const folder = await mkdtemp(join(tmpdir(), 'engawa-image-'));
  try {
    const path = join(folder, 'image');
    await pipeline(source, createWriteStream(path));
    return await draw(path);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function draw(path: string): Promise<Buffer | NoPicture> {
  try {
    return await sharp(path, { limitInputPixels: MOST_PIXELS, failOn: 'truncated', sequentialRead: true })
      .autoOrient()
      .resize({ width: SIDE, height: SIDE, fit: 'inside', withoutEnlargement: true })
      .webp({ quality: 78 })
      .timeout({ seconds: SECONDS })
      .toBuffer();
  } catch (error) {
    return /pixel limit/i.test((error as Error).message) ? 'too_many_pixels' : 'broken';
  }
}
