import type { Rect } from '../geometry/rect.ts';
import type { Board } from '../model/board.ts';
import type { Element, Find } from '../model/element.ts';
import { routeOf } from '../geometry/route.ts';
import { groupRect } from '../geometry/title.ts';
import type { TextCache } from '../text/layout.ts';
import { CanvasSurface, type Context, type PictureOf } from './canvas-surface.ts';
import { drawElement, type Pencil } from './draw-element.ts';
import type { Palette } from './palette.ts';

/** Everything drawing on a canvas needs; the same for the scene, what is lifted, the overview and PNG. */
export interface Kit {
  board: Board;
  palette: Palette;
  family: string;
  setText: TextCache;
  pictureOf: PictureOf;
}

export function pencilFor(kit: Kit, context: Context, scale: number, find?: Find): Pencil {
  return {
    surface: new CanvasSurface(context, kit.family, kit.pictureOf),
    palette: kit.palette,
    setText: kit.setText,
    routeOf: find === undefined ? (one) => kit.board.routeOf(one) : (one) => routeOf(find, one),
    rectOf: ({ id }) => (find === undefined ? kit.board.rectOf(id) : groupRect(kit.board, find, id)),
    scale,
  };
}

/** Board units between the dots of the grid. */
const GRID = 32;

/** Ground and dots of a part of the board. */
export function paintGround(context: Context, palette: Palette, area: Rect, scale: number): void {
  context.fillStyle = palette.board;
  context.fillRect(area.x, area.y, area.w, area.h);
  const step = GRID * Math.max(1, 2 ** Math.ceil(Math.log2(20 / (GRID * scale))));
  if (step * scale > 160 || step > GRID * 8) return;
  context.fillStyle = palette.dot;
  const side = Math.max(1.2, 1.6 / scale);
  for (let y = Math.floor(area.y / step) * step; y <= area.y + area.h; y += step) {
    for (let x = Math.floor(area.x / step) * step; x <= area.x + area.w; x += step) {
      context.fillRect(x - side / 2, y - side / 2, side, side);
    }
  }
}

/** Ground and elements of a part of the board, without those that are lifted. */
export function paintArea(
  kit: Kit,
  context: Context,
  area: Rect,
  scale: number,
  lifted: ReadonlySet<string>,
): void {
  paintGround(context, kit.palette, area, scale);
  const pencil = pencilFor(kit, context, scale);
  // What is drawn may stand out a little: shadows, titles of frames, arrow heads.
  const reach = Math.max(40, 24 / scale);
  const near = { x: area.x - reach, y: area.y - reach, w: area.w + 2 * reach, h: area.h + 2 * reach };
  for (const element of kit.board.drawnIn(near)) {
    if (!lifted.has(element.id)) drawElement(pencil, element);
  }
}

/** Beyond this number what is dragged is drawn without its text. */
const MANY = 300;

/** Draws what is being moved, above everything, where it is now. */
export function paintLifted(
  kit: Kit,
  context: Context,
  elements: readonly Element[],
  scale: number,
  find: Find,
): void {
  const pencil: Pencil = { ...pencilFor(kit, context, scale, find), draft: elements.length > MANY };
  for (const element of elements) drawElement(pencil, element);
}
