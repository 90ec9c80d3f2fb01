/** A place in the text of a page: which of its pieces, and which letter of it. */
export interface TextPlace {
  item: number;
  at: number;
}

export interface TextMatch {
  from: TextPlace;
  /** The last letter that belongs to it. */
  to: TextPlace;
}

/** Wide and narrow letters, large and small ones are the same; spaces and line ends within words are not there. */
function fold(letter: string): string {
  return letter.normalize('NFKC').toLowerCase().replaceAll(/\s/g, '');
}

/**
 * Where the words stand in a page, whose text comes in pieces that begin and end anywhere: in Japanese a line's end
 * stands in the middle of words.
 */
export function findWords(items: readonly string[], query: string): TextMatch[] {
  const wanted = Array.from(query, fold).join('');
  if (wanted === '') return [];
  const places: TextPlace[] = [];
  let text = '';
  items.forEach((words, item) => {
    let at = 0;
    for (const letter of words) {
      const folded = fold(letter);
      for (let unit = 0; unit < folded.length; unit += 1) places.push({ item, at });
      text += folded;
      at += letter.length;
    }
  });
  const found: TextMatch[] = [];
  for (let start = text.indexOf(wanted); start >= 0; start = text.indexOf(wanted, start + wanted.length)) {
    found.push({ from: places[start]!, to: places[start + wanted.length - 1]! });
  }
  return found;
}
