import { Transform, type Readable } from 'node:stream';
import {
  type FileFacts,
  type FileVersion,
  NotFound,
  OpenFileInput,
  parse,
  UploadIdInput,
} from '@engawa/schema';
import type { Range } from '@engawa/storage';
import type { Ctx } from '../ctx.ts';
import { type Access, epochsOf, reachOf, requireAccess } from '../grants/index.ts';
import { item } from '../items/index.ts';
import { handover, type Handover } from './disposition.ts';
import { atStore } from './faults.ts';
import * as db from './files.sql.ts';
import { requireFile } from './places.ts';

/** How old a decision on a running download may become, in milliseconds. */
const RECHECK = 500;

export interface OpenFile extends Handover {
  id: string;
  spaceId: string;
  name: string;
  version: FileVersion;
  /**
   * The bytes, or those of a range (both ends included). The stream ends with an error when access ends while it
   * runs, or when the store breaks off. RangeError when the range lies outside.
   */
  stream(range?: Range): Promise<Readable>;
}

/**
 * The bytes of a file, with everything a response needs but its length and range. Needs `download`: whoever may only
 * view gets what `openPreview` gives. Errors: NotFound also for a version that is not there; Unavailable.
 */
export async function openFile(ctx: Ctx, input: OpenFileInput): Promise<OpenFile> {
  const { id, version: number, show } = parse(OpenFileInput, input);
  const access = await requireFile(ctx, 'download', id);
  const stored = await db.versionOf(ctx.sql, id, number);
  if (!stored) throw new NotFound();
  return opened(ctx, access, stored, { capability: 'download', show });
}

/** Bytes of a file, or of what shows it, that the caller may have, as decided just now by that capability. */
export async function opened(
  ctx: Ctx,
  { objectId: id, spaceId, epoch }: Access,
  { key, ...version }: db.StoredVersion,
  { capability, show }: { capability: 'view' | 'download'; show: boolean },
): Promise<OpenFile> {
  const { title } = await item(ctx, id);
  const still = stillAllowed(ctx, { id, capability }, epoch, epochNow(ctx, spaceId!, epoch));
  return {
    id,
    spaceId: spaceId!,
    name: title,
    version,
    ...handover(title, version.type, version.sha256, show),
    stream: (range) => atStore(async () => guarded(await ctx.services.storage.get(key, range), still)),
  };
}

/** A file and its newest version. Needs `view`. */
export async function fileFacts(ctx: Ctx, input: { id: string }): Promise<FileFacts> {
  const { id } = parse(UploadIdInput, input);
  await requireFile(ctx, 'view', id);
  const stored = await db.versionOf(ctx.sql, id);
  if (!stored) throw new NotFound();
  const { key: _key, ...version } = stored;
  const { spaceId, parentId, title, can } = await item(ctx, id);
  return { id, spaceId, parentId, name: title, version, can };
}

/**
 * The newest versions of the files in a space that the caller may view: all of them, or those that lie directly in one
 * of its folders. Needs `discover` on the space.
 */
export async function filesIn(
  ctx: Ctx,
  spaceId: string,
  folderId: string | null = null,
): Promise<FileVersion[]> {
  const space = await requireAccess(ctx, 'discover', spaceId);
  return db.newestIn(ctx.sql, space.objectId, folderId, await reachOf(ctx, 'view'));
}

type Epoch = number | null;

/** The space's access epoch, asked for at most twice a second. `epoch`: as it was a moment ago. */
export function epochNow(ctx: Ctx, spaceId: string, epoch: Epoch): () => Promise<Epoch> {
  let [known, at] = [epoch, Date.now()];
  return async () => {
    if (Date.now() - at < RECHECK) return known;
    at = Date.now();
    known = (await epochsOf(ctx.sql, [spaceId])).get(spaceId) ?? null;
    return known;
  };
}

/** Asks for the file anew only when something in the space's access has changed since it was decided at `epoch`. */
export function stillAllowed(
  ctx: Ctx,
  { id, capability }: { id: string; capability: 'view' | 'download' },
  epoch: Epoch,
  now: () => Promise<Epoch>,
): () => Promise<void> {
  let seen = epoch;
  return async () => {
    const current = await now();
    if (current === seen) return;
    await requireFile(ctx, capability, id);
    seen = current;
  };
}

/** Bytes of the store for as long as `still` does not throw. */
export function guarded(source: Readable, still: () => Promise<void>): Readable {
  const guard = new Transform({
    highWaterMark: 256 * 1024,
    transform(chunk: Uint8Array, _, done) {
      still().then(
        () => done(null, chunk),
        (error: Error) => done(error),
      );
    },
  });
  source.on('error', (error) => guard.destroy(error));
  guard.on('close', () => source.destroy());
  return source.pipe(guard);
}
