import { EngawaError } from '@engawa/schema';
import { toast } from '@engawa/ui';
import { m } from '#lib/paraglide/messages.js';

/** What the board core refuses, in words. It runs in the browser, so its errors never pass the server's translation. */
const SENTENCES: Record<string, (details: { most: number }) => string> = {
  'board.bounds': m.errors_board_bounds,
  'board.clipboard': m.errors_board_clipboard,
  'board.depth': m.errors_board_depth,
  'board.empty': m.errors_board_empty,
  'board.end': m.errors_board_end,
  'board.file': m.errors_board_file,
  'board.full': m.errors_board_full,
  'board.group': m.errors_board_group,
  'board.id': m.errors_board_id,
  'board.ink': m.errors_board_ink,
  'board.kind': m.errors_board_kind,
  'board.lines': m.errors_board_lines,
  'board.order': m.errors_board_order,
  'board.style': m.errors_board_style,
  'board.text': m.errors_board_text,
  'board.text_long': m.errors_board_text_long,
};

/** Says why it did not work; the board is as it was. */
export function sayBoardError(error: unknown): void {
  const say = error instanceof EngawaError ? SENTENCES[error.code] : undefined;
  if (!say) console.error(error);
  const { most = 0 } = (error instanceof EngawaError ? error.details : {}) as { most?: number };
  toast(say?.({ most }) ?? m.errors_unknown(), { tone: 'danger' });
}
