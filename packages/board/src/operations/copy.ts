import type { Board } from '../model/board.ts';
import type { Element } from '../model/element.ts';
import type { NewElement } from '../model/write.ts';
import { settledEnds } from '../geometry/route.ts';
import { groupChain } from '../model/groups.ts';
import { leaves, withFrameContents, withGroups } from './selection.ts';

/** A piece of a board as JSON: for the clipboard, templates and the server. Below first. */
export interface Piece {
  engawa: 'board';
  version: 1;
  elements: PieceElement[];
}

/** An element in a piece. Ink is base64; `z` is the order of the list. */
export type PieceElement = Omit<NewElement, 'z' | 'ink' | 'id'> & { id: string; ink?: string };

/** Copies elements with their groups and the contents of frames. Ends attached outside the piece become free. */
export function copy(board: Board, ids: Iterable<string>): Piece {
  const wanted = new Set(ids);
  const chosen = new Set<Element>();
  for (const element of leaves(board, wanted)) {
    chosen.add(element);
    if (element.kind === 'frame') for (const held of withFrameContents(board, [element])) chosen.add(held);
  }
  const groups = withGroups(board, [...chosen]);
  for (const id of wanted) if (board.find(id)?.kind === 'group') groups.add(id);
  const inside = new Set([...groups, ...Array.from(chosen, ({ id }) => id)]);
  return {
    engawa: 'board',
    version: 1,
    elements: board.sorted(inside).map((element) => toPiece(board, element, inside)),
  };
}

function toPiece(board: Board, element: Element, inside: ReadonlySet<string>): PieceElement {
  const { id, kind, x, y, w, h, r, style, text, locked, ink, file, from, to } = element;
  const group = groupChain(board.find, element).find((above) => inside.has(above.id))?.id ?? null;
  const piece: PieceElement = { id, kind, style };
  if (text !== '') piece.text = text;
  if (group !== null) piece.group = group;
  if (locked) piece.locked = true;
  if (ink !== null) piece.ink = toBase64(ink);
  if (file !== null) piece.file = file;
  if (from !== null && to !== null) {
    const now = settledEnds(board.find, element);
    piece.from = { ...from, ...now.from, id: from.id !== null && inside.has(from.id) ? from.id : null };
    piece.to = { ...to, ...now.to, id: to.id !== null && inside.has(to.id) ? to.id : null };
    return piece;
  }
  return kind === 'group' ? piece : { ...piece, x, y, w, h, r };
}

export function toBase64(bytes: Uint8Array): string {
  let binary = '';
  for (const byte of bytes) binary += String.fromCharCode(byte);
  return btoa(binary);
}

/** Null when it is not base64. */
export function fromBase64(text: string): Uint8Array | null {
  try {
    return Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
  } catch {
    return null;
  }
}
