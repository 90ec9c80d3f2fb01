import { Readable } from 'node:stream';
import { type OpenFile, rangeOf } from '@engawa/domain';

type Wanted = ReturnType<typeof rangeOf>;

/** `?v=3`; without it the newest. */
export function versionIn({ searchParams }: URL): number | undefined {
  const asked = searchParams.get('v');
  return asked === null ? undefined : Number(asked);
}

/** A file as an answer: whole, a range, "unchanged", or "no such range". Streamed; HEAD reads nothing. */
export async function handOver(file: OpenFile, { method, headers: asked }: Request): Promise<Response> {
  const { size, at } = file.version;
  const etag = file.headers.etag!;
  const headers = new Headers({
    ...file.headers,
    'last-modified': at.toUTCString(),
    'x-frame-options': 'SAMEORIGIN',
  });
  if (sameAs(etag, asked.get('if-none-match'))) {
    headers.delete('content-type');
    return new Response(null, { status: 304, headers });
  }
  const range = rangeIn(asked, etag, size);
  if (range === 'outside') {
    return new Response(null, { status: 416, headers: { 'content-range': `bytes */${size}` } });
  }
  if (range) headers.set('content-range', `bytes ${range.start}-${range.end}/${size}`);
  headers.set('content-length', String(range ? range.end - range.start + 1 : size));
  const status = range ? 206 : 200;
  if (method === 'HEAD') return new Response(null, { status, headers });
  return new Response(toWeb(await file.stream(range ?? undefined)), { status, headers });
}

const toWeb = (stream: Readable) => Readable.toWeb(stream) as ReadableStream<Uint8Array<ArrayBuffer>>;

/** A range counts only for the bytes that the client began with. */
function rangeIn(asked: Headers, etag: string, size: number): Wanted {
  const condition = asked.get('if-range');
  return condition === null || condition === etag ? rangeOf(asked.get('range'), size) : null;
}

function sameAs(etag: string, condition: string | null): boolean {
  if (condition === null) return false;
  const known = condition.split(',').map((one) => one.trim().replace(/^W\//, ''));
  return known.includes(etag) || known.includes('*');
}
