import { FindInput, type Found, parse } from '@engawa/schema';
import { type Ctx, personOf } from '../ctx.ts';
import { reachOf } from '../grants/index.ts';
import { findPeople } from '../spaces/index.ts';
import { itemsNamed, spacesNamed } from './search.sql.ts';

/**
 * Spaces, people and items, over all spaces, that the caller may know of and whose names hold every word of `text`;
 * width, case and kana do not matter. Spaces first, then people (six at most), then items; among each, names that begin
 * with it. Nothing for no text. For the person themself: what is outside of their reach is neither found nor counted.
 */
export async function findByName(ctx: Ctx, input: FindInput): Promise<Found[]> {
  personOf(ctx);
  const { text } = parse(FindInput, input);
  if (text === '') return [];
  const reach = await reachOf(ctx, 'discover');
  const [spaces, people, items] = await Promise.all([
    spacesNamed(ctx.sql, text, reach),
    findPeople(ctx, input),
    itemsNamed(ctx.sql, text, reach),
  ]);
  return [...spaces, ...people, ...items];
}
