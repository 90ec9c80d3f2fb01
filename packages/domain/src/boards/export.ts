import { type Board, outlineOf, outlineText, svgParts } from '@engawa/board';
import { EngawaError, ExportBoardInput, parse } from '@engawa/schema';
import type { Ctx } from '../ctx.ts';
import { openThumbnail } from '../files/index.ts';
import { item } from '../items/index.ts';
import { openBoard } from './boards.ts';

/** Bytes of pictures in one drawing; those that come later are left out, as grey places with their descriptions. */
const MOST_PICTURES = 16 * 2 ** 20;

/**
 * The board for taking home: drawn, with the small pictures in it that the caller may see, or its outline as Markdown.
 * Text in parts, made while they are read: the document is held until all were. Needs `download`.
 * Errors: Conflict `boards.not_a_board`.
 */
export async function exportBoard(ctx: Ctx, input: ExportBoardInput): Promise<Iterable<string>> {
  const { id, as } = parse(ExportBoardInput, input);
  const board = await openBoard(ctx, 'download', id);
  const { title } = await item(ctx, id);
  if (as === 'markdown')
    return closing(board, [`# ${oneLine(title)}\n\n`, outlineText(outlineOf(board)), '\n']);
  const pictures = await picturesOn(ctx, board);
  return closing(board, svgParts(board, { title, addressOf: (file) => pictures.get(file) ?? null }));
}

function* closing(board: Board, parts: Iterable<string>): Generator<string> {
  try {
    yield* parts;
  } finally {
    board.doc.destroy();
  }
}

const oneLine = (title: string) => title.replaceAll(/\s+/g, ' ').trim();

/** Addresses that hold the pictures themselves, by file. Each is asked for as at its own door. */
async function picturesOn(ctx: Ctx, board: Board): Promise<Map<string, string>> {
  const files = new Set([...board.elements.values()].flatMap(({ file }) => file ?? []));
  const found = new Map<string, string>();
  let room = MOST_PICTURES;
  for (const file of files) {
    const bytes = room > 0 ? await pictureOf(ctx, file) : null;
    if (!bytes || bytes.byteLength > room) continue;
    room -= bytes.byteLength;
    found.set(file, `data:image/webp;base64,${bytes.toString('base64')}`);
  }
  return found;
}

async function pictureOf(ctx: Ctx, id: string): Promise<Buffer | null> {
  try {
    const picture = await openThumbnail(ctx, { id });
    const chunks: Uint8Array[] = [];
    for await (const chunk of (await picture.stream()) as AsyncIterable<Uint8Array>) chunks.push(chunk);
    return Buffer.concat(chunks);
  } catch (error) {
    // Gone, not theirs, or never drawn: its place stays grey, as on the board itself.
    if (error instanceof EngawaError && error.status < 500) return null;
    throw error;
  }
}
