import type { RequestEvent } from '@sveltejs/kit';
import type { Ctx } from '@engawa/domain';
import { Invalid, MAX_FILE_BYTES, type StartUploadInput, type UploadState } from '@engawa/schema';
import { answering, type Extra, HungUp, requireOwnOrigin } from './doors.ts';
import { signedIn } from './endpoint.ts';

// tus 1.0 (https://tus.io/protocols/resumable-upload): core, creation, termination, expiration.

const VERSION = '1.0.0';
/** On every answer. */
const ALWAYS: Extra = { 'tus-resumable': VERSION, 'cache-control': 'no-store' };

/** What the server can do; asked by OPTIONS, without signing in. */
export function abilities(): Response {
  return new Response(null, {
    status: 204,
    headers: {
      ...ALWAYS,
      'tus-version': VERSION,
      'tus-extension': 'creation,termination,expiration',
      'tus-max-size': String(MAX_FILE_BYTES),
    },
  });
}

/** A door of the protocol: same origin, signed in, the right version; errors as problems with the protocol's headers. */
export async function tus(event: RequestEvent, work: (ctx: Ctx) => Promise<Response>): Promise<Response> {
  if (event.request.headers.get('tus-resumable') !== VERSION)
    return new Response(null, { status: 412, headers: { ...ALWAYS, 'tus-version': VERSION } });
  return answering(
    event,
    async () => {
      if (event.request.method !== 'HEAD') requireOwnOrigin(event);
      return work(signedIn());
    },
    ALWAYS,
  );
}

/** Where an upload stands, in headers. `engawa-item` is the file that it became. */
export function stateHeaders({ size, offset, name, expiresAt, itemId }: UploadState): Extra {
  return {
    ...ALWAYS,
    'upload-offset': String(offset),
    'upload-length': String(size),
    'upload-expires': expiresAt.toUTCString(),
    'upload-metadata': `filename ${Buffer.from(name).toString('base64')}`,
    ...(itemId ? { 'engawa-item': itemId } : {}),
  };
}

/** A length or an offset. Throws Invalid for anything but a whole number that a number can hold. */
export function bytesIn(headers: Headers, name: string): number {
  const text = headers.get(name) ?? '';
  const value = /^\d{1,16}$/.test(text) ? Number(text) : NaN;
  if (!Number.isSafeInteger(value)) throw new Invalid('invalid', `${name} is not a number of bytes`);
  return value;
}

/** What a creation asks for. What is missing or wrong is found by the verb, as everywhere. */
export function wishIn(headers: Headers): StartUploadInput {
  const size = bytesIn(headers, 'upload-length');
  const given = metadataIn(headers.get('upload-metadata') ?? '');
  return {
    size,
    name: given.get('filename') ?? '',
    spaceId: given.get('spaceId') ?? '',
    parentId: given.get('parentId') || null,
    itemId: given.get('itemId') || null,
    onClash: (given.get('onClash') || 'ask') as StartUploadInput['onClash'],
  };
}

/** `filename 5YaZ55yf, spaceId MDE5…`: names, each with its value in base64 of UTF-8. */
function metadataIn(header: string): Map<string, string> {
  const given = new Map<string, string>();
  for (const pair of header.split(',').filter((text) => text.trim() !== '')) {
    // Trimmed first: two runs of spaces in one expression would cost the square of their length.
    const [, name, value = ''] = /^([\x21-\x7e]+)(?: +([A-Za-z0-9+/]*={0,2}))?$/.exec(pair.trim()) ?? [];
    if (!name || given.has(name) || value.length % 4 !== 0)
      throw new Invalid('invalid', 'Upload-Metadata cannot be read');
    given.set(name, textIn(value));
  }
  return given;
}

function textIn(base64: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(Buffer.from(base64, 'base64'));
  } catch {
    throw new Invalid('invalid', 'Upload-Metadata is not UTF-8');
  }
}

/**
 * The body as it comes, with back-pressure. Whoever stops reading leaves the connection as it is, so that the answer
 * reaches the client; the server drains or ends it then.
 */
export async function* bodyOf({ body }: Request): AsyncGenerator<Uint8Array> {
  if (!body) return;
  const reader = body.getReader();
  try {
    for (;;) {
      const { done, value } = await reader.read().catch((cause: unknown) => {
        throw new HungUp('The client hung up', { cause });
      });
      if (done) return;
      yield value;
    }
  } finally {
    reader.releaseLock();
  }
}
