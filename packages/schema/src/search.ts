import * as v from 'valibot';
import { Id } from './ids.ts';
import type { ItemKind } from './kinds.ts';
import { cleanLine } from './texts.ts';

/** What somebody types to find a thing by its name. */
export const FindInput = v.object({
  text: v.pipe(v.string(), v.maxLength(200, 'query.too_long'), v.transform(cleanLine)),
  /** The space that is open: who is found there is shown there. */
  near: v.optional(v.nullable(Id)),
});

export type FindInput = v.InferInput<typeof FindInput>;

/** A space, an item or a person, found by name. */
export interface Found {
  id: string;
  kind: ItemKind | 'space' | 'person';
  name: string;
  /** The space itself, that of the item, one that the person is in. */
  spaceId: string;
  /** Where it is: for an item its space, for a space its host, for a person their organisation. */
  where: string;
}
