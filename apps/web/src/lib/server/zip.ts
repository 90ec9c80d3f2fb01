import { addAbortSignal } from 'node:stream';
import { makeZip } from 'client-zip';
import {
  attachmentNamed,
  type Below,
  type Ctx,
  type Entry,
  exportBoard,
  exportMarkdown,
} from '@engawa/domain';

interface Asked {
  method: string;
  /** Ends what is being read when the client has gone. */
  signal: AbortSignal;
}

/**
 * A ZIP that is made while it is sent: nothing is stored, one file is open at a time, and permission is asked again
 * for each. What cannot be read breaks the answer off, so that a download that is short never looks whole.
 */
export function zipOf(ctx: Ctx, below: Below, { method, signal }: Asked, requestId: string): Response {
  const headers = {
    'content-type': 'application/zip',
    'content-disposition': attachmentNamed(`${below.name}.zip`),
    'cache-control': 'private, no-store',
  };
  if (method === 'HEAD') return new Response(null, { headers });
  const body = makeZip(lines(ctx, below, signal, requestId), { buffersAreUTF8: true });
  return new Response(body as ReadableStream<Uint8Array<ArrayBuffer>>, { headers });
}

async function* lines(ctx: Ctx, below: Below, signal: AbortSignal, requestId: string) {
  for (const entry of below.entries) {
    const { path: name, kind, modified: lastModified } = entry;
    if (kind === 'folder') yield { name, lastModified };
    else yield { name, lastModified, input: told(bytesOf(ctx, below, entry, signal), signal, requestId) };
  }
}

async function* bytesOf(
  ctx: Ctx,
  below: Below,
  entry: Entry,
  signal: AbortSignal,
): AsyncGenerator<Uint8Array> {
  const { id, kind, as, size } = entry;
  if (kind === 'doc') return yield Buffer.from((await exportMarkdown(ctx, { id })).markdown);
  if (as !== 'bytes') {
    for (const part of await exportBoard(ctx, { id, as })) {
      signal.throwIfAborted();
      if (part !== '') yield Buffer.from(part);
    }
    return;
  }
  let left = size;
  for await (const chunk of addAbortSignal(signal, await below.open(entry)) as AsyncIterable<Uint8Array>) {
    left -= chunk.byteLength;
    yield chunk;
  }
  if (left !== 0) throw new Error(`The store holds another size of ${id}: ${left} bytes are missing.`);
}

/** By now the answer has begun, and only the log can still say why it ends. */
async function* told(bytes: AsyncGenerator<Uint8Array>, signal: AbortSignal, requestId: string) {
  try {
    yield* bytes;
  } catch (error) {
    if (!signal.aborted)
      console.error(JSON.stringify({ level: 'error', requestId, route: '/files/zip' }), error);
    throw error;
  }
}
