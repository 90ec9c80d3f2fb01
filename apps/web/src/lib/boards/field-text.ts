import { editText } from '@engawa/board';
import type { BoardDesk } from './board-desk.svelte.ts';
import { sayBoardError } from './board-errors.ts';
import { carried } from './caret.ts';

/**
 * A field in which an element's text is written while others may write in it, too: what is typed goes to the board as
 * the smallest change, what others type comes in beside the caret, and waits while something is being converted.
 */
export class FieldText {
  composing = false;
  readonly #desk: BoardDesk;
  readonly #id: string;
  readonly #field: HTMLTextAreaElement;
  /** The text as the field last showed it in full: what is typed is told from it. */
  #shown: string;

  constructor(desk: BoardDesk, id: string, field: HTMLTextAreaElement) {
    this.#desk = desk;
    this.#id = id;
    this.#field = field;
    this.#shown = desk.board?.find(id)?.text ?? '';
    field.value = this.#shown;
  }

  /** Whether the field holds what the board never had. */
  get unwritten(): boolean {
    return this.#field.value !== this.#shown;
  }

  /** Writes what the field holds, and shows what came of it. False when the element is gone or locked. */
  write(): boolean {
    const { board } = this.#desk;
    if (this.composing || !board || this.#field.value === this.#shown) return true;
    try {
      const now = editText(board, this.#id, this.#shown, this.#field.value);
      if (now === null) return false;
      this.#show(now);
    } catch (error) {
      // Too long, say: the field goes back to what is on the board.
      this.#show(board.find(this.#id)?.text ?? this.#shown);
      sayBoardError(error);
    }
    return true;
  }

  /** The board has changed. False when the element is gone or locked. */
  catchUp(): boolean {
    const now = this.#desk.board?.find(this.#id);
    if (!now || now.locked) return false;
    if (!this.composing && now.text !== this.#shown) this.#show(now.text);
    return true;
  }

  #show(text: string): void {
    const field = this.#field;
    if (field.value !== text) {
      const { value, selectionStart, selectionEnd } = field;
      const [from, to] = [selectionStart, selectionEnd].map((at) => carried(value, text, at));
      field.value = text;
      field.setSelectionRange(from ?? 0, to ?? 0);
    }
    this.#shown = text;
  }
}
