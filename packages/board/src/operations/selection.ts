import type { Board } from '../model/board.ts';
import type { Element } from '../model/element.ts';
import { contains, middle, rectOf } from '../geometry/rect.ts';

/** What is meant when these ids are acted on: groups stand for their members, and for theirs. Below first. */
export function leaves(board: Board, ids: Iterable<string>): Element[] {
  const found = new Set<string>();
  const opened = new Set<string>();
  const pending = Array.from(ids, board.find);
  for (let at = 0; at < pending.length; at += 1) {
    const element = pending[at];
    if (element === undefined) continue;
    if (element.kind !== 'group') found.add(element.id);
    else if (!opened.has(element.id)) {
      opened.add(element.id);
      pending.push(...board.membersOf(element.id));
    }
  }
  return board.sorted(found);
}

/** The same without what is locked: locked elements stay where and as they are. */
export function unlocked(board: Board, ids: Iterable<string>): Element[] {
  return leaves(board, ids).filter((element) => !isLocked(board, element));
}

/** Locked itself, or in a locked group. */
export function isLocked(board: Board, element: Element): boolean {
  if (element.locked) return true;
  for (let at = element, steps = 0; at.group !== null && steps < 32; steps += 1) {
    const group = board.find(at.group);
    if (group?.kind !== 'group') return false;
    if (group.locked) return true;
    at = group;
  }
  return false;
}

/** Elements and the groups above them that are wholly among them. */
export function withGroups(board: Board, elements: readonly Element[]): Set<string> {
  const ids = new Set(elements.map(({ id }) => id));
  const pending = [...elements];
  for (let at = pending.pop(); at !== undefined; at = pending.pop()) {
    const group = at.group === null ? undefined : board.find(at.group);
    if (group?.kind !== 'group' || ids.has(group.id)) continue;
    if (board.membersOf(group.id).every(({ id }) => ids.has(id))) {
      ids.add(group.id);
      pending.push(group);
    }
  }
  return ids;
}

/** A frame holds what has its middle inside it; of frames inside frames the smallest. Nothing is stored, so nothing can disagree. */
export function frameOf(board: Board, element: Element, frames: readonly Element[]): Element | null {
  const rect = board.rectOf(element.id);
  if (rect === undefined) return null;
  const at = middle(rect);
  let smallest: Element | null = null;
  for (const frame of frames) {
    if (frame.id === element.id || !contains(rectOf(frame), at)) continue;
    if (element.kind === 'frame' && frame.w * frame.h <= element.w * element.h) continue;
    if (smallest === null || frame.w * frame.h < smallest.w * smallest.h) smallest = frame;
  }
  return smallest;
}

export const framesOf = (board: Board): Element[] =>
  [...board.elements.values()].filter(({ kind }) => kind === 'frame');

/** What lies in a frame, frames inside it and what they hold included. */
export function inFrame(board: Board, frame: Element): Element[] {
  const area = rectOf(frame);
  return board.query(area).filter((element) => {
    if (element.id === frame.id) return false;
    if (element.kind === 'frame' && element.w * element.h >= frame.w * frame.h) return false;
    return contains(area, middle(board.rectOf(element.id) ?? element));
  });
}

/** Moving or copying a frame takes along what lies in it. */
export function withFrameContents(board: Board, elements: readonly Element[]): Element[] {
  const all = new Set(elements);
  for (const element of elements) {
    if (element.kind !== 'frame') continue;
    for (const held of inFrame(board, element)) if (!isLocked(board, held)) all.add(held);
  }
  return [...all];
}
