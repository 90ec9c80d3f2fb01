import {
  newStage,
  rectToScreen,
  selectionBox,
  visible,
  type Board,
  type BoardView,
  type Effect,
  type Element,
  type Palette,
  type Piece,
  type Stage,
  type Style,
  type Tool,
} from '@engawa/board';
import { flushSync } from 'svelte';
import { sayBoardError } from './board-errors.ts';
import { paletteNow } from './colours.ts';
import type { BoardLive } from './live.svelte.ts';

/**
 * What the parts around the canvas know of it. The view tells it what has changed, at most once a frame; the parts ask
 * it to do things. Made by the page, empty until the board has come.
 */
export class BoardDesk {
  view = $state.raw<BoardView | null>(null);
  /** The others on this board; null while it is not shared with anybody. */
  live = $state.raw<BoardLive | null>(null);
  stage = $state.raw<Stage>(newStage({ w: 1, h: 1 }));
  /** Grows with every change of the board, whoever made it. */
  turn = $state(0);
  /** The element a field for typing lies over. */
  writing = $state<string | null>(null);
  steps = $state.raw({ undo: false, redo: false });
  palette = $state.raw<Palette | null>(null);
  /** Where the menu is open, in pixels of the canvas. */
  menuAt = $state.raw<{ x: number; y: number } | null>(null);
  keysOpen = $state(false);
  outlineOpen = $state(false);
  /** What was copied here last, for the menu: pages may not read the clipboard unasked. */
  copied: Piece | null = null;
  /** Where pictures brought up here go: beside the board. */
  place: { spaceId: string; parentId: string | null } | null = null;
  copiedWords = '';
  /** Whether it may be exported and copied: not by whoever may only look. */
  mayTake = true;
  readonly apple = typeof navigator !== 'undefined' && /Mac|iPhone|iPad/.test(navigator.platform);

  /** The stage at this moment: `stage` is told once a frame, and a quick hand does two things in one. */
  get now(): Stage {
    return this.view?.stage ?? this.stage;
  }

  get board(): Board | null {
    return this.view?.board ?? null;
  }

  /** The chosen elements, below first, as they are now. */
  readonly chosen = $derived.by((): Element[] => {
    void this.turn;
    return this.view?.board.sorted(this.stage.selection) ?? [];
  });

  readonly count = $derived.by(() => {
    void this.turn;
    return this.view?.board.elements.size ?? 0;
  });

  /** A view has come (or, with null, gone). Returns how to stop listening to it. */
  show(view: BoardView | null): () => void {
    this.view = view;
    this.writing = null;
    this.menuAt = null;
    if (view === null) return () => {};
    this.palette = paletteNow();
    this.stage = view.stage;
    this.turn += 1;
    let asked = false;
    const changed = () => {
      if (asked) return;
      asked = true;
      requestAnimationFrame(() => {
        asked = false;
        this.turn += 1;
      });
    };
    const remember = () => (this.steps = { undo: view.history.canUndo(), redo: view.history.canRedo() });
    remember();
    const stops = [view.board.subscribe(changed), view.history.subscribe(remember)];
    return () => stops.forEach((stop) => stop());
  }

  /** Opens the text of an element for typing, at once: a phone shows its keyboard only within the touch itself. */
  write(id: string): void {
    if (this.now.readOnly || !this.board?.find(id)) return;
    flushSync(() => (this.writing = id));
  }

  /** Closes the field at once, so that what is in it is on the board before the board goes. */
  stopWriting(): void {
    if (this.writing !== null) flushSync(() => (this.writing = null));
  }

  tool(tool: Tool, keep = false): void {
    this.view?.dispatch({ type: 'tool', tool, keep });
  }

  style(style: Style): void {
    this.view?.dispatch({ type: 'style', style });
  }

  do(effect: Effect): void {
    this.view?.perform(effect);
  }

  select(ids: string[], reveal = false): void {
    this.view?.dispatch({ type: 'select', ids, reveal });
  }

  /** Presses a key of the board's own, as on the canvas. */
  key(key: string, { shift = false, command = false } = {}): void {
    this.view?.dispatch({ type: 'key', key, repeat: false, shift, alt: false, command });
  }

  /** Does something to the board itself; when it is refused, says why. */
  attempt<T>(deed: (board: Board) => T): T | undefined {
    if (this.board === null) return undefined;
    try {
      return deed(this.board);
    } catch (error) {
      sayBoardError(error);
      return undefined;
    }
  }

  /** The part of the board in view, or the middle of it. */
  get seen() {
    const { camera, view } = this.now;
    return visible(camera, view);
  }

  get middle(): { x: number; y: number } {
    const { x, y, w, h } = this.seen;
    return { x: x + w / 2, y: y + h / 2 };
  }

  /** The menu by keyboard: beside what is chosen, else in the middle. */
  openMenuAtSelection(): void {
    const { camera, view, selection } = this.now;
    const box = this.board && selectionBox(this.board, selection);
    const at = box ? rectToScreen(camera, box) : { x: view.w / 2, y: view.h / 2, w: 0, h: 0 };
    const within = (value: number, most: number) => Math.max(8, Math.min(most - 8, value));
    this.menuAt = { x: within(at.x + at.w, view.w), y: within(at.y, view.h) };
  }

  /** Back to the canvas with the keyboard. */
  focus(): void {
    document.querySelector<HTMLElement>('[data-board-canvas]')?.focus({ preventScroll: true });
  }
}
