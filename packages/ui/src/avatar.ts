/** The first character as a reader sees it: 𠮷 is one, and so is が made of two. */
export function initial(name: string): string {
  const [first] = new Intl.Segmenter('ja', { granularity: 'grapheme' }).segment(name.trim());
  return first?.segment.toLocaleUpperCase() ?? '?';
}

/** The same one of twelve quiet colours for the same id, everywhere. */
export function hueOf(id: string): number {
  let sum = 0;
  for (const char of id) sum = (sum * 31 + (char.codePointAt(0) ?? 0)) % 9973;
  return (sum % 12) * 30 + 10;
}
