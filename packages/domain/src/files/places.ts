import { Conflict, NotFound, type OnClash } from '@engawa/schema';
import { generateKeyBetween } from 'fractional-indexing';
import type { Ctx } from '../ctx.ts';
import { type Access, accessOfMany, requireAccess } from '../grants/index.ts';
import { keyFor } from '../items/index.ts';
import * as db from './files.sql.ts';

export interface Place {
  spaceId: string;
  parentId: string | null;
}

/**
 * Asks for `upload` where a file is to be put. The folder must lie in that space, so that of two ids sent both are
 * authorised.
 */
export async function requireUpload(ctx: Ctx, { spaceId, parentId }: Place): Promise<Access> {
  const access = await requireAccess(ctx, 'upload', parentId ?? spaceId);
  if (access.spaceId !== spaceId) throw new NotFound();
  if (!parentId && access.objectKind !== 'space') throw new NotFound();
  if (parentId && access.itemKind !== 'folder')
    throw new Conflict('items.not_a_folder', 'Only folders hold items', { kind: access.itemKind });
  return access;
}

/** Asks for `edit` on a file whose content is to be replaced. */
export async function requireFile(
  ctx: Ctx,
  capability: 'view' | 'download' | 'edit',
  id: string,
): Promise<Access> {
  const access = await requireAccess(ctx, capability, id);
  if (!isFile(access)) throw new NotFound();
  return access;
}

const isFile = ({ itemKind }: Access): boolean => itemKind === 'file';

/**
 * What an upload under this name becomes: a new file, or a new version of the one that is there. Only names that the
 * caller may know of count, so that nobody learns from a clash what they may not see.
 * Errors: Conflict `files.name_taken` with `{ itemId, kind, canReplace }`.
 */
export async function settleClash(
  ctx: Ctx,
  place: Place,
  name: string,
  onClash: OnClash,
): Promise<{ replaces: string | null }> {
  if (onClash === 'keep_both') return { replaces: null };
  const namesakes = await db.namesakesOf(ctx.sql, place.spaceId, place.parentId, name);
  const seen = await accessOfMany(
    ctx,
    namesakes.map((row) => row.id),
  );
  const known = namesakes.filter((row) => seen.has(row.id));
  const first = known.find((row) => row.kind === 'file') ?? known[0];
  if (!first) return { replaces: null };
  const canReplace = first.kind === 'file' && seen.get(first.id)!.can.edit;
  if (onClash === 'new_version' && canReplace) return { replaces: first.id };
  throw new Conflict('files.name_taken', 'Something of that name is there already', {
    itemId: first.id,
    kind: first.kind,
    canReplace,
  });
}

/**
 * The name itself when it is free, else the first free of `name (2).pdf`, `name (3).pdf` … Again only what the caller
 * may know of counts: two things that nobody sees together may bear one name.
 */
export async function freeName(ctx: Ctx, { spaceId, parentId }: Place, name: string): Promise<string> {
  for (let [from, many] = [1, 1]; ; [from, many] = [from + many, 50]) {
    const tries = Array.from({ length: many }, (_, index) => numbered(name, from + index));
    const bearers = await db.bearersOf(ctx.sql, spaceId, parentId, tries);
    const seen = await accessOfMany(
      ctx,
      bearers.map((row) => row.id),
    );
    const taken = new Set(bearers.filter((row) => seen.has(row.id)).map((row) => row.name));
    const free = tries.find((candidate) => !taken.has(candidate));
    if (free) return free;
  }
}

/** 資料.tar.gz, 2 → 資料 (2).tar.gz */
export function numbered(name: string, n: number): string {
  if (n === 1) return name;
  const ending = /(?<=.)(\.tar)?\.[^. ]{1,12}$/u.exec(name)?.[0] ?? '';
  return `${name.slice(0, name.length - ending.length)} (${n})${ending}`;
}

/** A sort key at the end of the place. */
export async function lastPlace(ctx: Ctx, { spaceId, parentId }: Place): Promise<string> {
  try {
    return generateKeyBetween(await db.lastSortKey(ctx.sql, spaceId, parentId), null);
  } catch {
    // A key of another making stands last: all of them are looked at, and put in order where needed.
    return keyFor(ctx.sql, spaceId, parentId, null);
  }
}
