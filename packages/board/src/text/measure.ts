import { isWide } from './kinsoku.ts';

/** Width of one letter as a share of the letter size. */
export type Measure = (letter: string) => number;

/** Without fonts (in Node): full-width letters are square, others about half; a little too wide rather than too narrow. */
export const estimate: Measure = (letter) => {
  if (isWide(letter) || (letter.codePointAt(0) ?? 0) > 0xffff) return 1;
  return /^[mwMW@%—]/.test(letter)
    ? 0.9
    : /^[A-Z]/.test(letter)
      ? 0.7
      : /^[ iljtf.,:;'|!]/.test(letter)
        ? 0.34
        : 0.57;
};

const SAMPLE = 100;

/** Measures by a canvas in the board's font; each letter once. */
export function measureBy(
  context: { font: string; measureText(text: string): { width: number } },
  family: string,
): Measure {
  const widths = new Map<string, number>();
  context.font = `${SAMPLE}px ${family}`;
  return (letter) => {
    const known = widths.get(letter);
    if (known !== undefined) return known;
    context.font = `${SAMPLE}px ${family}`;
    const width = context.measureText(letter).width / SAMPLE;
    widths.set(letter, width);
    return width;
  };
}
