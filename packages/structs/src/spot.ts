import * as Y from 'yjs';
import type { FindStruct } from './find.ts';

/** Where an item stands. */
export interface Spot {
  /** A root by its name, a type, or content that nothing can stand in; null where what it was is swept away. */
  inside: unknown;
  /** What it is kept under there: an attribute's name, a map's key. Null in a list or a text, or where not known. */
  key: string | null;
}

const NOWHERE: Spot = { inside: null, key: null };

/**
 * Follows items to what they say of themselves, by the neighbours whose word they share: once for each item, however
 * long the chain is. `stated` gives what an item says, or the neighbour to ask; rings end in `nowhere`.
 */
export function throughNeighbours<Said extends object>(
  stated: (item: Y.Item) => Said | Y.Item,
  nowhere: Said,
): (item: Y.Item) => Said {
  const known = new Map<Y.Item, Said>();
  return (item) => {
    const walked: Y.Item[] = [];
    let at: Said | Y.Item = item;
    while (at instanceof Y.Item && !known.has(at)) {
      walked.push(at);
      known.set(at, nowhere);
      at = stated(at);
    }
    const said = at instanceof Y.Item ? known.get(at)! : at;
    for (const step of walked) known.set(step, said);
    return said;
  };
}

/** Tells of items, as an update has them or as a document holds them, where they stand. */
export function spotFinder(find: FindStruct): (item: Y.Item) => Spot {
  return throughNeighbours((item) => statedSpot(item, find), NOWHERE);
}

function statedSpot(item: Y.Item, find: FindStruct): Spot | Y.Item {
  const { parent, parentSub: key } = item;
  if (typeof parent === 'string') return { inside: parent, key };
  if (parent instanceof Y.ID) return { inside: contentOf(find(parent)), key };
  if (parent !== null) return { inside: rootName(parent) ?? parent, key };
  // Put beside another, it names neither its parent nor its key: they are the other's.
  const beside = item.origin ?? item.rightOrigin;
  const neighbour = beside === null ? undefined : find(beside);
  return neighbour instanceof Y.Item ? neighbour : { inside: null, key };
}

function contentOf(struct: unknown): unknown {
  // Somebody may have deleted it meanwhile: then nothing is known, and nothing will be shown.
  if (!(struct instanceof Y.Item) || struct.content instanceof Y.ContentDeleted) return null;
  return struct.content instanceof Y.ContentType ? struct.content.type : struct.content;
}

/** By its name, for a root that nobody has asked for by its kind yet has no kind. */
function rootName(type: Y.AbstractType<unknown>): string | undefined {
  if (type._item !== null) return undefined;
  for (const [name, root] of type.doc?.share ?? []) if (root === type) return name;
  return undefined;
}
