import { create, fit, freePlace, holdsText, rectToScreen, reveal, type Kind, type Rect } from '@engawa/board';
import type { BoardDesk } from './board-desk.svelte.ts';

const GAP = 24;

/** The next note: to the right of this one, in its colour and size, ready to be written. */
export function nextNote(desk: BoardDesk, id: string): void {
  const { board } = desk;
  const now = board?.find(id);
  if (!board || now?.kind !== 'note') return;
  const { w, h, style, group } = now;
  const beside: Rect = { x: now.x + w + GAP, y: now.y, w, h };
  const taken = board.query(beside).some(({ kind }) => kind !== 'frame' && kind !== 'connector');
  const place = taken ? freePlace(board, desk.seen, { w, h }) : beside;
  const made = desk.attempt(() =>
    create(board, { kind: 'note', x: place.x, y: place.y, w, h, style: { ...style }, group }),
  );
  if (made === undefined) return;
  desk.select([made], true);
  desk.write(made);
}

/** Letters that are being written must be large enough to read; on a phone also above its keyboard. */
export function bringIntoView(desk: BoardDesk, id: string): void {
  const { view, board, now: stage } = desk;
  const rect = board?.rectOf(id);
  if (!view || !rect) return;
  const touch = matchMedia('(pointer: coarse)').matches;
  const seen = rectToScreen(stage.camera, rect);
  const small = Math.max(seen.w, seen.h) < 110 && Math.max(rect.w, rect.h) < 600;
  // A phone's keyboard takes the lower half.
  const room = touch ? { w: stage.view.w, h: stage.view.h / 2 } : stage.view;
  const hidden = seen.x < 0 || seen.y < 0 || seen.x + seen.w > room.w || seen.y + seen.h > room.h;
  if (!small && !hidden) return;
  const camera = small ? fit(rect, room, 40, 1) : reveal(stage.camera, rect, room, 24);
  view.dispatch({ type: 'camera', camera });
}

const SIZES: Partial<Record<Kind, { w: number; h: number }>> = {
  text: { w: 240, h: 32 },
  frame: { w: 960, h: 640 },
  ellipse: { w: 160, h: 160 },
};

/** Makes what the tool in hand makes, where there is room near the middle: the keyboard's way. False for other tools. */
export function makeInMiddle(desk: BoardDesk): boolean {
  const { tool, styles, readOnly } = desk.now;
  const { board } = desk;
  const kind = tool as Kind;
  if (!board || readOnly || (kind !== 'frame' && !holdsText(kind))) return false;
  const size = SIZES[kind] ?? { w: 200, h: 200 };
  const { x, y } = desk.middle;
  const middle = { x: x - size.w / 2, y: y - size.h / 2, ...size };
  const taken = board.query(middle).some((one) => one.kind !== 'frame' && one.kind !== 'connector');
  const place = taken ? { ...size, ...freePlace(board, desk.seen, size) } : middle;
  desk.tool('select');
  desk.do({ do: 'make', kind, bounds: { ...place, r: 0 }, style: styles[tool] ?? {}, edit: true });
  return true;
}
