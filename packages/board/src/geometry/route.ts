import { groupChain } from '../model/groups.ts';
import type { Element, End, Find, Side } from '../model/element.ts';
import { middle, rotate, type Point } from './rect.ts';

/** Where a connector runs, in board units: `points` for hit-testing, `path` for drawing (SVG path). */
export interface Route {
  points: Point[];
  path: string;
  /** Directions, in radians, in which the line leaves the board at its ends: for the arrow heads. */
  startAngle: number;
  endAngle: number;
}

type Normal = readonly [number, number];
const NORMALS: Record<Exclude<Side, 'auto'>, Normal> = {
  north: [0, -1],
  east: [1, 0],
  south: [0, 1],
  west: [-1, 0],
};

interface Anchor {
  at: Point;
  normal: Normal;
}

/** The element an end is attached to, unless that is gone or is a connector itself. */
export function targetOf(find: Find, end: End): Element | undefined {
  const target = end.id === null ? undefined : find(end.id);
  return target === undefined || target.kind === 'connector' || target.kind === 'group' ? undefined : target;
}

/** The middle of a side, turned with its element. */
export function sidePoint(element: Element, side: Exclude<Side, 'auto'>): Point {
  const [nx, ny] = NORMALS[side];
  const centre = middle(element);
  return rotate(
    { x: centre.x + (nx * element.w) / 2, y: centre.y + (ny * element.h) / 2 },
    centre,
    element.r,
  );
}

/** The side of an element that faces a point. */
export function facingSide(element: Element, toward: Point): Exclude<Side, 'auto'> {
  const centre = middle(element);
  const seen = rotate(toward, centre, -element.r);
  const dx = (seen.x - centre.x) / Math.max(1, element.w);
  const dy = (seen.y - centre.y) / Math.max(1, element.h);
  if (Math.abs(dx) > Math.abs(dy)) return dx > 0 ? 'east' : 'west';
  return dy > 0 ? 'south' : 'north';
}

function anchorOf(find: Find, end: End, other: Point): Anchor {
  const target = targetOf(find, end);
  if (target === undefined) {
    const horizontal = Math.abs(other.x - end.x) > Math.abs(other.y - end.y);
    const normal: Normal = horizontal ? [Math.sign(other.x - end.x), 0] : [0, Math.sign(other.y - end.y)];
    return { at: { x: end.x, y: end.y }, normal };
  }
  const side = end.side === 'auto' ? facingSide(target, other) : end.side;
  const [nx, ny] = NORMALS[side];
  const turned = rotate({ x: nx, y: ny }, { x: 0, y: 0 }, target.r);
  return { at: sidePoint(target, side), normal: [turned.x, turned.y] };
}

/** Where a connector runs now. Ends attached to nothing lie where they were last seen. */
export function routeOf(find: Find, connector: Element): Route {
  const from = connector.from as End;
  const to = connector.to as End;
  const centre = (end: End) => {
    const target = targetOf(find, end);
    return target === undefined ? end : middle(target);
  };
  const start = anchorOf(find, from, centre(to));
  const end = anchorOf(find, to, centre(from));
  const route = connector.style.route ?? 'curve';
  if (route === 'elbow') return polyline(elbow(start, end));
  return route === 'straight' ? polyline([start.at, end.at]) : curve(start, end);
}

/** The ends as they are now, written down when what they were attached to goes away. */
export function settledEnds(find: Find, connector: Element): { from: Point; to: Point } {
  const { points } = routeOf(find, connector);
  return { from: points[0]!, to: points.at(-1)! };
}

/** Which of `ids` an end hangs on: the element itself, or a group that holds it. */
export function hangsOn(find: Find, end: End | null, ids: ReadonlySet<string>): boolean {
  const target = end && targetOf(find, end);
  if (!target) return false;
  return ids.has(target.id) || groupChain(find, target).some((group) => ids.has(group.id));
}

const short = (value: number) => String(Math.round(value * 100) / 100);
const pair = ({ x, y }: Point) => `${short(x)} ${short(y)}`;

function polyline(points: Point[]): Route {
  const angle = (tip: Point, behind: Point) => Math.atan2(tip.y - behind.y, tip.x - behind.x);
  return {
    points,
    path: `M${points.map(pair).join('L')}`,
    startAngle: angle(points[0]!, points[1]!),
    endAngle: angle(points.at(-1)!, points.at(-2)!),
  };
}

const CURVE_STEPS = 16;

function curve(start: Anchor, end: Anchor): Route {
  const reach = Math.min(400, Math.max(24, Math.hypot(end.at.x - start.at.x, end.at.y - start.at.y) * 0.4));
  const lead = ({ at, normal }: Anchor): Point => ({
    x: at.x + normal[0] * reach,
    y: at.y + normal[1] * reach,
  });
  const [a, b, c, d] = [start.at, lead(start), lead(end), end.at];
  const points: Point[] = [];
  for (let step = 0; step <= CURVE_STEPS; step += 1) {
    const t = step / CURVE_STEPS;
    const u = 1 - t;
    const [wa, wb, wc, wd] = [u * u * u, 3 * u * u * t, 3 * u * t * t, t * t * t];
    points.push({
      x: wa * a.x + wb * b.x + wc * c.x + wd * d.x,
      y: wa * a.y + wb * b.y + wc * c.y + wd * d.y,
    });
  }
  return {
    points,
    path: `M${pair(a)}C${pair(b)} ${pair(c)} ${pair(d)}`,
    startAngle: Math.atan2(-start.normal[1], -start.normal[0]),
    endAngle: Math.atan2(-end.normal[1], -end.normal[0]),
  };
}

const STUB = 24;

/** Right angles: out of each side a little, then over the middle. */
function elbow(start: Anchor, end: Anchor): Point[] {
  const out = ({ at, normal }: Anchor): Point => ({ x: at.x + normal[0] * STUB, y: at.y + normal[1] * STUB });
  const [a, b] = [out(start), out(end)];
  const startAcross = Math.abs(start.normal[0]) > Math.abs(start.normal[1]);
  const endAcross = Math.abs(end.normal[0]) > Math.abs(end.normal[1]);
  const centre = { x: (a.x + b.x) / 2, y: (a.y + b.y) / 2 };
  let bends: Point[];
  if (startAcross && endAcross) {
    const ahead = (b.x - a.x) * start.normal[0] >= 0;
    bends = ahead
      ? [
          { x: centre.x, y: a.y },
          { x: centre.x, y: b.y },
        ]
      : [
          { x: a.x, y: centre.y },
          { x: b.x, y: centre.y },
        ];
  } else if (!startAcross && !endAcross) {
    const ahead = (b.y - a.y) * start.normal[1] >= 0;
    bends = ahead
      ? [
          { x: a.x, y: centre.y },
          { x: b.x, y: centre.y },
        ]
      : [
          { x: centre.x, y: a.y },
          { x: centre.x, y: b.y },
        ];
  } else {
    bends = [startAcross ? { x: b.x, y: a.y } : { x: a.x, y: b.y }];
  }
  return [start.at, a, ...bends, b, end.at].filter(
    (point, index, all) => index === 0 || point.x !== all[index - 1]!.x || point.y !== all[index - 1]!.y,
  );
}
