import { FRAME_TITLE, shapeCorners } from '../geometry/hit.ts';
import { inkPath, unpackInk } from '../geometry/ink.ts';
import { grow, middle, type Rect } from '../geometry/rect.ts';
import type { Route } from '../geometry/route.ts';
import { ISLAND } from '../geometry/title.ts';
import type { Colour, Element } from '../model/element.ts';
import type { TextCache, TextLayout } from '../text/layout.ts';
import { textPlace } from '../text/place.ts';
import { textOn, type Palette } from './palette.ts';
import type { Paint, Surface } from './surface.ts';

/** What drawing an element needs to know besides the element. */
export interface Pencil {
  surface: Surface;
  palette: Palette;
  setText: TextCache;
  routeOf(connector: Element): Route;
  /** The box around the members of a group. */
  rectOf(group: Element): Rect | null | undefined;
  /** Screen pixels per board unit: what would be too small to read is drawn simpler. */
  scale: number;
  /** Leave texts out: while very many are dragged. */
  draft?: boolean;
}

/** Letters smaller than this on the screen are drawn as bars; smaller than `DUST`, not at all. */
const READABLE = 5.5;
const DUST = 1.6;
/** Elements smaller than this on the screen get neither lines nor shadows. */
const TINY = 10;

/** Draws one element. A group is its members; only its title is drawn, and a line around what it is the title of. */
export function drawElement(pencil: Pencil, element: Element): void {
  const { surface } = pencil;
  if (element.kind === 'group') return drawGroup(pencil, element);
  if (element.kind === 'connector') return drawConnector(pencil, element);
  const turned = element.r !== 0;
  if (turned) surface.turn(...centre(element), element.r);
  if (element.kind === 'note') drawNote(pencil, element);
  else if (element.kind === 'text') drawText(pencil, element, pencil.palette.line[lineOf(element, 'ink')]);
  else if (element.kind === 'pen') drawPen(pencil, element);
  else if (element.kind === 'frame') drawFrame(pencil, element);
  else if (element.kind === 'image') drawImage(pencil, element);
  else drawShape(pencil, element);
  if (turned) surface.restore();
}

function centre(element: Element): [number, number] {
  const { x, y } = middle(element);
  return [x, y];
}

const isTiny = (pencil: Pencil, { w, h }: Element) => Math.max(w, h) * pencil.scale < TINY;

function lineOf(element: Element, otherwise: Exclude<Colour, 'none'>): Exclude<Colour, 'none'> {
  const { line } = element.style;
  return line === undefined || line === 'none' ? otherwise : line;
}

const fillOf = (palette: Palette, fill: Colour) => (fill === 'none' ? undefined : palette.fill[fill]);

function stroke({ style }: Element, color: string, width: number): Paint {
  const thick = style.width ?? width;
  if (style.dash === 'dashed') return { stroke: color, width: thick, dash: [thick * 4, thick * 3] };
  if (style.dash === 'dotted') return { stroke: color, width: thick, dash: [0.01, thick * 2.2] };
  return { stroke: color, width: thick };
}

function drawNote(pencil: Pencil, element: Element): void {
  const { surface, palette } = pencil;
  const { x, y, w, h, style } = element;
  const fill = style.fill ?? 'yellow';
  if (!isTiny(pencil, element)) {
    // Paper that lies on paper: a narrow dark rim, and a wider faint one below.
    surface.rect(x + 1, y + 2, w - 1, h, 0, { fill: palette.shadow });
    surface.rect(x + 5, y + 4, w - 9, h, 0, { fill: palette.shadow });
  }
  surface.rect(x, y, w, h, 0, { fill: fillOf(palette, fill) ?? palette.fill.white });
  drawText(pencil, element, textOn(palette, fill));
}

function drawShape(pencil: Pencil, element: Element): void {
  const { surface, palette } = pencil;
  const { kind, x, y, w, h, style } = element;
  const fill = style.fill ?? 'none';
  const hasLine = style.line !== 'none' && !(isTiny(pencil, element) && fill !== 'none');
  const paint: Paint = {
    fill: fillOf(palette, fill),
    ...(hasLine ? stroke(element, palette.line[lineOf(element, 'ink')], 2) : {}),
  };
  const outline = shapeCorners(element);
  if (kind === 'ellipse') surface.ellipse(x, y, w, h, paint);
  else if (outline === null) surface.rect(x, y, w, h, Math.min(8, w / 4, h / 4), paint);
  else surface.path(`M${outline.map((point) => `${point.x} ${point.y}`).join('L')}Z`, paint, element);
  drawText(pencil, element, textOn(palette, fill));
}

function drawText(pencil: Pencil, element: Element, color: string): void {
  const { text, x, y } = element;
  if (text === '' || pencil.draft) return;
  const { padding, size, align, centred, room } = textPlace(element);
  if ((size || 40) * pencil.scale < DUST) return;
  // Too small to read at any size: the number of letters says enough, so nothing is measured.
  if ((size || 24) * pencil.scale < READABLE) return drawBars(pencil, element, room, padding, color);
  const layout = pencil.setText(text, room.w, room.h, size);
  if (layout.size * pencil.scale < READABLE) return drawBars(pencil, element, room, padding, color);
  const left = align === 'left' ? 0 : align === 'center' ? room.w / 2 : room.w;
  const height = layout.lines.length * layout.leading;
  const top = centred ? y + padding + Math.max(0, (room.h - height) / 2) : y;
  layout.lines.forEach((line, index) => {
    const at = top + (index + 0.5) * layout.leading;
    pencil.surface.text(line, x + padding + left, at, { size: layout.size, color, align });
  });
}

/** Text from far away: one grey bar for each line there would be, guessed from the number of letters. */
function drawBars(
  pencil: Pencil,
  { text, style, x, y, kind }: Element,
  room: { w: number; h: number },
  padding: number,
  color: string,
): void {
  const size = style.size || (text.length <= 24 ? 24 : 16);
  const perLine = Math.max(1, Math.floor(room.w / size));
  const most = kind === 'text' ? 12 : Math.max(1, Math.floor(room.h / (size * 1.5)));
  const count = Math.min(most, Math.ceil(text.length / perLine), 6);
  const centred = (style.align ?? (kind === 'text' ? 'left' : 'center')) === 'center';
  const top = kind === 'text' ? y : y + padding + Math.max(0, (room.h - count * size * 1.5) / 2);
  const faint = fade(color);
  for (let line = 0; line < count; line += 1) {
    const last = text.length - line * perLine;
    const width = Math.min(room.w, Math.max(1, Math.min(perLine, last)) * size);
    const left = x + padding + (centred ? (room.w - width) / 2 : 0);
    pencil.surface.rect(left, top + line * size * 1.5 + size * 0.35, width, size * 0.6, 0, { fill: faint });
  }
}

/** `#rrggbb` made faint; other notations stay as they are. */
const fade = (color: string) => (/^#[0-9a-f]{6}$/i.test(color) ? `${color}59` : color);

const inkPaths = new WeakMap<Element, string>();

function drawPen(pencil: Pencil, element: Element): void {
  const { surface, palette } = pencil;
  let path = inkPaths.get(element);
  if (path === undefined) {
    path = inkPath(unpackInk(element.ink!, element), element.style.width ?? 4);
    inkPaths.set(element, path);
  }
  surface.shift(element.x, element.y);
  surface.path(path, { fill: palette.line[lineOf(element, 'ink')] }, element);
  surface.restore();
}

function drawFrame(pencil: Pencil, element: Element): void {
  const { surface, palette, scale } = pencil;
  const { x, y, w, h, style, text } = element;
  const ground = style.fill === undefined ? palette.frame : fillOf(palette, style.fill);
  const edge = isTiny(pencil, element) ? {} : { stroke: palette.frameLine, width: Math.max(1.5, 1 / scale) };
  surface.rect(x, y, w, h, 0, { fill: ground, ...edge });
  // A title stays readable when the board is seen from far away, as long as it fits over its frame.
  const size = Math.min(Math.max(18, 12 / scale), w / 6);
  if (text === '' || size * scale < READABLE || pencil.draft) return;
  const line = pencil.setText(text, Math.round(w), size * 1.5, Math.round(size)).lines[0] ?? '';
  surface.text(line, x + 2, y - Math.max(FRAME_TITLE, size * 1.5) / 2, {
    size,
    color: palette.frameTitle,
    align: 'left',
    bold: true,
  });
}

function drawGroup(pencil: Pencil, element: Element): void {
  const { surface, palette, scale } = pencil;
  const rect = element.text === '' ? undefined : pencil.rectOf(element);
  if (!rect || Math.max(rect.w, rect.h) * scale < TINY) return;
  const { x, y, w, h } = grow(rect, ISLAND);
  surface.rect(x, y, w, h, 14, { stroke: palette.frameTitle, width: Math.max(1.5, 1 / scale), dash: [6, 6] });
  const size = Math.min(Math.max(18, 12 / scale), w / 6);
  if (size * scale < READABLE || pencil.draft) return;
  const line = pencil.setText(element.text, Math.round(w), size * 1.5, Math.round(size)).lines[0] ?? '';
  surface.text(line, x + 6, y - Math.max(FRAME_TITLE, size * 1.5) / 2, {
    size,
    color: palette.line.ink,
    align: 'left',
    bold: true,
  });
}

function drawImage(pencil: Pencil, element: Element): void {
  const { surface, palette } = pencil;
  const { x, y, w, h, file, text } = element;
  if (surface.image(file!, x, y, w, h, text)) return;
  surface.rect(x, y, w, h, 0, { fill: palette.fill.gray });
  drawText(pencil, element, palette.onFill);
}

function drawConnector(pencil: Pencil, element: Element): void {
  const { surface, palette, scale } = pencil;
  const route = pencil.routeOf(element);
  const color = palette.line[lineOf(element, 'gray')];
  const paint = stroke(element, color, 2);
  surface.path(route.path, { ...paint, width: Math.max(paint.width ?? 2, 0.75 / scale) }, route);
  const heads = element.style.heads ?? 'end';
  const size = 8 + (paint.width ?? 2) * 2;
  if (size * scale < 3) return;
  const solid = { fill: color };
  if (heads === 'end' || heads === 'both')
    surface.path(head(route.points.at(-1)!, route.endAngle, size), solid);
  if (heads === 'start' || heads === 'both')
    surface.path(head(route.points[0]!, route.startAngle, size), solid);
  if (element.text !== '') drawLabel(pencil, element, route);
}

function head(tip: { x: number; y: number }, angle: number, size: number): string {
  const corner = (turn: number) =>
    `${(tip.x - size * Math.cos(angle + turn)).toFixed(2)} ${(tip.y - size * Math.sin(angle + turn)).toFixed(2)}`;
  return `M${tip.x} ${tip.y}L${corner(0.45)}L${corner(-0.45)}Z`;
}

function drawLabel(pencil: Pencil, element: Element, route: Route): void {
  const size = element.style.size || 16;
  if (size * pencil.scale < READABLE || pencil.draft) return;
  const layout: TextLayout = pencil.setText(element.text, 240, size * 5, size);
  const at = route.points[Math.floor(route.points.length / 2)]!;
  const before = route.points[Math.floor((route.points.length - 1) / 2)]!;
  const [x, y] = [(at.x + before.x) / 2, (at.y + before.y) / 2];
  const longest = Math.max(...layout.lines.map((line) => line.length));
  const [w, h] = [longest * size + 12, layout.lines.length * layout.leading + 4];
  pencil.surface.rect(x - w / 2, y - h / 2, w, h, 4, { fill: pencil.palette.board });
  layout.lines.forEach((line, index) => {
    const lineY = y - h / 2 + 2 + (index + 0.5) * layout.leading;
    pencil.surface.text(line, x, lineY, { size, color: pencil.palette.line.ink, align: 'center' });
  });
}
