import { between, meets, union, type Rect } from '../geometry/rect.ts';
import type { Context } from './canvas-surface.ts';

/** Device pixels of a tile's side. */
const TILE = 512;
/** Tiles kept beyond what is in view: about 64 MB. */
const KEPT = 64;

interface Tile {
  tx: number;
  ty: number;
  canvas: OffscreenCanvas;
  context: OffscreenCanvasRenderingContext2D;
  /** What must be drawn again, in board units; null when it is right. */
  stale: Rect | null;
  used: number;
}

/** Draws a part of the board, in board units, on a context whose transform is set and clipped to it. */
export type DrawArea = (context: Context, area: Rect, scale: number) => void;

/**
 * The board at one zoom as a sheet of pictures. Panning copies them; only what comes into view, or has changed, is drawn.
 * `scale` is device pixels per board unit.
 */
export class TileSheet {
  readonly scale: number;
  readonly #tiles = new Map<string, Tile>();
  #clock = 0;

  constructor(scale: number) {
    this.scale = scale;
  }

  /** Marks a part of the board as changed. */
  spoil(area: Rect): void {
    for (const tile of this.#tiles.values()) {
      if (!meets(this.#areaOf(tile.tx, tile.ty), area)) continue;
      tile.stale = union(tile.stale === null ? [area] : [tile.stale, area]);
    }
  }

  spoilAll(): void {
    for (const tile of this.#tiles.values()) tile.stale = this.#areaOf(tile.tx, tile.ty);
  }

  /**
   * Draws what is missing or stale in view, nearest to the middle first, until `deadline` (performance.now()). At least
   * one tile is drawn, so that it always gets done. Returns whether the view is complete and right.
   */
  prepare(view: Rect, draw: DrawArea, deadline: number): boolean {
    const wanted = this.#inView(view).filter(([tx, ty]) => this.#tiles.get(`${tx} ${ty}`)?.stale !== null);
    const [cx, cy] = [(view.x + view.w / 2) * this.scale, (view.y + view.h / 2) * this.scale];
    const off = ([tx, ty]: [number, number]) => Math.hypot((tx + 0.5) * TILE - cx, (ty + 0.5) * TILE - cy);
    wanted.sort((a, b) => off(a) - off(b));
    let left = wanted.length;
    for (const [tx, ty] of wanted) {
      this.#draw(tx, ty, draw);
      left -= 1;
      if (performance.now() > deadline) break;
    }
    return left === 0;
  }

  /** Draws the ring of tiles around the view, while there is nothing else to do. Returns whether all are there. */
  prepareAround(view: Rect, draw: DrawArea, deadline: number): boolean {
    const ring = (TILE / this.scale) * 0.9;
    return this.prepare(
      { x: view.x - ring, y: view.y - ring, w: view.w + 2 * ring, h: view.h + 2 * ring },
      draw,
      deadline,
    );
  }

  /** Copies the sheet to the screen: `origin` is the view's corner in device pixels of the screen's own scale. */
  blit(context: Context, view: Rect, origin: { x: number; y: number }, screenScale: number): boolean {
    const ratio = screenScale / this.scale;
    let complete = true;
    this.#clock += 1;
    for (const [tx, ty] of this.#inView(view)) {
      const tile = this.#tiles.get(`${tx} ${ty}`);
      if (tile === undefined) {
        complete = false;
        continue;
      }
      tile.used = this.#clock;
      const [x, y] = [tx * TILE * ratio - origin.x, ty * TILE * ratio - origin.y];
      if (ratio === 1) context.drawImage(tile.canvas, x, y);
      // Edges on whole pixels, each drawn to where the next begins: no seams between scaled tiles.
      else {
        const [left, top] = [Math.round(x), Math.round(y)];
        const [right, bottom] = [Math.round(x + TILE * ratio), Math.round(y + TILE * ratio)];
        context.drawImage(tile.canvas, left, top, right - left, bottom - top);
      }
    }
    return complete;
  }

  #inView(view: Rect): [number, number][] {
    const at = (board: number) => Math.floor((board * this.scale) / TILE);
    const [left, right, top, bottom] = [at(view.x), at(view.x + view.w), at(view.y), at(view.y + view.h)];
    const found: [number, number][] = [];
    if (!((right - left + 1) * (bottom - top + 1) < 4096)) return found;
    for (let ty = top; ty <= bottom; ty += 1) {
      for (let tx = left; tx <= right; tx += 1) found.push([tx, ty]);
    }
    return found;
  }

  #areaOf(tx: number, ty: number): Rect {
    const side = TILE / this.scale;
    return { x: tx * side, y: ty * side, w: side, h: side };
  }

  #draw(tx: number, ty: number, draw: DrawArea): void {
    const key = `${tx} ${ty}`;
    const tile = this.#tiles.get(key) ?? this.#make(tx, ty);
    this.#tiles.set(key, tile);
    tile.used = this.#clock;
    const whole = this.#areaOf(tx, ty);
    const part = this.#onPixels(tile.stale ?? whole, whole);
    tile.stale = null;
    if (part.w <= 0 || part.h <= 0) return;
    const { context } = tile;
    const { scale } = this;
    context.setTransform(scale, 0, 0, scale, -tx * TILE, -ty * TILE);
    context.save();
    context.beginPath();
    context.rect(part.x, part.y, part.w, part.h);
    context.clip();
    draw(context, part, scale);
    context.restore();
  }

  /** The part of `area` in `whole`, grown to whole pixels: a clip through a pixel would leave a seam. */
  #onPixels(area: Rect, whole: Rect): Rect {
    const { scale } = this;
    const down = (value: number) => (Math.floor(value * scale) - 1) / scale;
    const up = (value: number) => (Math.ceil(value * scale) + 1) / scale;
    const [x, y] = [Math.max(down(area.x), whole.x), Math.max(down(area.y), whole.y)];
    const right = Math.min(up(area.x + area.w), whole.x + whole.w);
    const bottom = Math.min(up(area.y + area.h), whole.y + whole.h);
    if (right <= x || bottom <= y) return { x, y, w: 0, h: 0 };
    return between({ x, y }, { x: right, y: bottom });
  }

  #make(tx: number, ty: number): Tile {
    const spare = this.#tiles.size >= KEPT ? this.#oldest() : undefined;
    const canvas = spare?.canvas ?? new OffscreenCanvas(TILE, TILE);
    // Opaque: copying it needs no blending.
    const context = spare?.context ?? canvas.getContext('2d', { alpha: false })!;
    return { tx, ty, canvas, context, stale: this.#areaOf(tx, ty), used: this.#clock };
  }

  #oldest(): Tile | undefined {
    let oldest: Tile | undefined;
    for (const tile of this.#tiles.values()) {
      // What was shown just now stays, on however large a screen.
      if (tile.used < this.#clock - 1 && (oldest === undefined || tile.used < oldest.used)) oldest = tile;
    }
    if (oldest) this.#tiles.delete(`${oldest.tx} ${oldest.ty}`);
    return oldest;
  }
}
