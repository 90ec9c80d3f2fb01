import { createWriteStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { NoPicture, Pictures } from '@engawa/domain';
import sharp from 'sharp';

/** The longer side of a thumbnail, and of the picture for whoever may only look. */
const SMALL = 512;
const LARGE = 1600;
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
 * The image as WebP, small and larger: turned as its camera says, of an animation the first picture, without what else the
 * file tells (place, camera). Or why there is none. Errors of the source itself pass.
 */
export async function drawImage(source: Readable): Promise<Pictures | NoPicture> {
  const folder = await mkdtemp(join(tmpdir(), 'engawa-image-'));
  try {
    const path = join(folder, 'image');
    await pipeline(source, createWriteStream(path));
    return await draw(path);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function draw(path: string): Promise<Pictures | NoPicture> {
  try {
    // Unfolded once: the small picture is made of the larger one's pixels, ten megabytes at most.
    const { data, info } = await sharp(path, {
      limitInputPixels: MOST_PIXELS,
      failOn: 'truncated',
      sequentialRead: true,
    })
      .autoOrient()
      .resize({ width: LARGE, height: LARGE, fit: 'inside', withoutEnlargement: true })
      .toColourspace('srgb')
      .timeout({ seconds: SECONDS })
      .raw()
      .toBuffer({ resolveWithObject: true });
    const { width, height, channels } = info;
    const webp = (side: number) =>
      sharp(data, { raw: { width, height, channels } })
        .resize({ width: side, height: side, fit: 'inside', withoutEnlargement: true })
        .webp({ quality: 78 })
        .timeout({ seconds: SECONDS })
        .toBuffer();
    const large = Math.max(width, height) > SMALL ? await webp(LARGE) : null;
    return { small: await webp(SMALL), large };
  } catch (error) {
    return /pixel limit/i.test((error as Error).message) ? 'too_many_pixels' : 'broken';
  }
}
