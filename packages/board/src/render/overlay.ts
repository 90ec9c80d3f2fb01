import { rectToScreen, toScreen, type Camera } from '../geometry/camera.ts';
import { HANDLES, handlePoint, KNOB } from '../geometry/handles.ts';
import { inkPath } from '../geometry/ink.ts';
import { corners, middle, rectOf, type Point } from '../geometry/rect.ts';
import { facingSide, routeOf, sidePoint } from '../geometry/route.ts';
import type { Guide } from '../geometry/snap.ts';
import { between } from '../geometry/rect.ts';
import type { Board } from '../model/board.ts';
import { SIDES, type Bounds, type Element, type Find } from '../model/element.ts';
import { isLocked, leaves } from '../operations/selection.ts';
import type { Stage } from '../interaction/stage.ts';
import type { Context } from './canvas-surface.ts';
import type { Palette } from './palette.ts';

/** What one person sees of their own hand: selection, handles, guides, what is being drawn. In CSS pixels. */
export interface OverlayKit {
  context: Context;
  board: Board;
  palette: Palette;
  stage: Stage;
  /** Elements as they are in hand. */
  find: Find;
}

export function drawOverlay(kit: OverlayKit): void {
  drawHover(kit);
  drawSelection(kit);
  drawGuides(kit, kit.stage.guides);
  drawDoing(kit);
}

/** The outline of turned bounds, on the screen. */
export function outline(context: Context, camera: Camera, bounds: Bounds): void {
  context.beginPath();
  corners(bounds).forEach((corner, index) => {
    const { x, y } = toScreen(camera, corner);
    if (index === 0) context.moveTo(x, y);
    else context.lineTo(x, y);
  });
  context.closePath();
}

/** The outline of an element: a connector's is its line, a group's the box around its members. */
export function outlineElement(
  context: Context,
  camera: Camera,
  board: Board,
  find: Find,
  element: Element,
): void {
  if (element.kind === 'connector') {
    context.beginPath();
    routeOf(find, element).points.forEach((point, index) => {
      const { x, y } = toScreen(camera, point);
      if (index === 0) context.moveTo(x, y);
      else context.lineTo(x, y);
    });
    return;
  }
  if (element.kind !== 'group') return outline(context, camera, element);
  const rect = board.rectOf(element.id);
  if (rect) outline(context, camera, { ...rect, r: 0 });
}

function drawHover({ context, board, palette, stage, find }: OverlayKit): void {
  const element = stage.hover === null || stage.selection.has(stage.hover) ? undefined : find(stage.hover);
  if (element === undefined || stage.doing.kind !== 'nothing') return;
  context.strokeStyle = palette.accent;
  context.globalAlpha = 0.5;
  context.lineWidth = 1.5;
  context.setLineDash([]);
  outlineElement(context, stage.camera, board, find, element);
  context.stroke();
  context.globalAlpha = 1;
}

/** Beyond this number single outlines say nothing and cost much. */
const MANY = 400;

function drawSelection({ context, board, palette, stage, find }: OverlayKit): void {
  const { selection, camera, doing } = stage;
  if (selection.size === 0) return;
  context.strokeStyle = palette.accent;
  context.lineWidth = 1.5;
  context.setLineDash([]);
  const chosen = leaves(board, selection).map((element) => find(element.id) ?? element);
  if (doing.kind !== 'moving' || selection.size <= MANY) {
    for (const element of chosen.slice(0, MANY)) {
      outlineElement(context, camera, board, find, element);
      context.stroke();
    }
  }
  const still = doing.kind === 'nothing' || doing.kind === 'pressing';
  const [only] = chosen;
  if (only?.kind === 'connector' && chosen.length === 1 && still)
    return drawEnds(context, palette, camera, find, only);
  const box = boxOf(board, chosen);
  if (box === null) return;
  if (chosen.length > 1) {
    context.setLineDash([4, 4]);
    outline(context, camera, box);
    context.stroke();
    context.setLineDash([]);
  }
  if (still && !stage.readOnly && !chosen.every((element) => isLocked(board, element))) {
    drawHandles(context, palette, camera, box);
  }
}

function boxOf(board: Board, chosen: readonly Element[]): Bounds | null {
  const [only] = chosen;
  if (only === undefined) return null;
  if (chosen.length === 1) return only;
  let [left, top, right, bottom] = [Infinity, Infinity, -Infinity, -Infinity];
  for (const element of chosen) {
    const { x, y, w, h } = element.kind === 'connector' ? board.rectOf(element.id)! : rectOf(element);
    [left, top] = [Math.min(left, x), Math.min(top, y)];
    [right, bottom] = [Math.max(right, x + w), Math.max(bottom, y + h)];
  }
  return { x: left, y: top, w: right - left, h: bottom - top, r: 0 };
}

function drawHandles(context: Context, palette: Palette, camera: Camera, box: Bounds): void {
  if (Math.max(box.w, box.h) * camera.zoom < 12) return;
  const small = Math.min(box.w, box.h) * camera.zoom < 36;
  context.fillStyle = palette.handle;
  for (const handle of HANDLES) {
    if (handle.length === 1) continue;
    const { x, y } = toScreen(camera, handlePoint(box, handle));
    const side = small ? 7 : 9;
    context.beginPath();
    context.roundRect(x - side / 2, y - side / 2, side, side, 2);
    context.fill();
    context.stroke();
  }
  const top = toScreen(camera, handlePoint(box, 'n'));
  const angle = ((box.r - 90) * Math.PI) / 180;
  const [x, y] = [top.x + Math.cos(angle) * KNOB, top.y + Math.sin(angle) * KNOB];
  context.beginPath();
  context.arc(x, y, 5, 0, 2 * Math.PI);
  context.fill();
  context.stroke();
}

function drawEnds(context: Context, palette: Palette, camera: Camera, find: Find, connector: Element): void {
  const { points } = routeOf(find, connector);
  context.fillStyle = palette.handle;
  for (const point of [points[0]!, points.at(-1)!]) {
    const { x, y } = toScreen(camera, point);
    context.beginPath();
    context.arc(x, y, 6, 0, 2 * Math.PI);
    context.fill();
    context.stroke();
  }
}

function drawGuides({ context, palette, stage }: OverlayKit, guides: readonly Guide[]): void {
  context.strokeStyle = palette.line.pink;
  context.lineWidth = 1;
  context.setLineDash([]);
  for (const { along, at, from, to } of guides) {
    const [start, end]: [Point, Point] =
      along === 'y'
        ? [
            { x: at, y: from },
            { x: at, y: to },
          ]
        : [
            { x: from, y: at },
            { x: to, y: at },
          ];
    const [a, b] = [toScreen(stage.camera, start), toScreen(stage.camera, end)];
    context.beginPath();
    context.moveTo(Math.round(a.x) + 0.5, Math.round(a.y) + 0.5);
    context.lineTo(Math.round(b.x) + 0.5, Math.round(b.y) + 0.5);
    context.stroke();
  }
}

function drawDoing(kit: OverlayKit): void {
  const { context, palette, stage } = kit;
  const { doing, camera } = stage;
  context.setLineDash([]);
  if (doing.kind === 'marquee' || doing.kind === 'placing') {
    const { x, y, w, h } = rectToScreen(camera, between(doing.from, doing.to));
    context.fillStyle = palette.accentSoft;
    context.strokeStyle = palette.accent;
    context.lineWidth = 1;
    context.fillRect(x, y, w, h);
    context.strokeRect(x + 0.5, y + 0.5, w, h);
  } else if (doing.kind === 'drawing') {
    const { line = 'ink', width = 4 } = stage.styles.pen ?? {};
    drawStroke(context, camera, doing.points, palette.line[line === 'none' ? 'ink' : line], width);
  } else if (doing.kind === 'connecting') drawConnecting(kit);
}

function drawConnecting({ context, palette, stage, find }: OverlayKit): void {
  const { doing, camera } = stage;
  if (doing.kind !== 'connecting') return;
  const end = doing[doing.which];
  const target = end.id === null ? undefined : find(end.id);
  context.strokeStyle = palette.accent;
  context.lineWidth = 2;
  if (target) {
    outline(context, camera, target);
    context.stroke();
    context.fillStyle = palette.accent;
    const facing = end.side === 'auto' ? facingSide(target, end) : end.side;
    for (const side of SIDES) {
      if (side === 'auto') continue;
      const { x, y } = toScreen(camera, sidePoint(target, side));
      context.beginPath();
      context.arc(x, y, side === facing ? 6 : 3.5, 0, 2 * Math.PI);
      context.fill();
    }
  }
  const [a, b] = [doing.from, doing.to].map(({ id, side, ...at }) => {
    const attached = id === null ? undefined : find(id);
    if (!attached) return toScreen(camera, at);
    const other = doing.which === 'from' ? doing.to : doing.from;
    const facing = side === 'auto' ? facingSide(attached, other.id === id ? middle(attached) : other) : side;
    return toScreen(camera, sidePoint(attached, facing));
  }) as [Point, Point];
  context.beginPath();
  context.moveTo(a.x, a.y);
  context.lineTo(b.x, b.y);
  context.stroke();
}

/** A stroke on its way, of one's own or of others. */
export function drawStroke(
  context: Context,
  camera: Camera,
  points: readonly (Point & { pressure?: number })[],
  color: string,
  width: number,
): void {
  const path = inkPath(
    points.map((point) => ({ ...toScreen(camera, point), pressure: point.pressure ?? 0.5 })),
    width * camera.zoom,
  );
  context.fillStyle = color;
  context.fill(new Path2D(path));
}
