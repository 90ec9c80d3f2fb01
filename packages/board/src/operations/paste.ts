import { Invalid } from '@engawa/schema';
import type { Board } from '../model/board.ts';
import { isFileId, isId, isInk, isKind, isStyle, isBounds } from '../model/checks.ts';
import { COLOURS, KINDS, SIDES, type Colour, type End } from '../model/element.ts';
import { LIMITS } from '../model/limits.ts';
import { newId, type NewElement } from '../model/write.ts';
import { middle, rectAround, type Point } from '../geometry/rect.ts';
import { copy, fromBase64, type Piece } from './copy.ts';
import { createAll, NOTE } from './create.ts';

/** Reads a piece from the clipboard. Null when it is no piece of a board; `Invalid` when it is a broken one. */
export function parsePiece(text: string): Piece | null {
  if (!text.includes('"engawa"')) return null;
  if (text.length > LIMITS.clipboard) {
    throw new Invalid('board.clipboard', 'Too much at once', { most: LIMITS.clipboard });
  }
  try {
    const read: unknown = JSON.parse(text);
    return isRecord(read) && read.engawa === 'board' && Array.isArray(read.elements) ? (read as never) : null;
  } catch {
    return null;
  }
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null;

/** Puts a piece on the board with its middle at `at` (left out: where it was). Returns the new ids of what is on top. */
export function paste(board: Board, piece: Piece, at?: Point): string[] {
  if (!Array.isArray(piece.elements) || piece.elements.length > LIMITS.elements) throw broken('elements');
  const ids = new Map<string, string>();
  for (const element of piece.elements as unknown[]) {
    if (!isRecord(element) || !isId(element.id) || ids.has(element.id as string)) throw broken('id');
    ids.set(element.id as string, newId());
  }
  const read = piece.elements.map((element) => readPiece(element as unknown as Record<string, unknown>, ids));
  if (at !== undefined) shift(read, at);
  createAll(board, read);
  return read.filter((element) => !element.group).map((element) => element.id!);
}

function broken(field: string): Invalid {
  return new Invalid('board.clipboard', `This piece of a board is broken: ${field}`, { field });
}

function readPiece(raw: Record<string, unknown>, ids: ReadonlyMap<string, string>): Omit<NewElement, 'z'> {
  const { kind, style = {}, text = '', ink, file, group } = raw;
  if (!isKind(kind)) throw broken(`kind (${KINDS.join(', ')})`);
  if (!isStyle(style)) throw broken('style');
  if (typeof text !== 'string') throw broken('text');
  const bounds = [raw.x ?? 0, raw.y ?? 0, raw.w ?? 0, raw.h ?? 0, raw.r ?? 0];
  if (!isBounds(bounds)) throw broken('bounds');
  const [x, y, w, h, r] = bounds;
  const bytes = typeof ink === 'string' ? fromBase64(ink) : null;
  if (kind === 'pen' && !isInk(bytes)) throw broken('ink');
  if (kind === 'image' && !isFileId(file)) throw broken('file');
  const ends = kind === 'connector' ? { from: readEnd(raw.from, ids), to: readEnd(raw.to, ids) } : {};
  const inGroup = typeof group === 'string' ? (ids.get(group) ?? null) : null;
  const id = ids.get(raw.id as string)!;
  return {
    id,
    kind,
    x,
    y,
    w,
    h,
    r,
    style,
    text,
    ink: bytes,
    file: typeof file === 'string' ? file : null,
    group: inGroup,
    locked: raw.locked === true,
    ...ends,
  };
}

function readEnd(raw: unknown, ids: ReadonlyMap<string, string>): End {
  if (!isRecord(raw)) throw broken('end');
  const { id, side = 'auto', x, y } = raw;
  if (!(SIDES as readonly unknown[]).includes(side) || !isBounds([x, y, 0, 0, 0])) throw broken('end');
  const attached = typeof id === 'string' ? (ids.get(id) ?? null) : null;
  return { id: attached, side: side as End['side'], x: x as number, y: y as number };
}

function shift(elements: Omit<NewElement, 'z'>[], at: Point): void {
  const points = elements.flatMap(({ kind, x = 0, y = 0, w = 0, h = 0, from, to }) => {
    if (kind === 'group') return [];
    return from && to
      ? [from, to]
      : [
          { x, y },
          { x: x + w, y: y + h },
        ];
  });
  const rect = rectAround(points);
  if (rect === null) return;
  const centre = middle(rect);
  const [dx, dy] = [at.x - centre.x, at.y - centre.y];
  for (const element of elements) {
    element.x = (element.x ?? 0) + dx;
    element.y = (element.y ?? 0) + dy;
    for (const end of [element.from, element.to]) {
      if (end) [end.x, end.y] = [end.x + dx, end.y + dy];
    }
  }
}

/** Copies elements on the same board, a little beside. Returns the new ids of what is on top. */
export function duplicate(board: Board, ids: Iterable<string>, dx = 24, dy = 24): string[] {
  const piece = copy(board, ids);
  for (const element of piece.elements) {
    if (element.kind === 'group') continue;
    if (element.from && element.to) {
      for (const end of [element.from, element.to]) [end.x, end.y] = [end.x + dx, end.y + dy];
    } else [element.x, element.y] = [(element.x ?? 0) + dx, (element.y ?? 0) + dy];
  }
  return paste(board, piece);
}

/** Pasted lines become notes, one a line, laid out in rows around `at`. Returns their ids. */
export function pasteLines(board: Board, text: string, at: Point, fill: Colour = 'yellow'): string[] {
  const lines = text
    .split(/\r\n|\r|\n/)
    .map((line) => line.replace(/^\s*(?:[-*・•●○]\s*)?/, '').trimEnd())
    .filter((line) => line !== '');
  if (lines.length > LIMITS.lines) {
    throw new Invalid('board.lines', `At most ${LIMITS.lines} lines at once`, { most: LIMITS.lines });
  }
  if (!COLOURS.includes(fill)) throw broken('style');
  const columns = Math.ceil(Math.sqrt(lines.length));
  const step = NOTE.w + NOTE.gap;
  const left = at.x - (columns * step - NOTE.gap) / 2;
  const top = at.y - (Math.ceil(lines.length / columns) * step - NOTE.gap) / 2;
  return createAll(
    board,
    lines.map((line, index) => ({
      kind: 'note',
      x: left + (index % columns) * step,
      y: top + Math.floor(index / columns) * step,
      w: NOTE.w,
      h: NOTE.h,
      text: line,
      style: { fill },
    })),
  );
}
