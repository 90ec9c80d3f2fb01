import { Invalid } from '@engawa/schema';
import type { Board } from '../model/board.ts';
import { groupChain, takenWith } from '../model/groups.ts';
import { LIMITS } from '../model/limits.ts';
import { patchElement, writeElement } from '../model/write.ts';
import { ordersOnTop } from './create.ts';
import { isLocked } from './selection.ts';

/** What a group would be made of: outermost groups count as one piece. */
function wholes(board: Board, ids: Iterable<string>): string[] {
  const taken = new Set<string>();
  for (const id of ids) {
    const element = board.find(id);
    if (element === undefined || element.kind === 'frame' || isLocked(board, element)) continue;
    taken.add(takenWith(board.find, element).id);
  }
  return [...taken];
}

/** Puts elements into a new group, which may have a title (表札). Null when there are fewer than two. */
export function group(board: Board, ids: Iterable<string>, title = ''): string | null {
  const pieces = wholes(board, ids);
  if (pieces.length < 2) return null;
  const depth = Math.max(
    ...[...board.elements.values()].map((element) => depthAbove(board, element.id, pieces)),
  );
  if (depth >= LIMITS.depth) {
    throw new Invalid('board.depth', 'Groups are nested too deeply', { most: LIMITS.depth });
  }
  const [z = ''] = ordersOnTop(board, 1);
  return board.change(() => {
    const id = writeElement(board, { kind: 'group', z, text: title });
    for (const piece of pieces) patchElement(board, piece, { group: id });
    return id;
  });
}

function depthAbove(board: Board, id: string, pieces: string[]): number {
  const element = board.find(id)!;
  if (element.group === null) return 0;
  const chain = groupChain(board.find, element);
  return chain.some((above) => pieces.includes(above.id)) ? chain.length : 0;
}

/** Opens groups: their members come to lie where the group was. */
export function ungroup(board: Board, ids: Iterable<string>): void {
  board.change(() => {
    for (const id of ids) {
      const element = board.find(id);
      if (element?.kind !== 'group' || isLocked(board, element)) continue;
      const above = groupChain(board.find, element)[0]?.id ?? null;
      for (const member of board.membersOf(id)) patchElement(board, member.id, { group: above });
      board.stored.delete(id);
    }
  });
}

/** Takes elements out of whatever group they are in, or puts them into one (null: none). Used by the outline. */
export function putInGroup(board: Board, ids: Iterable<string>, groupId: string | null): void {
  const target = groupId === null ? null : board.find(groupId);
  if (groupId !== null && target?.kind !== 'group') return;
  const above = new Set(target ? [target.id, ...groupChain(board.find, target).map(({ id }) => id)] : []);
  board.change(() => {
    for (const id of ids) if (!above.has(id)) patchElement(board, id, { group: groupId });
  });
}

/** Locked elements cannot be moved, changed or deleted until they are unlocked. Groups are locked as one. */
export function setLocked(board: Board, ids: Iterable<string>, locked: boolean): void {
  board.change(() => {
    for (const id of ids) patchElement(board, id, { locked });
  });
}
