import { meets, type Rect } from './rect.ts';

const CELL = 512;
/** What covers more cells than this is kept in a list of its own, so that one huge frame costs nothing. */
const MANY_CELLS = 64;

/**
 * Finds what lies in a rectangle. A grid of cells in a hash map: adding, moving and removing touch a handful of cells,
 * and boards are spread evenly enough that a tree would gain nothing.
 */
export class Grid {
  readonly #cells = new Map<number, Set<string>>();
  readonly #large = new Set<string>();
  readonly #rects = new Map<string, Rect>();

  get size(): number {
    return this.#rects.size;
  }

  rect(id: string): Rect | undefined {
    return this.#rects.get(id);
  }

  set(id: string, rect: Rect): void {
    const before = this.#rects.get(id);
    this.#rects.set(id, rect);
    if (before !== undefined) {
      if (sameCells(before, rect)) return;
      this.#leave(id, before);
    }
    if (!(cellCount(rect) <= MANY_CELLS)) this.#large.add(id);
    else this.#enter(id, rect);
  }

  delete(id: string): void {
    const rect = this.#rects.get(id);
    if (rect === undefined) return;
    this.#rects.delete(id);
    this.#leave(id, rect);
  }

  clear(): void {
    this.#cells.clear();
    this.#large.clear();
    this.#rects.clear();
  }

  /** Ids of everything that meets the rectangle, each once, in no order. */
  query(area: Rect): string[] {
    const found: string[] = [];
    // Also for an area without end, whose cells cannot be counted.
    if (!(cellCount(area) <= this.#cells.size)) {
      for (const [id, rect] of this.#rects) if (meets(rect, area)) found.push(id);
      return found;
    }
    for (const id of this.#large) if (meets(this.#rects.get(id)!, area)) found.push(id);
    const left = column(area.x);
    const top = column(area.y);
    eachCell(area, (key, cx, cy) => {
      for (const id of this.#cells.get(key) ?? []) {
        const rect = this.#rects.get(id)!;
        // An element in several cells is reported only by the first of them that is looked at.
        const first = Math.max(left, column(rect.x)) === cx && Math.max(top, column(rect.y)) === cy;
        if (first && meets(rect, area)) found.push(id);
      }
    });
    return found;
  }

  #enter(id: string, rect: Rect): void {
    const [left, right] = [column(rect.x), column(rect.x + rect.w)];
    const bottom = column(rect.y + rect.h);
    for (let cy = column(rect.y); cy <= bottom; cy += 1) {
      for (let cx = left; cx <= right; cx += 1) this.#cellAt(keyOf(cx, cy)).add(id);
    }
  }

  #cellAt(key: number): Set<string> {
    let cell = this.#cells.get(key);
    if (cell === undefined) this.#cells.set(key, (cell = new Set()));
    return cell;
  }

  #leave(id: string, rect: Rect): void {
    if (this.#large.delete(id)) return;
    eachCell(rect, (key) => {
      const cell = this.#cells.get(key);
      cell?.delete(id);
      if (cell?.size === 0) this.#cells.delete(key);
    });
  }
}

const column = (at: number) => Math.floor(at / CELL);

const keyOf = (cx: number, cy: number) => cx * 0x4000_000 + cy;

const columns = (from: number, length: number) => column(from + length) - column(from) + 1;

const cellCount = (rect: Rect) => columns(rect.x, rect.w) * columns(rect.y, rect.h);

function sameCells(a: Rect, b: Rect): boolean {
  return (
    column(a.x) === column(b.x) &&
    column(a.y) === column(b.y) &&
    column(a.x + a.w) === column(b.x + b.w) &&
    column(a.y + a.h) === column(b.y + b.h)
  );
}

function eachCell(rect: Rect, visit: (key: number, cx: number, cy: number) => void): void {
  const [right, bottom] = [column(rect.x + rect.w), column(rect.y + rect.h)];
  for (let cy = column(rect.y); cy <= bottom; cy += 1) {
    for (let cx = column(rect.x); cx <= right; cx += 1) visit(keyOf(cx, cy), cx, cy);
  }
}
