import { createDecoder, readVarInt, readVarUint, readUint8 } from 'lib0/decoding';
import { createEncoder, toUint8Array, writeUint8, writeVarInt, writeVarUint } from 'lib0/encoding';
import { getStroke } from 'perfect-freehand';
import { LIMITS } from '../model/limits.ts';
import type { Point } from './rect.ts';

/** A point of a stroke, relative to the top left of its element, and how hard the pen was pressed (0 to 1). */
export interface InkPoint extends Point {
  pressure: number;
}

/** A mouse presses evenly; then no byte is spent on pressure. */
const PLAIN = 0.5;

/**
 * Packs a stroke: one byte whether there is pressure, the size of the bounds it was drawn in (quarters of a unit), then
 * steps from point to point. 500 points are about 1 kB; as single values they were 21 kB.
 */
export function packInk(points: readonly InkPoint[], size: { w: number; h: number }): Uint8Array {
  const encoder = createEncoder();
  const pressed = points.some(({ pressure }) => pressure !== PLAIN);
  writeUint8(encoder, pressed ? 1 : 0);
  writeVarUint(encoder, Math.round(size.w * 4));
  writeVarUint(encoder, Math.round(size.h * 4));
  let [lastX, lastY] = [0, 0];
  for (const point of points) {
    const [x, y] = [Math.round(point.x * 4), Math.round(point.y * 4)];
    writeVarInt(encoder, x - lastX);
    writeVarInt(encoder, y - lastY);
    if (pressed) writeUint8(encoder, Math.round(Math.min(1, Math.max(0, point.pressure)) * 255));
    [lastX, lastY] = [x, y];
  }
  return toUint8Array(encoder);
}

/** Reads what `packInk` wrote, stretched to the size the element has now. What is broken ends the stroke early. */
export function unpackInk(ink: Uint8Array, now: { w: number; h: number }): InkPoint[] {
  const points: InkPoint[] = [];
  if (ink.byteLength > LIMITS.ink) return points;
  try {
    const decoder = createDecoder(ink);
    const pressed = readUint8(decoder) === 1;
    const stretchX = stretch(readVarUint(decoder), now.w);
    const stretchY = stretch(readVarUint(decoder), now.h);
    let [x, y] = [0, 0];
    // Not `hasContent`: reading past the end steps over it, and it would then be true for ever.
    while (decoder.pos < ink.byteLength) {
      x += readVarInt(decoder);
      y += readVarInt(decoder);
      const pressure = pressed ? readUint8(decoder) / 255 : PLAIN;
      if (Math.abs(x) > LIMITS.size * 4 || Math.abs(y) > LIMITS.size * 4) break;
      points.push({ x: x * stretchX, y: y * stretchY, pressure });
    }
  } catch {
    // Bytes from elsewhere: the points before the damage are still a stroke.
  }
  return points;
}

const stretch = (drawn: number, now: number) => (drawn === 0 ? 0.25 : now / drawn);

/** The outline of a stroke as an SVG path, thicker where the pen was pressed. */
export function inkPath(points: readonly InkPoint[], width: number): string {
  if (points.length === 0) return '';
  const even = points.every(({ pressure }) => pressure === PLAIN);
  const outline = getStroke(
    points.map(({ x, y, pressure }) => [x, y, pressure]),
    { size: width * 1.5, thinning: even ? 0 : 0.6, smoothing: 0.5, streamline: 0.3, simulatePressure: false },
  );
  return smoothClosed(outline);
}

const short = (value: number) => String(Math.round(value * 100) / 100);

/** Quadratic curves through the middles of the outline's edges. */
function smoothClosed(outline: number[][]): string {
  if (outline.length < 3) return '';
  const at = (index: number) => outline[index % outline.length] as [number, number];
  let path = '';
  for (let index = 0; index < outline.length; index += 1) {
    const [x, y] = at(index);
    const [nextX, nextY] = at(index + 1);
    const half = `${short((x + nextX) / 2)} ${short((y + nextY) / 2)}`;
    path += index === 0 ? `M${half}` : `Q${short(x)} ${short(y)} ${half}`;
  }
  const [x, y] = at(0);
  const [nextX, nextY] = at(1);
  return `${path}Q${short(x)} ${short(y)} ${short((x + nextX) / 2)} ${short((y + nextY) / 2)}Z`;
}
