import type { Board } from '../model/board.ts';
import type { Element } from '../model/element.ts';
import { patchElement } from '../model/write.ts';
import { settledEnds } from '../geometry/route.ts';
import { unlocked, withGroups } from './selection.ts';

/**
 * Deletes elements, and groups that are left with nothing. Connectors that hung on them stay, with a free end where it
 * was. A frame goes without what lies in it. One transaction; returns how many went.
 */
export function remove(board: Board, ids: Iterable<string>): number {
  const going = unlocked(board, ids);
  const gone = withGroups(board, going);
  for (const id of ids)
    if (board.find(id)?.kind === 'group' && board.membersOf(id).length === 0) gone.add(id);
  board.change(() => {
    for (const connector of hangingOn(board, gone)) free(board, connector, gone);
    for (const id of gone) board.stored.delete(id);
  });
  return going.length;
}

function hangingOn(board: Board, gone: ReadonlySet<string>): Set<Element> {
  const hanging = new Set<Element>();
  for (const id of gone) {
    for (const connector of board.connectorsOf(id)) if (!gone.has(connector.id)) hanging.add(connector);
  }
  return hanging;
}

function free(board: Board, connector: Element, gone: ReadonlySet<string>): void {
  const now = settledEnds(board.find, connector);
  const freed = (end: Element['from'], at: { x: number; y: number }) =>
    end?.id && gone.has(end.id) ? { ...end, id: null, ...at } : undefined;
  patchElement(board, connector.id, {
    from: freed(connector.from, now.from),
    to: freed(connector.to, now.to),
  });
}
