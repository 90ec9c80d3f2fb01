import type { Readable } from 'node:stream';
import { NotFound } from '@engawa/schema';
import type { Ctx } from '../ctx.ts';
import { reachOf, requireAccess } from '../grants/index.ts';
import * as db from './below.sql.ts';
import { freeEntry } from './entries.ts';
import { atStore } from './faults.ts';
import { epochNow, guarded, stillAllowed } from './open.ts';

/** One line of a ZIP: a file or a folder, under a path that every system can write. */
export interface Entry {
  /** `資料/写真.jpg`, `議事録.md`; folders end with a slash. No part is longer than 255 bytes, none is taken twice. */
  path: string;
  id: string;
  kind: string;
  /** How it is written out: as its own bytes, or as one of these. */
  as: 'bytes' | 'svg' | 'markdown';
  /** Bytes; 0 for folders, and for what is written out by others (documents, boards). */
  size: number;
  modified: Date;
}

/** What a ZIP holds of each kind: a board as what is seen and as what is said. */
const FORMS: Record<string, readonly Entry['as'][]> = {
  folder: ['bytes'],
  doc: ['markdown'],
  file: ['bytes'],
  board: ['svg', 'markdown'],
};
const ENDINGS = { bytes: '', svg: '.svg', markdown: '.md' } as const;

export interface Below {
  /** Of the folder, or of the space. */
  name: string;
  entries: Entry[];
  /** The bytes of a file among the entries. Permission is asked anew whenever access to the space has changed since. */
  open(entry: Entry): Promise<Readable>;
}

/**
 * Everything in a folder, or in a whole space, that the caller may download, as the paths of a ZIP, folders first.
 * Documents are opened by `exportMarkdown`, boards by `exportBoard`, which ask again. Needs `download` on the folder or the space. What lies
 * in a folder that the caller may not see stands at the top. Errors of `open`: NotFound, Forbidden, Unavailable.
 */
export async function filesBelow(ctx: Ctx, objectId: string): Promise<Below> {
  const access = await requireAccess(ctx, 'download', objectId);
  if (!access.spaceId || access.objectKind === 'organisation') throw new NotFound();
  const { spaceId, epoch } = access;
  const folderId = access.objectKind === 'item' ? access.objectId : null;
  if (folderId && access.itemKind !== 'folder') throw new NotFound();
  const rows = await db.below(ctx.sql, spaceId, folderId, await reachOf(ctx, 'download'));
  const folder = rows.find((row) => row.id === folderId);
  const name = folder?.title ?? (await db.nameOfSpace(ctx.sql, spaceId));
  const keys = new Map(rows.map((row) => [row.id, row.key]));
  const now = epochNow(ctx, spaceId, epoch);
  return {
    name,
    entries: entriesOf(rows, folderId),
    async open({ id }) {
      const key = keys.get(id);
      if (!key) throw new NotFound();
      const still = stillAllowed(ctx, { id, capability: 'download' }, epoch, now);
      await still();
      return atStore(async () => guarded(await ctx.services.storage.get(key), still));
    },
  };
}

function entriesOf(rows: db.Below[], folderId: string | null): Entry[] {
  const ids = new Set(rows.map((row) => row.id));
  const inside = rows.filter((row) => row.id !== folderId);
  const children = Map.groupBy(inside, ({ parentId }) =>
    parentId && ids.has(parentId) ? parentId : folderId,
  );
  const entries: Entry[] = [];
  const walk = (parentId: string | null, prefix: string) => {
    const taken = new Set<string>();
    for (const row of children.get(parentId) ?? []) {
      const { id, kind, title, updatedAt: modified } = row;
      for (const as of FORMS[kind] ?? []) {
        const path = `${prefix}${freeEntry(`${title}${ENDINGS[as]}`, taken)}${kind === 'folder' ? '/' : ''}`;
        entries.push({ path, id, kind, as, size: row.size ?? 0, modified });
        if (kind === 'folder') walk(id, path);
      }
    }
  };
  walk(folderId, '');
  return entries;
}
