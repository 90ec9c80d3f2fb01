import { grow, type Rect } from '../geometry/rect.ts';
import type { Element } from '../model/element.ts';
import { drawElement } from './draw-element.ts';
import { paintGround, pencilFor, type Kit } from './paint-area.ts';

const SIDE = 768;
const CHUNK = 400;

/**
 * The whole board as one small picture: the minimap, and what is seen for a moment where tiles are not drawn yet.
 * It is made in pieces while there is nothing else to do, and made anew some time after the board has changed.
 */
export class Overview {
  #shown: { canvas: OffscreenCanvas; area: Rect } | null = null;
  #making: { canvas: OffscreenCanvas; area: Rect; rest: Element[]; at: number } | null = null;
  #stale = true;

  /** What it shows and where that lies; null before the first is done, and for an empty board. */
  get picture(): { canvas: OffscreenCanvas; area: Rect } | null {
    return this.#shown;
  }

  spoil(): void {
    this.#stale = true;
  }

  /** Goes on with the next picture until `deadline`. Returns whether it is up to date. */
  work(kit: Kit, deadline: number): boolean {
    if (this.#making === null) {
      if (!this.#stale) return true;
      this.#stale = false;
      this.#making = this.#begin(kit);
      if (this.#making === null) return true;
    }
    const { canvas, area, rest } = this.#making;
    const context = canvas.getContext('2d', { alpha: false })!;
    const scale = canvas.width / area.w;
    // Words would only be smudges here.
    const pencil = { ...pencilFor(kit, context, scale), draft: true };
    while (this.#making.at < rest.length) {
      const next = rest.slice(this.#making.at, this.#making.at + CHUNK);
      for (const element of next) drawElement(pencil, element);
      this.#making.at += CHUNK;
      if (performance.now() > deadline) return false;
    }
    this.#shown = { canvas, area };
    this.#making = null;
    return !this.#stale;
  }

  #begin(kit: Kit): { canvas: OffscreenCanvas; area: Rect; rest: Element[]; at: number } | null {
    const extent = kit.board.extent();
    if (extent === null) {
      this.#shown = null;
      return null;
    }
    const area = grow(extent, Math.max(extent.w, extent.h, 100) * 0.03);
    const scale = SIDE / Math.max(area.w, area.h);
    const size = (length: number) => Math.max(1, Math.round(length * scale));
    const canvas = new OffscreenCanvas(size(area.w), size(area.h));
    const context = canvas.getContext('2d', { alpha: false })!;
    context.setTransform(scale, 0, 0, scale, -area.x * scale, -area.y * scale);
    paintGround(context, kit.palette, area, scale);
    return { canvas, area, rest: [...kit.board.ordered()], at: 0 };
  }
}
