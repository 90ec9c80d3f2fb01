import { findAmong, findIn, throughNeighbours, type FindStruct, type Struct } from '@engawa/structs';
import * as Y from 'yjs';

/** The list or map that an item is in, and under which name; no parent where that was swept away. */
interface Spot {
  parent: unknown;
  sub: string | null;
}

const SWEPT: Spot = { parent: null, sub: null };
const same = (one: Spot, other: Spot) => one.parent === other.parent && one.sub === other.sub;

/**
 * Looks at where items that are about to be put into a document say that they are. Yjs does not: pages that got such
 * items in another order would show something else.
 */
export class Spots {
  readonly #doc: Y.Doc;
  readonly #structs: Struct[];
  readonly #known: FindStruct;
  /** Made when it is first asked: most edits stand on what is known. */
  #arriving: FindStruct | null = null;
  readonly #of = throughNeighbours((item) => this.#stated(item), SWEPT);

  constructor(doc: Y.Doc, structs: Struct[]) {
    this.#doc = doc;
    this.#structs = structs;
    this.#known = findIn(doc);
  }

  /** It was put between two that are in different places, or before a value of a map: a new one comes after the last. */
  liesApart({ origin, rightOrigin }: Y.Item): boolean {
    const right = rightOrigin === null ? null : this.#find(rightOrigin);
    if (!(right instanceof Y.Item)) return false;
    const spot = this.#of(right);
    const left = origin === null ? null : this.#find(origin);
    return spot.sub !== null || (left instanceof Y.Item && !same(this.#of(left), spot));
  }

  /** Of an item the document holds what comes before `reached`, and it lies elsewhere. */
  strays(item: Y.Item, reached: number): boolean {
    const held = this.#known(Y.createID(item.id.client, reached - 1));
    // Known only from the same write: alone it will be looked at again.
    if (held === undefined) return true;
    return !same(this.#of(item), held instanceof Y.Item ? this.#of(held) : SWEPT);
  }

  #stated({ parent, parentSub: sub, origin, rightOrigin }: Y.Item): Spot | Y.Item {
    if (parent instanceof Y.AbstractType) return { parent, sub };
    const beside = [origin, rightOrigin].filter((id) => id !== null).map((id) => this.#find(id));
    if (beside.length > 0) return beside.every((one) => one instanceof Y.Item) ? beside[0]! : SWEPT;
    if (typeof parent === 'string') return { parent: this.#doc.share.get(parent) ?? null, sub };
    const inside = parent instanceof Y.ID ? this.#find(parent) : null;
    if (!(inside instanceof Y.Item) || !(inside.content instanceof Y.ContentType)) return SWEPT;
    return { parent: inside.content.type, sub };
  }

  #find(id: Y.ID): Struct | undefined {
    const known = this.#known(id);
    if (known !== undefined) return known;
    this.#arriving ??= findAmong(this.#structs);
    return this.#arriving(id);
  }
}
