import type { Point, Rect } from '../geometry/rect.ts';
import type { LiveMessage } from './message.ts';
import type { InHand, Peer } from './peers.ts';

/** Where a peer was shown when their last message came, and how long the way from there to what it says is. */
export interface Motion {
  at: number;
  over: number;
  cursor: Point | null;
  doing: InHand | null;
  view: Rect | null;
}

/** Milliseconds from one batch of the server's to the next, and what a late one may stretch that to. */
const BATCH = 100;
const SLOWEST = 160;
const FASTEST = 40;

const between = (from: number, to: number, share: number) => from + (to - from) * share;
const point = (from: Point, to: Point, share: number): Point => ({
  x: between(from.x, to.x, share),
  y: between(from.y, to.y, share),
});
const rect = (from: Rect, to: Rect, share: number): Rect => ({
  ...point(from, to, share),
  w: between(from.w, to.w, share),
  h: between(from.h, to.h, share),
});

/** Whether a message says where something is that was elsewhere before. */
export const moves = ({ kind }: LiveMessage): boolean =>
  kind === 'cursor' || kind === 'moving' || kind === 'resizing' || kind === 'view';

/** The motion that begins with a message which came now: as long as the messages are apart, so that it never stands still. */
export function begun(peer: Peer, now: number): Motion {
  const shown = eased(peer, now);
  const apart = peer.motion === null ? BATCH : now - peer.motion.at;
  const over = apart > 2 * SLOWEST ? BATCH : Math.min(SLOWEST, Math.max(FASTEST, apart));
  return { at: now, over, cursor: shown.cursor, doing: shown.doing, view: shown.view };
}

/** Whether a peer is still on the way to where their last message says. */
export const isUnderway = ({ motion }: Peer, now: number): boolean =>
  motion !== null && now < motion.at + motion.over;

/** A peer as they are to be shown: on the way from where they were. The same one once they have arrived. */
export function eased(peer: Peer, now: number): Peer {
  const { motion } = peer;
  if (motion === null || now >= motion.at + motion.over) return peer;
  const share = Math.max(0, (now - motion.at) / motion.over);
  const { cursor, view, doing, dropped } = peer;
  return {
    ...peer,
    cursor: cursor && motion.cursor ? point(motion.cursor, cursor, share) : cursor,
    view: view && motion.view ? rect(motion.view, view, share) : view,
    doing: doing && hand(motion.doing, doing, share),
    dropped: dropped && { ...dropped, what: hand(motion.doing, dropped.what, share) },
  };
}

/** What has just been taken up comes from where it lies. */
function hand(before: InHand | null, now: InHand, share: number): InHand {
  if (now.kind === 'moving') {
    const from = before?.kind === 'moving' && same(before, now) ? before : { dx: 0, dy: 0 };
    return { ...now, dx: between(from.dx, now.dx, share), dy: between(from.dy, now.dy, share) };
  }
  const from = before?.kind === 'resizing' && same(before, now) ? before.to : now.from;
  return { ...now, to: rect(from, now.to, share) };
}

const same = (a: InHand, b: InHand): boolean =>
  a.ids.length === b.ids.length && a.ids.every((id, index) => id === b.ids[index]);
