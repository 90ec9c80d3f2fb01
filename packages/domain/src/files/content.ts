import { createHash } from 'node:crypto';
import type { Storage } from '@engawa/storage';
import { hashOfWhole } from './running-hashes.ts';
import { SAMPLE, typeOf } from './types.ts';

export interface Content {
  size: number;
  sha256: string;
  type: string;
}

/**
 * What the bytes in the store really are. Where this process has not hashed every byte as it came, all of them are
 * read back once.
 */
export async function contentOf(
  storage: Storage,
  { id, key, size, name }: { id: string; key: string; size: number; name: string },
): Promise<Content> {
  const sample =
    size > 0 ? await bytesOf(await storage.get(key, { start: 0, end: SAMPLE - 1 })) : Buffer.alloc(0);
  const type = await typeOf(sample, name, size);
  const sha256 = hashOfWhole(id, size) ?? (await hashOf(await storage.get(key)));
  return { size, sha256, type };
}

async function bytesOf(stream: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of stream) chunks.push(chunk);
  return Buffer.concat(chunks);
}

async function hashOf(stream: AsyncIterable<Uint8Array>): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of stream) hash.update(chunk);
  return hash.digest('hex');
}
