/** Letters that are one UTF-16 unit and never join with a neighbour: kana, kanji, Latin, full-width forms. */
const SIMPLE =
  /^[\n\u0020-\u007e\u00a1-\u00ac\u00ae-\u02ff\u2010-\u2027\u2030-\u205e\u2190-\u21ff\u2460-\u24ff\u2500-\u25ff\u3000-\u3029\u3030-\u3098\u309b-\u30ff\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uff01-\uff9d\uffe0-\uffe6]*$/;

let segmenter: Intl.Segmenter | undefined;

/** A text as the letters a reader sees: emoji, flags and kana with separate marks stay whole. */
export function graphemes(text: string): string[] {
  if (SIMPLE.test(text)) return text.split('');
  segmenter ??= new Intl.Segmenter('ja', { granularity: 'grapheme' });
  return Array.from(segmenter.segment(text), ({ segment }) => segment);
}
