import { copy, inReadingOrder, toBoard, type Board } from '@engawa/board';
import { toast } from '@engawa/ui';
import { m } from '#lib/paraglide/messages.js';
import type { BoardDesk } from './board-desk.svelte.ts';
import { pastePiece, pasteText, placeToPaste } from './pasting.ts';
import { addPictures } from './pictures.ts';
import { isWritten, tableLines } from './table-lines.ts';

/** A piece of a board among what the clipboard carries; beside it its words, for everywhere else. */
const PIECE = 'application/x-engawa-board';

/** What is on the clipboard is for the board only when the canvas is what one works on. */
const onCanvas = (event: ClipboardEvent) => (event.target as HTMLElement).dataset.boardCanvas !== undefined;

function wordsOf(board: Board, ids: Iterable<string>): string {
  return inReadingOrder(board, board.sorted(ids))
    .flatMap(({ id, kind, text }) => (kind === 'group' ? board.membersOf(id).map((one) => one.text) : [text]))
    .filter((text) => text.trim() !== '')
    .join('\n');
}

export function takeCopy(desk: BoardDesk, event: ClipboardEvent): boolean {
  const { board, now: stage } = desk;
  if (!onCanvas(event) || board === null || !desk.mayTake) return false;
  if (stage.selection.size === 0 || !event.clipboardData) return false;
  const piece = copy(board, stage.selection);
  event.clipboardData.setData(PIECE, JSON.stringify(piece));
  const words = wordsOf(board, stage.selection);
  event.clipboardData.setData('text/plain', words);
  event.preventDefault();
  desk.copied = piece;
  desk.copiedWords = words;
  return true;
}

export function takeCut(desk: BoardDesk, event: ClipboardEvent): void {
  if (takeCopy(desk, event) && !desk.now.readOnly) desk.do({ do: 'remove', ids: [...desk.now.selection] });
}

export function takePaste(desk: BoardDesk, event: ClipboardEvent): void {
  if (!onCanvas(event) || desk.now.readOnly || !event.clipboardData) return;
  event.preventDefault();
  const { clipboardData: data } = event;
  const [piece, html, text] = [PIECE, 'text/html', 'text/plain'].map((type) => data.getData(type));
  if (data.files.length > 0 && !piece && !isWritten(html!, text!)) {
    return void addPictures(desk, [...data.files], placeToPaste(desk));
  }
  pasteText(desk, piece || tableLines(html!) || text!);
}

/** From a menu: what was copied on a board of this page, else what the browser lets one read. */
export async function pasteByMenu(desk: BoardDesk): Promise<void> {
  const text = await navigator.clipboard?.readText().catch(() => null);
  if (text) {
    const piece = desk.copied;
    // The words of a copied piece are on the clipboard too: then it is the piece that is meant.
    if (piece && desk.copiedWords === text) pastePiece(desk, piece);
    else pasteText(desk, text);
  } else if (desk.copied) pastePiece(desk, desk.copied);
  else toast(m.board_paste_by_key({ keys: desk.apple ? '⌘V' : 'Ctrl+V' }));
}

export function takeDrop(desk: BoardDesk, canvas: HTMLElement, event: DragEvent): void {
  if (desk.now.readOnly || !event.dataTransfer) return;
  event.preventDefault();
  const { left, top } = canvas.getBoundingClientRect();
  const at = toBoard(desk.now.camera, { x: event.clientX - left, y: event.clientY - top });
  const { files } = event.dataTransfer;
  if (files.length > 0) return void addPictures(desk, [...files], at);
  const [html, text] = ['text/html', 'text/plain'].map((type) => event.dataTransfer!.getData(type));
  pasteText(desk, tableLines(html!) ?? text!, at);
}
