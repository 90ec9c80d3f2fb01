import { sniff } from './sniff.ts';

/** How many of the first bytes are looked at. */
export const SAMPLE = 64 * 1024;

const UNKNOWN = 'application/octet-stream';

/** Documents that are containers: the container shows in the bytes, what it is for only in the ending. */
const IN_ZIP: Record<string, string> = {
  docx: 'application/vnd.openxmlformats-officedocument.wordprocessingml.document',
  xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
  pptx: 'application/vnd.openxmlformats-officedocument.presentationml.presentation',
  odt: 'application/vnd.oasis.opendocument.text',
  ods: 'application/vnd.oasis.opendocument.spreadsheet',
  odp: 'application/vnd.oasis.opendocument.presentation',
  epub: 'application/epub+zip',
};
const IN_CFB: Record<string, string> = {
  doc: 'application/msword',
  xls: 'application/vnd.ms-excel',
  ppt: 'application/vnd.ms-powerpoint',
};
const TEXTS: Record<string, string> = {
  csv: 'text/csv',
  tsv: 'text/tab-separated-values',
  md: 'text/markdown',
  json: 'application/json',
};

/**
 * What a file really is, by its first bytes; the ending of its name only chooses among what the bytes allow.
 * Texts carry their charset (`text/csv;charset=shift_jis`). Unknown bytes are `application/octet-stream`.
 */
export async function typeOf(sample: Uint8Array, name: string, size: number): Promise<string> {
  if (size === 0) return 'text/plain;charset=utf-8';
  const ending = /\.([^.]+)$/.exec(name.toLowerCase())?.[1] ?? '';
  const found = await sniff(sample);
  if (found === 'application/zip') return IN_ZIP[ending] ?? found;
  if (found === 'application/x-cfb') return IN_CFB[ending] ?? found;
  // It takes some texts for what their first letters look like; XML may be a page or a picture that runs scripts.
  if (found && found !== 'application/xml' && !found.startsWith('text/')) return found;
  const charset = charsetOf(sample, size > sample.byteLength);
  if (!charset) return found ?? UNKNOWN;
  const text = new TextDecoder(charset).decode(sample);
  return `${activeType(text, ending) ?? TEXTS[ending] ?? 'text/plain'};charset=${charset}`;
}

/** Text that a browser would run: pages, pictures with scripts, XML with style sheets. */
function activeType(text: string, ending: string): string | null {
  const start = text.slice(0, 4096).replace(/^\ufeff/, '');
  if (/<svg[\s>]/i.test(start) || ending === 'svg') return 'image/svg+xml';
  if (
    /^\s*(<!--[\s\S]*?-->\s*)*<(!doctype\s+html|html|head|body|script|iframe|style|meta|link|img)\b/i.test(
      start,
    )
  ) {
    return 'text/html';
  }
  if (['html', 'htm', 'xhtml', 'shtml', 'mhtml'].includes(ending)) return 'text/html';
  return /^\s*<\?xml\b/i.test(start) ? 'application/xml' : null;
}

/** The encodings in which Japanese text comes. `cut`: the sample may end within a character. */
function charsetOf(sample: Uint8Array, cut: boolean): string | null {
  if (sample[0] === 0xff && sample[1] === 0xfe) return 'utf-16le';
  if (sample[0] === 0xfe && sample[1] === 0xff) return 'utf-16be';
  // What no text holds.
  if (sample.some((byte) => byte < 0x20 && ![0x09, 0x0a, 0x0c, 0x0d, 0x1b].includes(byte))) return null;
  if (has(sample, [0x1b, 0x24]) && sample.every((byte) => byte < 0x80)) return 'iso-2022-jp';
  return ['utf-8', 'shift_jis', 'euc-jp'].find((charset) => decodes(sample, charset, cut)) ?? null;
}

const has = (bytes: Uint8Array, part: number[]) => Buffer.from(bytes).includes(Buffer.from(part));

function decodes(sample: Uint8Array, charset: string, cut: boolean): boolean {
  try {
    new TextDecoder(charset, { fatal: true }).decode(sample, { stream: cut });
    return true;
  } catch {
    return false;
  }
}
