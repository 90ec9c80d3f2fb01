/** 行頭禁則: what may not begin a line. */
const NOT_FIRST = new Set(
  '、。，．・：；？！‼⁇⁈⁉゛゜ヽヾゝゞ々ー’”）〕］｝〉》」』】〙〗〟｠»ぁぃぅぇぉっゃゅょゎゕゖァィゥェォッャュョヮヵヶ…‥～〜),.:;?!]}%％℃°'.split(
    '',
  ),
);
/** 行末禁則: what may not end a line. */
const NOT_LAST = new Set('‘“（〔［｛〈《「『【〘〖〝｟«([{￥$＄£'.split(''));

export const mayBegin = (letter: string) => !NOT_FIRST.has(letter);
export const mayEnd = (letter: string) => !NOT_LAST.has(letter);

/** Letters of scripts that are written in words: a line breaks between words, not inside them. */
const WORD = /^[\p{Script=Latin}\p{Script=Greek}\p{Script=Cyrillic}\p{Script=Hangul}\p{N}'’_@#&/+\-.:]/u;
const WIDE =
  /^[\u1100-\u115f\u2e80-\u303e\u3041-\u33ff\u3400-\u4dbf\u4e00-\u9fff\ua000-\ua4cf\uff00-\uff60\uffe0-\uffe6]/;

export const isWord = (letter: string) => WORD.test(letter) && !WIDE.test(letter);
export const isWide = (letter: string) => WIDE.test(letter);
