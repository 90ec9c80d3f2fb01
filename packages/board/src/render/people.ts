import { toScreen, type Camera, type ViewSize } from '../geometry/camera.ts';
import type { Board } from '../model/board.ts';
import type { Find } from '../model/element.ts';
import { leaves } from '../operations/selection.ts';
import { LASER_FADES, type Peer } from '../live/peers.ts';
import { contrastOn } from './contrast.ts';
import type { Context } from './canvas-surface.ts';
import { drawStroke, outlineElement } from './overlay.ts';

const POINTER = 'M0 0L0 16.5L4.4 12.8L7.2 19.2L10 18L7.2 11.8L12.8 11.8Z';
const MOST_OUTLINES = 60;

/** Marks of the other people on the board: what they have chosen, draw, point at. In CSS pixels. */
export function drawPeople(
  context: Context,
  camera: Camera,
  view: ViewSize,
  board: Board,
  find: Find,
  peers: readonly Peer[],
  family: string,
  now: number,
): void {
  for (const peer of peers) {
    context.setLineDash([]);
    context.strokeStyle = peer.color;
    context.lineWidth = 2;
    for (const element of leaves(board, peer.selection).slice(0, MOST_OUTLINES)) {
      outlineElement(context, camera, board, find, find(element.id) ?? element);
      context.stroke();
    }
    if (peer.stroke.length > 1) drawStroke(context, camera, peer.stroke, peer.color, 4);
    drawLaser(context, camera, peer.laser, peer.color, now);
  }
  for (const peer of peers) if (peer.cursor) drawPointer(context, camera, view, peer, family);
}

/** A trail that fades, thinner where it is older. */
export function drawLaser(
  context: Context,
  camera: Camera,
  laser: Peer['laser'],
  color: string,
  now: number,
): void {
  context.lineCap = 'round';
  context.strokeStyle = color;
  for (let index = 1; index < laser.length; index += 1) {
    const [before, point] = [laser[index - 1]!, laser[index]!];
    const left = 1 - (now - point.at) / LASER_FADES;
    if (left <= 0 || point.begins) continue;
    const [a, b] = [toScreen(camera, before), toScreen(camera, point)];
    context.globalAlpha = left;
    context.lineWidth = 1 + 5 * left;
    context.beginPath();
    context.moveTo(a.x, a.y);
    context.lineTo(b.x, b.y);
    context.stroke();
  }
  context.globalAlpha = 1;
}

function drawPointer(context: Context, camera: Camera, view: ViewSize, peer: Peer, family: string): void {
  const { x, y } = toScreen(camera, peer.cursor!);
  if (x < -20 || y < -20 || x > view.w + 20 || y > view.h + 20) return;
  context.save();
  context.translate(x, y);
  const pointer = new Path2D(POINTER);
  context.fillStyle = peer.color;
  context.strokeStyle = '#ffffff';
  context.lineWidth = 1.5;
  context.fill(pointer);
  context.stroke(pointer);
  context.font = `600 12px ${family}`;
  context.textBaseline = 'middle';
  context.textAlign = 'left';
  const width = context.measureText(peer.name).width;
  context.beginPath();
  context.roundRect(12, 18, width + 14, 22, 6);
  context.fill();
  context.fillStyle = contrastOn(peer.color);
  context.fillText(peer.name, 19, 29.5);
  context.restore();
}
