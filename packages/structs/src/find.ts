import * as Y from 'yjs';

/** One entry of an update: an item with content, what is left of swept ones, or a gap. */
export type Struct = ReturnType<typeof Y.decodeUpdate>['structs'][number];

/** Finds the struct that covers an id; undefined where there is none. */
export type FindStruct = (id: Y.ID) => Struct | undefined;

/** Finds structs among those of one update. Each client's structs arrive in clock order. */
export function findAmong(structs: readonly Struct[]): FindStruct {
  const byClient = new Map<number, Struct[]>();
  for (const struct of structs) {
    const list = byClient.get(struct.id.client);
    if (list === undefined) byClient.set(struct.id.client, [struct]);
    else list.push(struct);
  }
  return ({ client, clock }) => {
    const list = byClient.get(client) ?? [];
    let low = 0;
    let high = list.length - 1;
    while (low <= high) {
      const middle = (low + high) >> 1;
      const struct = list[middle]!;
      if (clock < struct.id.clock) high = middle - 1;
      else if (clock >= struct.id.clock + struct.length) low = middle + 1;
      else return struct;
    }
    return undefined;
  };
}

/** Finds structs in the store of a document. */
export function findIn(doc: Y.Doc): FindStruct {
  return (id) => (id.clock < Y.getState(doc.store, id.client) ? Y.getItem(doc.store, id) : undefined);
}
