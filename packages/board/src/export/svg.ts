import { grow, union, type Rect } from '../geometry/rect.ts';
import type { Board } from '../model/board.ts';
import type { Element } from '../model/element.ts';
import { copy } from '../operations/copy.ts';
import { lightPalette, type Palette } from '../render/palette.ts';
import { drawElement } from '../render/draw-element.ts';
import { createTextCache } from '../text/layout.ts';
import { estimate, type Measure } from '../text/measure.ts';
import { escapeXml, SvgSurface } from './svg-surface.ts';

export const FONT_FAMILY =
  "'Noto Sans JP Variable', 'Noto Sans JP', 'Hiragino Sans', 'Yu Gothic UI', 'Noto Sans CJK JP', sans-serif";

export interface ExportOptions {
  /** Only these, with what groups and frames among them hold; left out, everything. */
  ids?: Iterable<string>;
  palette?: Palette;
  family?: string;
  /** Board units around what is drawn. */
  margin?: number;
  /** The name of the board, for readers of the file. */
  title?: string;
}

/** What an export shows, below first, and the box it needs. Null when there is nothing. */
export function exported(
  board: Board,
  { ids, margin = 32 }: ExportOptions,
): { elements: Element[]; area: Rect } | null {
  const wanted = ids === undefined ? null : new Set(copy(board, ids).elements.map(({ id }) => id));
  const elements = board.ordered().filter((one) => wanted?.has(one.id) ?? true);
  const area = union(elements.map(({ id }) => board.rectOf(id)).filter((rect) => rect !== undefined));
  // A frame's title stands above its frame.
  return (
    area && {
      elements,
      area: { ...grow(area, margin), y: area.y - margin - 24, h: area.h + 2 * margin + 24 },
    }
  );
}

export type SvgOptions = ExportOptions & {
  measure?: Measure;
  /** A picture's data URL or path; anything else is left out. */
  addressOf?: (file: string) => string | null;
};

/** A board, or a part of it, as SVG. Pure text: runs in Node, where letters are measured by estimate. */
export const toSvg = (board: Board, options: SvgOptions = {}): string =>
  [...svgParts(board, options)].join('');

/** The same, element by element: a large board is never one text in memory. */
export function* svgParts(board: Board, options: SvgOptions = {}): Generator<string> {
  const {
    palette = lightPalette,
    family = FONT_FAMILY,
    measure = estimate,
    addressOf = () => null,
  } = options;
  const { elements, area } = exported(board, options) ?? { elements: [], area: { x: 0, y: 0, w: 1, h: 1 } };
  const box = [area.x, area.y, area.w, area.h].map((value) => Math.round(value * 100) / 100).join(' ');
  const title = options.title ? `<title>${escapeXml(options.title)}</title>` : '';
  yield `<svg xmlns="http://www.w3.org/2000/svg" viewBox="${box}" width="${Math.ceil(area.w)}" height="${Math.ceil(area.h)}">${title}\n`;
  const surface = new SvgSurface(family, addressOf);
  const pencil = {
    surface,
    palette,
    setText: createTextCache(measure),
    routeOf: (connector: Element) => board.routeOf(connector),
    rectOf: ({ id }: Element) => board.rectOf(id),
    scale: 4,
  };
  surface.rect(area.x, area.y, area.w, area.h, 0, { fill: palette.board });
  yield surface.take();
  for (const element of elements) {
    drawElement(pencil, element);
    yield surface.take();
  }
  yield '</svg>\n';
}
