import {
  type FileVersion,
  LabelVersionInput,
  newId,
  NotFound,
  parse,
  UploadIdInput,
  VersionInput,
} from '@engawa/schema';
import { type Ctx, inside, personOf } from '../ctx.ts';
import { record } from '../ledger/index.ts';
import * as db from './files.sql.ts';
import { requireFile } from './places.ts';

/** All versions of a file, newest first. Needs `view`. */
export async function fileVersions(ctx: Ctx, input: { id: string }): Promise<FileVersion[]> {
  const { id } = parse(UploadIdInput, input);
  await requireFile(ctx, 'view', id);
  return db.versionsOf(ctx.sql, id);
}

/**
 * Makes an older version the newest, as a version of its own: nothing is lost, and it can be undone the same way.
 * Needs `edit`.
 */
export async function restoreVersion(ctx: Ctx, input: { id: string; version: number }): Promise<FileVersion> {
  const { id, version } = parse(VersionInput, input);
  return ctx.sql.begin(async (tx) => {
    const { spaceId } = await requireFile(inside(ctx, tx), 'edit', id);
    const blobId = await db.blobOf(tx, id, version);
    if (!blobId) throw new NotFound();
    const row = { id: newId(), itemId: id, blobId, restoredFrom: version, by: personOf(ctx) };
    const data = { version: await db.insertVersion(tx, row), from: version };
    await record(tx, ctx, {
      verb: 'files.version_restored',
      objectKind: 'item',
      objectId: id,
      spaceId,
      data,
    });
    return one(await db.versionOf(tx, id));
  });
}

/** Gives a version a label, such as 提出版; an empty one takes it away. Needs `edit`. */
export async function labelVersion(
  ctx: Ctx,
  input: { id: string; version: number; label?: string },
): Promise<FileVersion> {
  const { id, version, label } = parse(LabelVersionInput, input);
  return ctx.sql.begin(async (tx) => {
    const { spaceId } = await requireFile(inside(ctx, tx), 'edit', id);
    if (!(await db.setLabel(tx, id, version, label))) throw new NotFound();
    const data = { version };
    await record(tx, ctx, {
      verb: 'files.version_labelled',
      objectKind: 'item',
      objectId: id,
      spaceId,
      data,
    });
    return one(await db.versionOf(tx, id, version));
  });
}

function one(row: db.StoredVersion | null): FileVersion {
  if (!row) throw new NotFound();
  const { key: _key, ...version } = row;
  return version;
}
