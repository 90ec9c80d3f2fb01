import type { Made } from '../scene.ts';

const FILLS: Record<string, string> = {
  yellow: '#ffec99',
  orange: '#ffd8a8',
  pink: '#fcc2d7',
  blue: '#a5d8ff',
  green: '#b2f2bb',
  teal: '#96f2d7',
  purple: '#eebefa',
};
/** The plainest look it has, which is also the cheapest: no hatching, no shaking hand, a system font. */
const PLAIN = { roughness: 0, fillStyle: 'solid', strokeWidth: 1 };
const LABEL = { fontFamily: 2, fontSize: 16 };

/** Our scene as Excalidraw's element skeletons: a note is a rectangle with a text in it. */
export function skeletonsOf(made: readonly Made[]): object[] {
  const at = new Map(made.map((one) => [one.id ?? '', one]));
  return made.flatMap((one) => skeletonOf(one, at) ?? []);
}

function skeletonOf(one: Made, at: Map<string, Made>): object | null {
  const { id, x = 0, y = 0, w = 200, h = 200, text = '' } = one;
  const box = { ...PLAIN, id, x, y, width: w, height: h };
  const label = { ...LABEL, text };
  switch (one.kind) {
    case 'note':
      return { ...box, type: 'rectangle', backgroundColor: FILLS[one.style?.fill ?? 'yellow'], label };
    case 'rect':
    case 'hexagon':
      return { ...box, type: 'rectangle', label };
    case 'ellipse':
    case 'diamond':
      return { ...box, type: one.kind, label };
    case 'text':
      return { ...PLAIN, ...LABEL, id, type: 'text', x, y, text, fontSize: 22 };
    case 'frame':
      // Its frames would own what lies in them, and be drawn by another way: a large rectangle looks the same.
      return { ...box, type: 'rectangle', backgroundColor: 'transparent', label };
    case 'pen':
      return { ...box, type: 'line', points: strokeOf(w, h), strokeColor: '#e03131' };
    case 'connector':
      return arrowBetween(one, at);
    default:
      return null;
  }
}

function strokeOf(w: number, h: number): [number, number][] {
  return Array.from({ length: 80 }, (_, step) => [(step / 79) * w, h / 2 + Math.sin(step / 6) * (h / 3)]);
}

function arrowBetween({ id, from, to }: Made, at: Map<string, Made>): object | null {
  const [a, b] = [at.get(from?.id ?? ''), at.get(to?.id ?? '')];
  if (!a || !b) return null;
  const [x, y] = [(a.x ?? 0) + 200, (a.y ?? 0) + 100];
  const end: [number, number] = [(b.x ?? 0) - x, (b.y ?? 0) + 100 - y];
  return { ...PLAIN, id, type: 'arrow', x, y, points: [[0, 0], end] };
}
