import type { Point, Rect } from '../geometry/rect.ts';
import type { Board } from '../model/board.ts';
import type { Element } from '../model/element.ts';
import { groupChain } from '../model/groups.ts';
import { apply, moved, movedBy, resized } from '../operations/transform.ts';
import { unlocked } from '../operations/selection.ts';
import { begun, moves, type Motion } from './ease.ts';
import type { LiveMessage } from './message.ts';

export type InHand = Extract<LiveMessage, { kind: 'moving' | 'resizing' }>;

/** A point of a light, and when it shone there. `begins`: it is not connected to the one before. */
export interface LaserPoint extends Point {
  at: number;
  begins: boolean;
}

/** Another person on the board, as their last messages tell. Name and colour come from the server, not from them. */
export interface Peer {
  id: string;
  name: string;
  color: string;
  cursor: Point | null;
  selection: readonly string[];
  doing: InHand | null;
  /** What they have just let go: it stays where it was seen until the document says where it is. */
  dropped: { what: InHand; at: number } | null;
  /** A stroke that is being drawn. */
  stroke: readonly Point[];
  laser: readonly LaserPoint[];
  view: Rect | null;
  /** Between two messages they are shown on the way from the one to the other; null: at once where they are. */
  motion: Motion | null;
  /** When the last message came. */
  seen: number;
}

/** Milliseconds after which a laser point has faded. */
export const LASER_FADES = 1200;
/** After this long without a word, what somebody was doing is no longer shown: their last message may be lost. */
const SILENCE = 8000;
/** Milliseconds of drawing that come together at the most. */
const GATHERED = 250;
/** The document comes another way than these messages, sometimes later. */
const DROPPING = 1000;

export const newPeer = (id: string, name: string, color: string): Peer => ({
  id,
  name,
  color,
  cursor: null,
  selection: [],
  doing: null,
  dropped: null,
  stroke: [],
  laser: [],
  view: null,
  motion: null,
  seen: 0,
});

/** What is known of a peer after a message. `now` in milliseconds; `eases`: what moves is shown on its way. */
export function heard(peer: Peer, message: LiveMessage, now: number, eases = false): Peer {
  const motion = eases && moves(message) ? begun(peer, now) : eases ? peer.motion : null;
  const next = { ...peer, seen: now, motion };
  switch (message.kind) {
    case 'cursor':
      return { ...next, cursor: message.at };
    case 'selection':
      return { ...next, selection: message.ids };
    case 'moving':
    case 'resizing':
      return { ...next, cursor: message.at, doing: message, dropped: null };
    case 'drawing':
      return { ...next, cursor: message.points.at(-1) ?? peer.cursor, stroke: joined(peer.stroke, message) };
    case 'laser': {
      const points = shone(message, peer.laser.at(-1)?.at ?? now, now);
      return { ...next, cursor: points.at(-1) ?? peer.cursor, laser: [...faded(peer.laser, now), ...points] };
    }
    case 'view':
      return { ...next, view: message.area };
    case 'idle':
      return {
        ...next,
        doing: null,
        dropped: peer.doing === null ? peer.dropped : { what: peer.doing, at: now },
        stroke: [],
      };
    case 'away':
      return { ...next, cursor: null };
  }
}

/** Puts the newest points of a stroke behind those that are known; where some were lost, a straight line. */
function joined(
  known: readonly Point[],
  { first, points }: { first: number; points: readonly Point[] },
): Point[] {
  return first === 0 ? [...points] : [...known.slice(0, first), ...points].slice(-4000);
}

/** Several points come at once, a moment after they shone: they fade one after the other, as they were drawn. */
export function shone(
  { first, points }: { first: number; points: readonly Point[] },
  last: number,
  now: number,
): LaserPoint[] {
  const since = first === 0 ? 0 : Math.min(now - last, GATHERED);
  return points.map((point, index) => ({
    ...point,
    at: now - since + (since * (index + 1)) / points.length,
    begins: first === 0 && index === 0,
  }));
}

const faded = (laser: Peer['laser'], now: number) => laser.filter(({ at }) => now - at < LASER_FADES);

/** Forgets what was under way when nothing has been heard for long. */
export function aged(peer: Peer, now: number): Peer {
  const laser = faded(peer.laser, now);
  if (peer.dropped !== null && now - peer.dropped.at > DROPPING) return { ...peer, dropped: null, laser };
  if (now - peer.seen > SILENCE && (peer.doing !== null || peer.stroke.length > 0)) {
    return { ...peer, doing: null, stroke: [], laser };
  }
  return laser.length === peer.laser.length ? peer : { ...peer, laser };
}

/** The document has changed: what a peer held is now where the document says. */
export function settled(peer: Peer, written: ReadonlySet<string>): Peer {
  const held = peer.doing ?? peer.dropped?.what;
  return held?.ids.some((id) => written.has(id)) ? { ...peer, doing: null, dropped: null } : peer;
}

/** Where the elements are that others have in hand right now: laid over the board while drawing. */
export function inHand(board: Board, peers: Iterable<Peer>): Map<string, Element> {
  const found = new Map<string, Element>();
  for (const peer of peers) {
    const doing = peer.doing ?? peer.dropped?.what;
    if (doing === undefined) continue;
    const elements = doing.kind === 'moving' ? movedBy(board, doing.ids) : unlocked(board, doing.ids);
    for (const element of elements) {
      const change =
        doing.kind === 'moving' ? moved(element, doing.dx, doing.dy) : resized(element, doing.from, doing.to);
      found.set(element.id, apply(element, change));
    }
  }
  return found;
}

/** What must be drawn anew because something is in somebody's hand: connectors that hang on it, titles of its groups. */
export function pulledAlong(board: Board, held: ReadonlyMap<string, Element>): Set<string> {
  const ids = new Set<string>();
  for (const [id, element] of held) {
    for (const connector of board.connectorsOf(id)) ids.add(connector.id);
    if (element.group === null) continue;
    for (const group of groupChain(board.find, element)) if (group.text !== '') ids.add(group.id);
  }
  return ids;
}
