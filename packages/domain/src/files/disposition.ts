/** What browsers show by themselves without running anything of it. */
const SHOWN = [
  /^image\/(png|jpeg|gif|webp|avif|apng|bmp|x-icon)$/,
  /^video\/(mp4|webm|ogg|quicktime)$/,
  /^audio\/(mpeg|mp4|ogg|wav|x-wav|vnd\.wave|webm|flac|x-flac|aac|opus|x-m4a)$/,
  /^application\/pdf$/,
  /^text\/(plain|csv|tab-separated-values|markdown)$/,
  /^application\/json$/,
];
/** What would run in our origin if a browser were let to: it is handed over as plain bytes. */
const ACTIVE =
  /^(text\/html|application\/xhtml\+xml|image\/svg\+xml|application\/xml|text\/xml|text\/javascript|application\/javascript|multipart\/.*|message\/.*)$/;

export interface Handover {
  disposition: 'inline' | 'attachment';
  /** Every header but length, range and status. */
  headers: Record<string, string>;
}

/** How a browser gets the bytes: shown only where that is safe, and never with the rights of our pages. */
export function handover(name: string, type: string, sha256: string, show: boolean): Handover {
  const [bare = '', charset] = type.split(';');
  const disposition = show && SHOWN.some((shape) => shape.test(bare)) ? 'inline' : 'attachment';
  // As plain text, so that a browser shows the table or the JSON and does not download it.
  const shown = disposition === 'inline' && charset ? `text/plain;${charset}` : type;
  return {
    disposition,
    headers: {
      'content-type': ACTIVE.test(bare) ? 'application/octet-stream' : shown,
      'content-disposition': `${disposition}; ${fileNames(name)}`,
      'x-content-type-options': 'nosniff',
      // A sandbox would take the viewer away from a PDF, which runs nothing in our origin anyway.
      'content-security-policy': `default-src 'none'; style-src 'unsafe-inline'; img-src 'self' data:; media-src 'self'; frame-ancestors 'self'${bare === 'application/pdf' ? '' : '; sandbox'}`,
      'cross-origin-resource-policy': 'same-origin',
      'cache-control': 'private, no-cache',
      'accept-ranges': 'bytes',
      etag: `"${sha256}"`,
    },
  };
}

/** A `Content-Disposition` for something to be saved under this name. */
export const attachmentNamed = (name: string): string => `attachment; ${fileNames(name)}`;

/** Both forms of RFC 6266: for old programs in ASCII, for all others as it is. */
function fileNames(name: string): string {
  // A title may be anything a person can write; a file name may not.

  const safe = name.toWellFormed().replace(/[/\\\u0000-\u001f\u007f-\u009f]/g, '_') || 'file';
  const ending = /\.[A-Za-z0-9]{1,12}$/.exec(safe)?.[0] ?? '';
  const ascii = safe
    .slice(0, safe.length - ending.length)
    .replace(/[^\x20-\x7e]/g, '_')
    .replace(/["%]/g, '_');
  const plain = /[^_ ]/.test(ascii) ? ascii : 'file';
  const encoded = encodeURIComponent(safe).replace(
    /['()*]/g,
    (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`,
  );
  return `filename="${plain}${ending}"; filename*=UTF-8''${encoded}`;
}

/**
 * The bytes that a `Range` header asks for: null for all of them (no header, or one that is not understood, or
 * several ranges), 'outside' for 416.
 */
export function rangeOf(
  header: string | null | undefined,
  size: number,
): { start: number; end: number } | 'outside' | null {
  const [, from = '', to = ''] = /^bytes=(\d*)-(\d*)$/.exec(header?.trim() ?? '') ?? [];
  if (from === '' && to === '') return null;
  const start = from === '' ? Math.max(0, size - Number(to)) : Number(from);
  const end = from === '' || to === '' ? size - 1 : Math.min(Number(to), size - 1);
  if (from !== '' && to !== '' && Number(to) < Number(from)) return null;
  return start >= size || (from === '' && Number(to) === 0) ? 'outside' : { start, end };
}
