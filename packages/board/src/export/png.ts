import { Invalid } from '@engawa/schema';
import type { Kit } from '../render/paint-area.ts';
import { pencilFor } from '../render/paint-area.ts';
import { drawElement } from '../render/draw-element.ts';
import { exported, type ExportOptions } from './svg.ts';

/** Browsers refuse larger canvases, some without saying so. */
const SIDE = 8192;
const PIXELS = 40_000_000;

/** A board, or a part of it, as PNG. `scale` is pixels per board unit; a large board is made smaller so that it fits. */
export async function toPng(kit: Kit, options: ExportOptions & { scale?: number } = {}): Promise<Blob> {
  const found = exported(kit.board, options);
  if (found === null) throw new Invalid('board.empty', 'There is nothing to export');
  const { elements, area } = found;
  const scale = Math.min(
    options.scale ?? 2,
    SIDE / area.w,
    SIDE / area.h,
    Math.sqrt(PIXELS / (area.w * area.h)),
  );
  const canvas = new OffscreenCanvas(
    Math.max(1, Math.floor(area.w * scale)),
    Math.max(1, Math.floor(area.h * scale)),
  );
  const context = canvas.getContext('2d', { alpha: false })!;
  const palette = options.palette ?? kit.palette;
  context.setTransform(scale, 0, 0, scale, -area.x * scale, -area.y * scale);
  context.fillStyle = palette.board;
  context.fillRect(area.x, area.y, area.w, area.h);
  const pencil = pencilFor({ ...kit, palette }, context, scale);
  for (const element of elements) drawElement(pencil, element);
  return canvas.convertToBlob({ type: 'image/png' });
}
