import type { Board } from '../model/board.ts';
import type { Element, End, Style } from '../model/element.ts';
import { patchElement } from '../model/write.ts';
import { leaves, unlocked } from './selection.ts';

/** Changes some words of how elements look; the others stay. One transaction. */
export function restyle(board: Board, ids: Iterable<string>, style: Style): void {
  board.change(() => {
    for (const element of unlocked(board, ids)) {
      patchElement(board, element.id, { style: { ...element.style, ...style } });
    }
  });
}

/** What all of them have in common: for the toolbar. */
export function styleOf(board: Board, ids: Iterable<string>): Style {
  const styles = leaves(board, ids).map((element: Element) => element.style);
  const [first = {}] = styles;
  return Object.fromEntries(
    Object.entries(first).filter(([key, value]) =>
      styles.every((style) => style[key as keyof Style] === value),
    ),
  ) as Style;
}

/** Hangs the ends of a connector elsewhere. */
export function reconnect(board: Board, id: string, ends: { from?: End; to?: End }): void {
  const connector = board.find(id);
  if (connector?.kind !== 'connector' || connector.locked) return;
  board.change(() => patchElement(board, id, ends));
}
