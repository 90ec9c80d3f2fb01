import { graphemes } from './graphemes.ts';
import { isWord, mayBegin, mayEnd } from './kinsoku.ts';
import type { Measure } from './measure.ts';

/** What is not broken if it can be avoided: a word, or one letter with those that must not be parted from it. */
interface Run {
  letters: string[];
  width: number;
  space: boolean;
}

const isSpace = (letter: string) => letter === ' ' || letter === '\t' || letter === '\u3000';

/** Joins letters into runs: words, and kinsoku on both sides. */
function runsOf(line: string, measure: Measure): Run[] {
  const runs: Run[] = [];
  let before = '';
  for (const letter of graphemes(line)) {
    const run = runs.at(-1);
    const space = isSpace(letter);
    const together =
      run !== undefined &&
      !space &&
      !run.space &&
      ((isWord(before) && isWord(letter)) || !mayBegin(letter) || !mayEnd(before));
    const width = measure(letter);
    if (together) {
      run.letters.push(letter);
      run.width += width;
    } else runs.push({ letters: [letter], width, space });
    before = letter;
  }
  return runs;
}

/**
 * Breaks a text into lines no wider than `width` (in letter sizes), as Japanese is set: between any two letters, except
 * before 、。」ー and the like, after 「（ and the like, and inside words. What is wider than a line by itself is cut.
 */
export function wrap(text: string, width: number, measure: Measure): string[] {
  const lines: string[] = [];
  for (const paragraph of text.split('\n')) wrapParagraph(paragraph, Math.max(1, width), measure, lines);
  return lines;
}

function wrapParagraph(paragraph: string, width: number, measure: Measure, lines: string[]): void {
  let line = '';
  let used = 0;
  const flush = () => {
    lines.push(line.trimEnd());
    line = '';
    used = 0;
  };
  for (const run of runsOf(paragraph, measure)) {
    if (used + run.width <= width || run.space) {
      // A space at the end of a full line is not carried to the next.
      if (run.space && used + run.width > width) continue;
      line += run.letters.join('');
      used += run.width;
      continue;
    }
    if (line !== '') flush();
    if (run.width <= width) {
      line = run.letters.join('');
      used = run.width;
      continue;
    }
    for (const letter of run.letters) {
      const letterWidth = measure(letter);
      if (used + letterWidth > width && line !== '') flush();
      line += letter;
      used += letterWidth;
    }
  }
  lines.push(line.trimEnd());
}
