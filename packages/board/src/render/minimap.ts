import { centredOn, visible, type Camera, type ViewSize } from '../geometry/camera.ts';
import { union, type Point, type Rect } from '../geometry/rect.ts';
import type { Peer } from '../live/peers.ts';
import type { Context } from './canvas-surface.ts';
import type { Overview } from './overview.ts';
import type { Palette } from './palette.ts';

/** How the minimap lies over the board: board units to its pixels. */
interface Fit {
  area: Rect;
  scale: number;
  left: number;
  top: number;
}

function fitted(overview: Overview, view: Rect, size: ViewSize): Fit {
  const area = union([view, ...(overview.picture ? [overview.picture.area] : [])])!;
  const scale = Math.min(size.w / Math.max(1, area.w), size.h / Math.max(1, area.h));
  return { area, scale, left: (size.w - area.w * scale) / 2, top: (size.h - area.h * scale) / 2 };
}

/** Draws the whole board small, with what is in view and where the others are. `size` in CSS pixels. */
export function drawMinimap(
  context: Context,
  size: ViewSize,
  overview: Overview,
  camera: Camera,
  view: ViewSize,
  palette: Palette,
  peers: Iterable<Peer> = [],
): void {
  const seen = visible(camera, view);
  const { area, scale, left, top } = fitted(overview, seen, size);
  const place = (rect: Rect): [number, number, number, number] => [
    left + (rect.x - area.x) * scale,
    top + (rect.y - area.y) * scale,
    Math.max(2, rect.w * scale),
    Math.max(2, rect.h * scale),
  ];
  context.fillStyle = palette.board;
  context.fillRect(0, 0, size.w, size.h);
  if (overview.picture) context.drawImage(overview.picture.canvas, ...place(overview.picture.area));
  for (const { cursor, color } of peers) {
    if (!cursor) continue;
    const [x, y] = place({ ...cursor, w: 0, h: 0 });
    context.fillStyle = color;
    context.beginPath();
    context.arc(x, y, 3, 0, 2 * Math.PI);
    context.fill();
  }
  context.strokeStyle = palette.accent;
  context.fillStyle = palette.accentSoft;
  context.lineWidth = 1.5;
  context.fillRect(...place(seen));
  context.strokeRect(...place(seen));
}

/** The camera after a press on the minimap: what was pressed comes to the middle. */
export function lookFromMinimap(
  at: Point,
  size: ViewSize,
  overview: Overview,
  camera: Camera,
  view: ViewSize,
): Camera {
  const { area, scale, left, top } = fitted(overview, visible(camera, view), size);
  return centredOn(
    { x: area.x + (at.x - left) / scale, y: area.y + (at.y - top) / scale },
    view,
    camera.zoom,
  );
}
