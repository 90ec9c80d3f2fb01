import type { TextMatch } from './pdf-find.ts';

// Painted by the browser over the text that is there: nothing in the page is changed for it.

const ALL = 'pdf-found';
const NOW = 'pdf-now';

function rangeOf(divs: readonly HTMLElement[], { from, to }: TextMatch): Range | null {
  const [first, last] = [divs[from.item]?.firstChild, divs[to.item]?.firstChild];
  if (!(first instanceof Text) || !(last instanceof Text)) return null;
  const range = new Range();
  range.setStart(first, Math.min(from.at, first.length));
  const letter = String.fromCodePoint(last.data.codePointAt(to.at) ?? 0x20);
  range.setEnd(last, Math.min(to.at + letter.length, last.length));
  return range;
}

function paint(name: string, ranges: readonly Range[]): () => void {
  const painted = CSS.highlights.get(name) ?? new Highlight();
  CSS.highlights.set(name, painted);
  for (const range of ranges) painted.add(range);
  return () => {
    for (const range of ranges) painted.delete(range);
  };
}

/** Marks what was found on a page, and the one that is gone to. Returns the end of it. */
export function highlight(
  divs: readonly HTMLElement[],
  matches: readonly TextMatch[],
  now: TextMatch | null,
): () => void {
  if (!('highlights' in CSS)) return () => {};
  const ranges = matches.flatMap((match) => {
    const range = rangeOf(divs, match);
    return range ? [{ range, now: match === now }] : [];
  });
  const ends = [
    paint(
      ALL,
      ranges.filter((one) => !one.now).map(({ range }) => range),
    ),
    paint(
      NOW,
      ranges.filter((one) => one.now).map(({ range }) => range),
    ),
  ];
  return () => ends.forEach((end) => end());
}
