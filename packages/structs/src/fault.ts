import * as Y from 'yjs';
import { findAmong, type FindStruct, type Struct } from './find.ts';
import { spotFinder, type Spot } from './spot.ts';

/**
 * Asks `faultOf` about each item among the structs of a decoded update (`Y.decodeUpdate(update).structs`), before it is
 * applied, and returns the first fault, or null. `inDocument` (`findIn(doc)`) tells also of items whose neighbours the
 * document holds where they would land.
 */
export function firstFault(
  structs: readonly Struct[],
  faultOf: (item: Y.Item, spotOf: (item: Y.Item) => Spot) => string | null,
  inDocument?: FindStruct,
): string | null {
  const inUpdate = findAmong(structs);
  const spotOf = spotFinder((id) => inUpdate(id) ?? inDocument?.(id));
  for (const struct of structs) {
    if (!(struct instanceof Y.Item)) continue;
    const fault = faultOf(struct, spotOf);
    if (fault !== null) return fault;
  }
  return null;
}
