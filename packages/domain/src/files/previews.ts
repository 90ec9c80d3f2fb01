import { NotFound, OpenFileInput, parse, PREVIEW_BYTES } from '@engawa/schema';
import type { Ctx } from '../ctx.ts';
import * as files from './files.sql.ts';
import { type OpenFile, opened } from './open.ts';
import { requireFile } from './places.ts';
import * as db from './thumbnails.sql.ts';

/** Shown as the letters they are made of. */
const TEXTS = /^(text\/.*|application\/(json|xml|xhtml\+xml|javascript)|message\/.*)$/;

/**
 * What a file looks like, for whoever may see it and not have it: an image as a picture of 1600 pixels at most, of a text
 * the beginning, as plain text whatever it is. Needs `view`. NotFound where there is nothing to be seen (yet).
 */
export async function openPreview(ctx: Ctx, input: { id: string; version?: number }): Promise<OpenFile> {
  const { id, version } = parse(OpenFileInput, input);
  const access = await requireFile(ctx, 'view', id);
  const found = await files.versionOf(ctx.sql, id, version);
  if (!found) throw new NotFound();
  const how = { capability: 'view', show: true } as const;
  const [bare = '', charset] = found.type.split(';');
  if (TEXTS.test(bare)) {
    const file = await opened(ctx, access, { ...found, type: plain(charset) }, how);
    return beginningOf(file, Math.min(found.size, PREVIEW_BYTES));
  }
  const picture = await db.pictureOf(ctx.sql, id, 'largest', version);
  if (!picture) throw new NotFound();
  return opened(ctx, access, { ...found, ...picture, type: 'image/webp' }, how);
}

const plain = (charset: string | undefined) => (charset ? `text/plain;${charset}` : 'text/plain');

/** The same file as if it ended there. */
function beginningOf(file: OpenFile, size: number): OpenFile {
  if (size === file.version.size) return file;
  const { etag } = file.headers;
  return {
    ...file,
    version: { ...file.version, size },
    headers: { ...file.headers, etag: `"${etag?.replaceAll('"', '')}.${size}"` },
    stream: ({ start, end = size - 1 } = { start: 0 }) =>
      file.stream({ start, end: Math.min(end, size - 1) }),
  };
}
