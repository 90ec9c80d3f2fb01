import { fileURLToPath } from 'node:url';
import { openFolderStorage } from './folder.ts';
import { openS3Storage } from './s3.ts';
import type { Storage } from './storage.ts';

/**
 * The store that `url` names: `s3://key:secret@host:port/bucket[?tls=1]`, or a folder as `file:///path`.
 * Throws when it is neither; whether it answers shows in `ready()`.
 */
export function openStorage(url: string): Storage {
  if (url.startsWith('s3:')) return openS3Storage(url);
  if (url.startsWith('file:')) return openFolderStorage(fileURLToPath(url));
  throw new Error('A file store is s3://key:secret@host:port/bucket or file:///folder.');
}
