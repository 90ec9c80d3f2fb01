const LONGEST = 255;
/** Names that Windows keeps for itself. */
const RESERVED = /^(con|prn|aux|nul|com[0-9]|lpt[0-9])(\.|$)/i;
const encoder = new TextEncoder();

/** A title as a name in a file system: no slashes, nothing reserved, at most 255 bytes with its ending, not taken. */
export function freeEntry(title: string, taken: Set<string>): string {
  const safe = safeName(title);
  const ending = /(?<=.)\.[^. ]{1,12}$/u.exec(safe)?.[0] ?? '';
  const stem = safe.slice(0, safe.length - ending.length);
  for (let n = 1; ; n += 1) {
    const tail = `${n === 1 ? '' : ` (${n})`}${ending}`;
    const name = cut(stem, LONGEST - encoder.encode(tail).byteLength) + tail;
    const key = name.toLowerCase();
    if (taken.has(key)) continue;
    taken.add(key);
    return name;
  }
}

function safeName(title: string): string {
  const safe = title
    .toWellFormed()
    .normalize('NFC')

    .replace(/[/\\:*?"<>|\u0000-\u001f\u007f-\u009f]/g, '_')
    .replace(/[. ]+$/, '');
  return RESERVED.test(safe) ? `_${safe}` : safe === '' ? '_' : safe;
}

/** As many whole characters as fit. */
function cut(text: string, bytes: number): string {
  if (encoder.encode(text).byteLength <= bytes) return text;
  let [short, size] = ['', 0];
  for (const { segment } of new Intl.Segmenter('ja').segment(text)) {
    size += encoder.encode(segment).byteLength;
    if (size > bytes) break;
    short += segment;
  }
  return short;
}
