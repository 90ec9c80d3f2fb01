/** As much of a text is shown; the rest is for programs that are made for it. */
export const TEXT_BYTES = 1_000_000;

export interface ShownText {
  text: string;
  /** The name of the encoding as TextDecoder knows it. */
  charset: string;
}

const JAPANESE = ['utf-8', 'shift_jis', 'euc-jp'];

function byMark(bytes: Uint8Array): string | null {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return 'utf-16le';
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return 'utf-16be';
  return bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? 'utf-8' : null;
}

function decode(bytes: Uint8Array, charset: string, cut: boolean, fatal: boolean): string | null {
  try {
    // `stream`: the last character may be half there, and is left out rather than shown as a wrong one.
    return new TextDecoder(charset, { fatal }).decode(bytes, { stream: cut });
  } catch {
    return null;
  }
}

/**
 * Bytes as text. What a mark at the beginning says comes first, then what the server found in the first bytes
 * (`declared`), then the encodings in which Japanese text comes, whichever fits all of it. `cut`: more bytes follow.
 */
export function textOfBytes(bytes: Uint8Array, declared: string | null = null, cut = false): ShownText {
  const marked = byMark(bytes);
  const named = declared === null ? [] : [declared];
  for (const charset of marked ? [marked] : [...named, ...JAPANESE]) {
    const text = decode(bytes, charset, cut, true);
    if (text !== null) return { text, charset };
  }
  // Nothing fits all of it: shown as far as it goes, with the signs that say so.
  const charset = marked ?? declared ?? 'utf-8';
  const text = decode(bytes, charset, cut, false) ?? decode(bytes, 'utf-8', cut, false);
  return { text: text ?? '', charset };
}
