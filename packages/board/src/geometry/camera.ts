import { middle, type Point, type Rect } from './rect.ts';

/** What is looked at: the board point at the top left of the view, and how many screen pixels a board unit is. */
export interface Camera {
  x: number;
  y: number;
  zoom: number;
}

export interface ViewSize {
  w: number;
  h: number;
}

const ZOOM = { least: 0.02, most: 8 } as const;
const STEPS = [0.02, 0.05, 0.1, 0.25, 0.5, 0.75, 1, 1.5, 2, 3, 4, 8];

const clampZoom = (zoom: number) =>
  Number.isFinite(zoom) ? Math.min(ZOOM.most, Math.max(ZOOM.least, zoom)) : 1;

export const toBoard = (camera: Camera, screen: Point): Point => ({
  x: camera.x + screen.x / camera.zoom,
  y: camera.y + screen.y / camera.zoom,
});

export const toScreen = (camera: Camera, point: Point): Point => ({
  x: (point.x - camera.x) * camera.zoom,
  y: (point.y - camera.y) * camera.zoom,
});

export const rectToScreen = (camera: Camera, { x, y, w, h }: Rect): Rect => ({
  ...toScreen(camera, { x, y }),
  w: w * camera.zoom,
  h: h * camera.zoom,
});

/** The part of the board that is in view. */
export const visible = (camera: Camera, view: ViewSize): Rect => ({
  x: camera.x,
  y: camera.y,
  w: view.w / camera.zoom,
  h: view.h / camera.zoom,
});

/** Moves the view by screen pixels: the board follows the hand. */
export const pan = (camera: Camera, dx: number, dy: number): Camera => ({
  ...camera,
  x: camera.x - dx / camera.zoom,
  y: camera.y - dy / camera.zoom,
});

/** Zooms so that the board point under `screen` stays there. */
export function zoomAt(camera: Camera, screen: Point, zoom: number): Camera {
  const next = clampZoom(zoom);
  const under = toBoard(camera, screen);
  return { x: under.x - screen.x / next, y: under.y - screen.y / next, zoom: next };
}

/** Wheel with Ctrl, and pinching on a touchpad: the same turn of the wheel is the same factor everywhere. */
export const zoomByWheel = (camera: Camera, screen: Point, delta: number): Camera =>
  zoomAt(camera, screen, camera.zoom * 2 ** (-Math.max(-120, Math.min(120, delta)) / 120));

/** The next round step in (1) or out (-1) around the middle of the view. */
export function zoomStep(camera: Camera, view: ViewSize, direction: 1 | -1): Camera {
  const further = (step: number) => (direction === 1 ? step > camera.zoom * 1.01 : step < camera.zoom * 0.99);
  const steps = STEPS.filter(further);
  const next = (direction === 1 ? steps[0] : steps.at(-1)) ?? camera.zoom;
  return zoomAt(camera, { x: view.w / 2, y: view.h / 2 }, next);
}

/** Two fingers: the board points that were under them stay under them (turning is left out on purpose). */
export function pinch(camera: Camera, before: [Point, Point], after: [Point, Point]): Camera {
  const apart = ([a, b]: [Point, Point]) => Math.max(1, Math.hypot(a.x - b.x, a.y - b.y));
  const centre = ([a, b]: [Point, Point]) => ({ x: (a.x + b.x) / 2, y: (a.y + b.y) / 2 });
  const from = centre(before);
  const to = centre(after);
  const moved = pan(camera, to.x - from.x, to.y - from.y);
  return zoomAt(moved, to, (camera.zoom * apart(after)) / apart(before));
}

/** Shows a rectangle whole with `margin` screen pixels around it, never larger than `most`. */
export function fit(rect: Rect, view: ViewSize, margin = 48, most = 1): Camera {
  const [w, h] = [Math.max(1, rect.w), Math.max(1, rect.h)];
  const room = (size: number) => Math.max(1, size - 2 * margin);
  const zoom = Math.min(most, clampZoom(Math.min(room(view.w) / w, room(view.h) / h)));
  return centredOn(middle(rect), view, zoom);
}

export const centredOn = (point: Point, view: ViewSize, zoom: number): Camera => ({
  x: point.x - view.w / zoom / 2,
  y: point.y - view.h / zoom / 2,
  zoom,
});

/** Moves the view just far enough to show a rectangle: for the keyboard and for search. */
export function reveal(camera: Camera, rect: Rect, view: ViewSize, margin = 48): Camera {
  const seen = visible(camera, view);
  const edge = margin / camera.zoom;
  if (rect.w + 2 * edge > seen.w || rect.h + 2 * edge > seen.h)
    return fit(rect, view, margin, Math.max(camera.zoom, 0.02));
  const shift = (low: number, high: number, from: number, length: number) =>
    from - edge < low ? from - edge - low : from + length + edge > high ? from + length + edge - high : 0;
  return {
    ...camera,
    x: camera.x + shift(seen.x, seen.x + seen.w, rect.x, rect.w),
    y: camera.y + shift(seen.y, seen.y + seen.h, rect.y, rect.h),
  };
}
