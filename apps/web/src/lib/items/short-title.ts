const MOST = 32;
const segmenter = new Intl.Segmenter('ja', { granularity: 'grapheme' });

/**
 * A name as it is said within a sentence: names go up to 200 letters, and in Japanese what happens to the thing stands
 * after its name.
 */
export function shortTitle(title: string): string {
  if (title.length <= MOST) return title;
  const letters = Array.from(segmenter.segment(title), (part) => part.segment);
  return letters.length <= MOST
    ? title
    : `${letters
        .slice(0, MOST - 1)
        .join('')
        .trimEnd()}…`;
}
