import type * as Y from 'yjs';
import { Grid } from '../geometry/grid.ts';
import { grow, rectAround, rectOf, union, type Rect } from '../geometry/rect.ts';
import { routeOf, type Route } from '../geometry/route.ts';
import { compareOrder, type Element, type Find } from './element.ts';
import { groupChain } from './groups.ts';
import { readElement, Unreadable } from './read.ts';

/** The Yjs type that holds a board's elements. */
export const ELEMENTS = 'elements';

/** Which elements a transaction touched, with what hangs on them: connectors and groups. */
export interface Change {
  /** Added or changed. */
  written: ReadonlySet<string>;
  removed: ReadonlySet<string>;
}

/**
 * A board as it is now: read once, then kept up to date by what changes. Plain elements, their order, where they are and
 * what is damaged. Runs wherever Yjs runs.
 */
export class Board {
  readonly doc: Y.Doc;
  readonly stored: Y.Map<unknown>;
  /** Origin of this person's transactions: their undo takes back these and no others. */
  readonly origin = { board: 'mine' };
  /** Readable elements by id. */
  readonly elements = new Map<string, Element>();
  /** Elements that cannot be shown, with the reason. They stay in the document: a newer program may read them. */
  readonly damaged = new Map<string, string>();
  readonly find: Find = (id) => this.elements.get(id);
  readonly #grid = new Grid();
  /** Connectors by the element they are attached to; groups' members. */
  readonly #attached = new Map<string, Set<string>>();
  readonly #members = new Map<string, Set<string>>();
  readonly #routes = new Map<string, Route>();
  readonly #listeners = new Set<(change: Change) => void>();
  #ordered: Element[] | null = null;
  #ranks: Map<string, number> | null = null;

  constructor(doc: Y.Doc) {
    this.doc = doc;
    this.stored = doc.getMap(ELEMENTS);
    const all = new Set<string>();
    for (const [id, value] of this.stored.entries()) {
      all.add(id);
      this.#read(id, value);
    }
    this.#place(all);
    this.stored.observeDeep(this.#observe);
  }

  destroy(): void {
    this.stored.unobserveDeep(this.#observe);
    this.#listeners.clear();
  }

  /** Calls back after every transaction that touched the board, whoever made it. Returns how to stop. */
  subscribe(listener: (change: Change) => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  /** One transaction of this person's. Inside another of them it joins that one. */
  change<T>(write: () => T): T {
    return this.doc.transact(write, this.origin);
  }

  /** All elements, below first. */
  ordered(): readonly Element[] {
    return (this.#ordered ??= [...this.elements.values()].sort(compareOrder));
  }

  /** Place of an element in `ordered()`. */
  rank(id: string): number {
    this.#ranks ??= new Map(this.ordered().map((element, index) => [element.id, index]));
    return this.#ranks.get(id) ?? -1;
  }

  /** Sorts ids or elements' ids by their order, below first. */
  sorted(ids: Iterable<string>): Element[] {
    const found = Array.from(ids, this.find).filter((element) => element !== undefined);
    return found.sort((a, b) => this.rank(a.id) - this.rank(b.id));
  }

  /** Everything that meets a rectangle, below first, without groups. */
  query(area: Rect): Element[] {
    return this.sorted(this.#grid.query(area)).filter(({ kind }) => kind !== 'group');
  }

  /** The same, with the groups that have a title: that is drawn. */
  drawnIn(area: Rect): Element[] {
    return this.sorted(this.#grid.query(area)).filter(({ kind, text }) => kind !== 'group' || text !== '');
  }

  /** The box along the axes around an element as it is drawn; undefined when it is not there or a group is empty. */
  rectOf(id: string): Rect | undefined {
    return this.#grid.rect(id);
  }

  routeOf(connector: Element): Route {
    let route = this.#routes.get(connector.id);
    if (route === undefined) this.#routes.set(connector.id, (route = routeOf(this.find, connector)));
    return route;
  }

  /** What is directly in a group. */
  membersOf(groupId: string): Element[] {
    const members = Array.from(this.#members.get(groupId) ?? [], this.find);
    return members.filter((element) => element !== undefined).sort(compareOrder);
  }

  /** Connectors attached to an element. */
  connectorsOf(id: string): Element[] {
    return Array.from(this.#attached.get(id) ?? [], this.find).filter((element) => element !== undefined);
  }

  /** The box around everything; null for an empty board. */
  extent(): Rect | null {
    return union(
      Array.from(this.elements.keys(), (id) => this.#grid.rect(id)).filter((rect) => rect !== undefined),
    );
  }

  #observe = (events: Y.YEvent<Y.AbstractType<unknown>>[]): void => {
    const touched = new Set<string>();
    for (const event of events) {
      if (event.target === (this.stored as unknown)) {
        for (const id of (event as Y.YMapEvent<unknown>).keysChanged) touched.add(id);
      } else if (typeof event.path[0] === 'string') touched.add(event.path[0]);
    }
    const removed = new Set<string>();
    const written = new Set<string>();
    for (const id of touched) {
      const before = this.elements.get(id);
      this.#forget(id, written);
      if (this.stored.has(id) && this.#read(id, this.stored.get(id))) written.add(id);
      else removed.add(id);
      this.#reorder(before, this.elements.get(id));
    }
    for (const id of removed) written.delete(id);
    this.#place(written);
    const change: Change = { written, removed };
    for (const listener of this.#listeners) listener(change);
  };

  #read(id: string, value: unknown): boolean {
    const element = readElement(id, value);
    if (element instanceof Unreadable) {
      this.damaged.set(id, element.why);
      return false;
    }
    this.elements.set(id, element);
    if (element.group !== null) enter(this.#members, element.group, id);
    for (const end of [element.from, element.to]) if (end?.id) enter(this.#attached, end.id, id);
    return true;
  }

  /** Takes an element out before it is read anew, and notes the groups it was in: their box changes. */
  #forget(id: string, alsoTouched: Set<string>): void {
    this.damaged.delete(id);
    const before = this.elements.get(id);
    for (const connector of this.#attached.get(id) ?? []) alsoTouched.add(connector);
    for (const member of this.#members.get(id) ?? []) alsoTouched.add(member);
    if (before === undefined) return;
    for (const group of groupChain(this.find, before)) alsoTouched.add(group.id);
    if (before.group !== null) this.#members.get(before.group)?.delete(id);
    for (const end of [before.from, before.to]) if (end?.id) this.#attached.get(end.id)?.delete(id);
    this.elements.delete(id);
    this.#grid.delete(id);
  }

  /** Most changes leave the order as it is: then the new one takes the place of the old, and nothing is sorted. */
  #reorder(before: Element | undefined, after: Element | undefined): void {
    if (this.#ordered === null) return;
    if (before !== undefined && after?.z === before.z) this.#ordered[this.rank(after.id)] = after;
    else this.#ordered = this.#ranks = null;
  }

  /** Works out where the written elements are, then what hangs on them; adds that to `written`. */
  #place(written: Set<string>): void {
    const groups = new Set<string>();
    const connectors = new Set<string>();
    for (const id of written) {
      const element = this.elements.get(id);
      if (element === undefined) continue;
      if (element.kind === 'connector') connectors.add(id);
      else if (element.kind === 'group') groups.add(id);
      else this.#grid.set(id, drawnRect(element));
      for (const connector of this.#attached.get(id) ?? []) connectors.add(connector);
      if (element.group !== null) for (const group of groupChain(this.find, element)) groups.add(group.id);
    }
    for (const id of connectors) {
      const connector = this.elements.get(id);
      if (connector === undefined) continue;
      this.#routes.delete(id);
      this.#grid.set(id, grow(rectAround(this.routeOf(connector).points)!, 12));
      written.add(id);
      for (const group of groupChain(this.find, connector)) groups.add(group.id);
    }
    for (const id of groups) {
      if (!this.elements.has(id)) continue;
      const rect = this.#groupRect(id, new Set());
      if (rect === null) this.#grid.delete(id);
      else this.#grid.set(id, rect);
      written.add(id);
    }
  }

  #groupRect(id: string, seen: Set<string>): Rect | null {
    if (seen.has(id)) return null;
    seen.add(id);
    const rects: Rect[] = [];
    for (const member of this.#members.get(id) ?? []) {
      const isGroup = this.elements.get(member)?.kind === 'group';
      const rect = isGroup ? this.#groupRect(member, seen) : this.#grid.rect(member);
      if (rect) rects.push(rect);
    }
    return union(rects);
  }
}

function enter(into: Map<string, Set<string>>, key: string, id: string): void {
  const set = into.get(key);
  if (set === undefined) into.set(key, new Set([id]));
  else set.add(id);
}

/** What an element covers when drawn: with its line, and a stroke with its width. */
export function drawnRect(element: Element): Rect {
  const line = element.kind === 'pen' ? (element.style.width ?? 4) : (element.style.width ?? 2) / 2;
  const { x, y, w, h, r } = element;
  // One object instead of two for nearly all: a board is read while somebody waits.
  if (r === 0) return { x: x - line, y: y - line, w: w + 2 * line, h: h + 2 * line };
  return grow(rectOf(element), line);
}
