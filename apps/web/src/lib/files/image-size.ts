/**
 * As many pixels a browser may be asked to unpack: four bytes each. A file of a few kilobytes can hold 900 million,
 * and would take the page down.
 */
export const MOST_PIXELS = 100_000_000;
/** Longer edges are more than graphics memory takes in one piece. */
const LONGEST_EDGE = 20_000;
/** The size stands in the first bytes; in photographs behind what the camera wrote and a small picture of it. */
export const HEAD_BYTES = 256 * 1024;

export interface Size {
  width: number;
  height: number;
}

const text = (bytes: Uint8Array, at: number, length: number) =>
  String.fromCharCode(...bytes.subarray(at, at + length));

function jpeg(view: DataView): Size | null {
  for (let at = 2; at + 9 < view.byteLength;) {
    if (view.getUint8(at) !== 0xff) return null;
    const marker = view.getUint8(at + 1);
    const frame = marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker);
    if (frame) return { height: view.getUint16(at + 5), width: view.getUint16(at + 7) };
    at += marker === 0xff ? 1 : 2 + view.getUint16(at + 2);
  }
  return null;
}

function webp(view: DataView, bytes: Uint8Array): Size | null {
  const kind = text(bytes, 12, 4);
  const three = (at: number) => view.getUint16(at, true) + (view.getUint8(at + 2) << 16);
  if (kind === 'VP8X') return { width: three(24) + 1, height: three(27) + 1 };
  if (kind === 'VP8 ')
    return { width: view.getUint16(26, true) & 0x3fff, height: view.getUint16(28, true) & 0x3fff };
  if (kind !== 'VP8L') return null;
  const bits = view.getUint32(21, true);
  return { width: (bits & 0x3fff) + 1, height: ((bits >>> 14) & 0x3fff) + 1 };
}

/** The largest `ispe` box: an AVIF may hold several pictures. */
function avif(view: DataView, bytes: Uint8Array): Size | null {
  let largest: Size | null = null;
  for (let at = 4; at + 16 <= Math.min(view.byteLength, 64 * 1024); at += 1) {
    if (view.getUint8(at) !== 0x69 || text(bytes, at, 4) !== 'ispe') continue;
    const size = { width: view.getUint32(at + 8), height: view.getUint32(at + 12) };
    if (size.width * size.height > (largest ? largest.width * largest.height : 0)) largest = size;
  }
  return largest;
}

/** How large a picture says it is, from its first bytes; `null` when they do not say. */
export function imageSize(bytes: Uint8Array): Size | null {
  if (bytes.byteLength < 30) return null;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (text(bytes, 1, 3) === 'PNG') return { width: view.getUint32(16), height: view.getUint32(20) };
  if (text(bytes, 0, 3) === 'GIF') return { width: view.getUint16(6, true), height: view.getUint16(8, true) };
  if (text(bytes, 0, 2) === 'BM')
    return { width: Math.abs(view.getInt32(18, true)), height: Math.abs(view.getInt32(22, true)) };
  if (bytes[0] === 0xff && bytes[1] === 0xd8) return jpeg(view);
  if (text(bytes, 0, 4) === 'RIFF' && text(bytes, 8, 4) === 'WEBP') return webp(view, bytes);
  return text(bytes, 4, 4) === 'ftyp' ? avif(view, bytes) : null;
}

export function isTooLarge({ width, height }: Size): boolean {
  return width * height > MOST_PIXELS || Math.max(width, height) > LONGEST_EDGE;
}
