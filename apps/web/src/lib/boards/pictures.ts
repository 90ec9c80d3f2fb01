import { createImage } from '@engawa/board';
import { toast } from '@engawa/ui';
import { HEAD_BYTES, imageSize, isTooLarge } from '#lib/files/image-size.ts';
import { firstBytes } from '#lib/files/first-bytes.ts';
import { isPictureFile, PictureRefused, uploadPicture } from '#lib/files/picture-uploads.ts';
import { shortTitle } from '#lib/items/short-title.ts';
import { m } from '#lib/paraglide/messages.js';
import type { BoardDesk } from './board-desk.svelte.ts';
import { pasteText } from './pasting.ts';

type Point = { x: number; y: number };

/** Pixels of the longer side that a board keeps of a picture: enough at twice its size, bounded in memory. */
const SHARP = 1600;
/** The same on a board with very many of them. */
const SMALL = 512;
/** Board units of the longer side of a picture when it comes. */
const SIDE = 480;
/** What one brought up oneself is shown from here, at once. */
const brought = new Map<string, Blob>();

/** A picture of the vault, as small as it is needed on a board. Rejects where there is none to be drawn. */
export async function loadPicture(file: string, small = false): Promise<ImageBitmap> {
  const own = brought.get(file);
  return drawn(own ?? (await stored(file, small)), small ? SMALL : SHARP);
}

async function stored(file: string, small: boolean): Promise<Blob> {
  // The picture that the server made is as sharp as a board keeps it, and is there for whoever may only look, too.
  const preview = await fetch(`/files/${file}/${small ? 'thumbnail' : 'preview'}`);
  if (preview.ok && preview.headers.get('content-type')?.startsWith('image/')) return preview.blob();
  // None (yet): the file itself, unless it cannot be unpacked safely.
  const whole = `/files/${file}/content`;
  const { bytes } = await firstBytes(whole, HEAD_BYTES, new AbortController().signal);
  const size = imageSize(bytes);
  const answer = size === null || isTooLarge(size) ? null : await fetch(whole);
  if (!answer?.ok) throw new Error(`The picture ${file} cannot be shown`);
  return answer.blob();
}

async function drawn(blob: Blob, side: number): Promise<ImageBitmap> {
  const full = await createImageBitmap(blob);
  const scale = side / Math.max(full.width, full.height);
  if (scale >= 1) return full;
  const resizeWidth = Math.max(1, Math.round(full.width * scale));
  const small = await createImageBitmap(full, { resizeWidth, resizeQuality: 'high' });
  full.close();
  return small;
}

/** Puts a picture of the vault on the board, its middle at `at`. */
export async function placePicture(desk: BoardDesk, file: string, name: string, at: Point): Promise<void> {
  const size = await loadPicture(file).catch(() => null);
  const [width, height] = size ? [size.width, size.height] : [4, 3];
  size?.close();
  const scale = SIDE / Math.max(width, height);
  const [w, h] = [width * scale, height * scale];
  const bounds = { x: at.x - w / 2, y: at.y - h / 2, w, h, r: 0 };
  const made = desk.attempt((board) => createImage(board, file, bounds, name.replace(/\.\w+$/, '')));
  if (made) desk.select([made], true);
}

/** Files that were chosen, dropped or pasted: pictures go into the vault beside the board, texts become notes. */
export async function addPictures(desk: BoardDesk, files: readonly File[], at: Point): Promise<void> {
  const { place } = desk;
  let step = 0;
  for (const file of files) {
    if (/^text\//.test(file.type)) {
      pasteText(desk, await file.text(), at);
      continue;
    }
    if (!place || !isPictureFile(file)) {
      toast(m.board_only_pictures({ name: shortTitle(file.name) }), { tone: 'danger' });
      continue;
    }
    toast(m.board_image_adding());
    const there = { x: at.x + step * 40, y: at.y + step * 40 };
    step += 1;
    try {
      const id = await uploadPicture(file, place);
      brought.set(id, file);
      await placePicture(desk, id, file.name, there);
    } catch (error) {
      const told = error instanceof PictureRefused ? error.told : null;
      toast(told ?? m.errors_board_file(), { tone: 'danger' });
    }
  }
}
