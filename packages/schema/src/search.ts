import * as v from 'valibot';
import type { ItemKind } from './kinds.ts';
import { cleanLine } from './texts.ts';

/** What somebody types to find a thing by its name. */
export const FindInput = v.object({
  text: v.pipe(v.string(), v.maxLength(200, 'query.too_long'), v.transform(cleanLine)),
});

export type FindInput = v.InferInput<typeof FindInput>;

/** A space or an item, found by its name. */
export interface Found {
  id: string;
  kind: ItemKind | 'space';
  name: string;
  spaceId: string;
  /** Where it is: for an item its space, for a space its host. */
  where: string;
}
