import { graphemes } from './graphemes.ts';
import type { Measure } from './measure.ts';
import { wrap } from './wrap.ts';

/** A text set into a box. `size` and `leading` in board units. */
export interface TextLayout {
  lines: string[];
  size: number;
  leading: number;
  /** It did not all fit: the last line ends in …. */
  cut: boolean;
}

export const LEADING = 1.45;
/** Sizes a note tries, largest first. */
const FITTING = [40, 34, 28, 24, 20, 18, 16, 14, 12, 10, 9, 8];

/** Sets a text; `size` 0 takes the largest size at which it fits. */
export function layText(
  text: string,
  box: { w: number; h: number },
  size: number,
  measure: Measure,
): TextLayout {
  if (size > 0) return cutToFit(wrap(text, box.w / size, measure), size, box.h);
  // Wrapping is the dear part, so the sizes are searched by halves: what fits at one size fits at all smaller ones.
  let [low, high] = [0, FITTING.length - 1];
  let best: string[] | null = null;
  while (low < high) {
    const at = (low + high) >> 1;
    const lines = wrap(text, box.w / FITTING[at]!, measure);
    if (lines.length * FITTING[at]! * LEADING <= box.h) {
      high = at;
      best = lines;
    } else {
      low = at + 1;
      best = null;
    }
  }
  const lines = best ?? wrap(text, box.w / FITTING[low]!, measure);
  const smaller = FITTING[low + 1];
  // One letter alone on the last line looks like a mistake: a size smaller often brings it back.
  if (isLonely(lines) && smaller !== undefined) {
    const closer = wrap(text, box.w / smaller, measure);
    if (!isLonely(closer)) return cutToFit(closer, smaller, box.h);
  }
  return cutToFit(lines, FITTING[low]!, box.h);
}

const isLonely = (lines: string[]) => lines.length > 1 && lines.at(-1)!.length === 1;

function cutToFit(lines: string[], size: number, height: number): TextLayout {
  const leading = size * LEADING;
  const most = Math.max(1, Math.floor((height + leading * 0.2) / leading));
  if (lines.length <= most) return { lines, size, leading, cut: false };
  const shown = lines.slice(0, most);
  shown[most - 1] = `${graphemes(shown[most - 1]!)
    .slice(0, -1)
    .join('')}…`;
  return { lines: shown, size, leading, cut: true };
}

const KEPT = 20_000;

/** Remembers what was set: moving, selecting and scrolling never set a text again. */
export function createTextCache(measure: Measure) {
  const known = new Map<string, TextLayout>();
  return (text: string, w: number, h: number, size: number): TextLayout => {
    const key = `${w} ${h} ${size} ${text}`;
    let layout = known.get(key);
    if (layout !== undefined) return layout;
    layout = layText(text, { w, h }, size, measure);
    if (known.size >= KEPT) known.clear();
    known.set(key, layout);
    return layout;
  };
}

export type TextCache = ReturnType<typeof createTextCache>;
