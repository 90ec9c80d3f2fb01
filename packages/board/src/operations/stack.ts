import type { Board } from '../model/board.ts';
import type { Element } from '../model/element.ts';
import { ordersBetween } from '../model/order.ts';
import { patchElement } from '../model/write.ts';
import { meets } from '../geometry/rect.ts';
import { leaves } from './selection.ts';

/** To the front or back of everything, or one step over what is in the way. */
export type Restack = 'front' | 'back' | 'forward' | 'backward';

/** Changes what lies above what. The chosen ones keep their order among each other. One transaction. */
export function restack(board: Board, ids: Iterable<string>, how: Restack): void {
  const chosen = leaves(board, ids);
  const others = board.ordered().filter((element) => !chosen.includes(element));
  if (chosen.length === 0 || others.length === 0) return;
  const at = newPlace(board, chosen, others, how);
  const orders = ordersBetween(others[at - 1]?.z ?? null, others[at]?.z ?? null, chosen.length);
  board.change(() =>
    chosen.forEach((element, index) => patchElement(board, element.id, { z: orders[index]! })),
  );
}

/** Index among the others before which the chosen ones go. */
function newPlace(board: Board, chosen: Element[], others: Element[], how: Restack): number {
  if (how === 'front') return others.length;
  if (how === 'back') return 0;
  const inTheWay = (other: Element) =>
    other.kind !== 'group' &&
    chosen.some((element) => {
      const [a, b] = [board.rectOf(element.id), board.rectOf(other.id)];
      return a !== undefined && b !== undefined && meets(a, b);
    });
  if (how === 'forward') {
    const top = board.rank(chosen.at(-1)!.id);
    const next = others.findIndex((other) => board.rank(other.id) > top && inTheWay(other));
    return next === -1 ? others.filter((other) => board.rank(other.id) < top).length : next + 1;
  }
  const bottom = board.rank(chosen[0]!.id);
  const next = others.findLastIndex((other) => board.rank(other.id) < bottom && inTheWay(other));
  return next === -1 ? others.filter((other) => board.rank(other.id) < bottom).length : next;
}
