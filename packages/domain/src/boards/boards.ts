import { Board, copy, outlineOf, type OutlineNode, type Piece } from '@engawa/board';
import { BoardIdInput, type BoardLine, type BoardText, Conflict, parse } from '@engawa/schema';
import type { Ctx } from '../ctx.ts';
import { requireAccess } from '../grants/index.ts';
import { heads, readKept } from '../journal/index.ts';

const MOST_LINES = 300;
const MOST_LETTERS = 200;

/**
 * The board in words, in the order one would read it: needs neither script nor the live channel. Needs `view`.
 * Errors: Conflict `boards.not_a_board`.
 */
export function boardText(ctx: Ctx, input: BoardIdInput): Promise<BoardText> {
  return withBoard(ctx, input, (board) => {
    const lines = [...linesOf(outlineOf(board), 0)];
    return { lines: lines.slice(0, MOST_LINES), more: Math.max(0, lines.length - MOST_LINES) };
  });
}

/**
 * Everything on the board as it is now, without what was deleted: to draw it where the live channel is blocked, or for
 * whoever may only look. Needs `view`.
 */
export function boardPiece(ctx: Ctx, input: BoardIdInput): Promise<Piece> {
  return withBoard(ctx, input, (board) => copy(board, board.elements.keys()));
}

/**
 * How far the board has been written, as a number that grows: for a page that no live channel tells. Needs `view`.
 */
export async function boardHead(ctx: Ctx, input: BoardIdInput): Promise<number> {
  const { id } = parse(BoardIdInput, input);
  const { itemKind, generation } = await requireAccess(ctx, 'view', id);
  if (itemKind !== 'board') throw new Conflict('boards.not_a_board', 'This is not a board');
  const [head] = await heads(ctx.sql, [{ itemId: id, generation: generation! }]);
  return head?.seq ?? 0;
}

async function withBoard<T>(ctx: Ctx, input: BoardIdInput, use: (board: Board) => T): Promise<T> {
  const { id } = parse(BoardIdInput, input);
  const board = await openBoard(ctx, 'view', id);
  try {
    return use(board);
  } finally {
    board.doc.destroy();
  }
}

/** The board as it stands in the journal, a damaged one as far as it is whole. Whoever opens it destroys its document. */
export async function openBoard(ctx: Ctx, capability: 'view' | 'download', id: string): Promise<Board> {
  const access = await requireAccess(ctx, capability, id);
  if (access.itemKind !== 'board') throw new Conflict('boards.not_a_board', 'This is not a board');
  const { doc } = await readKept(ctx.sql, id, access.generation!);
  return new Board(doc);
}

/** What has words, or holds something that has. */
function* linesOf(nodes: readonly OutlineNode[], depth: number): Generator<BoardLine> {
  for (const { text, children } of nodes) {
    const words = text
      .trim()
      .replaceAll(/\s*\n\s*/g, ' ')
      .slice(0, MOST_LETTERS)
      .toWellFormed();
    const below = [...linesOf(children, words === '' ? depth : depth + 1)];
    if (words !== '') yield { depth, text: words };
    yield* below;
  }
}
