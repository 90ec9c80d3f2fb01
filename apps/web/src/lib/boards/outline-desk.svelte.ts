import {
  addFrame,
  addNote,
  createConnector,
  indent,
  isLocked,
  outdent,
  putInto,
  remove,
  restyle,
  swapWithNeighbour,
  type Board,
  type Colour,
  type Element,
} from '@engawa/board';
import { ancestors, visibleRows } from '@engawa/ui';
import { tick, untrack } from 'svelte';
import { SvelteSet } from 'svelte/reactivity';
import { m } from '#lib/paraglide/messages.js';
import type { BoardDesk } from './board-desk.svelte.ts';
import { colourWord, paintOf } from './colour-words.ts';
import { openOf, outlineRows, type OutlineRow } from './outline-rows.ts';
import { nameOf } from './words.ts';

/** Rows that are drawn at first, and how many more each time the end comes near. */
const DRAWN = 300;
/** Beyond this many elements the outline follows a little later. */
const MANY = 1_000;
const LATER_MS = 400;

/** A question that a dialog asks about a row. */
export interface Asking {
  what: 'move' | 'connect' | 'colour';
  row: OutlineRow;
}

/** The outline beside a board: its rows, where one is in it, and what one can do there. Each deed says what it did. */
export class OutlineDesk {
  readonly desk: BoardDesk;
  nodes = $state.raw<OutlineRow[]>([]);
  readonly closed = new SvelteSet<string>();
  /** The row that Tab comes to. */
  focused = $state<string | null>(null);
  /** The row whose words are being written. While they are, nothing moves. */
  writing = $state<string | null>(null);
  asking = $state.raw<Asking | null>(null);
  /** Read aloud when it changes. */
  said = $state('');
  drawn = $state(DRAWN);
  /** Puts the keyboard on a row; the tree provides it. */
  toRow: (id: string) => void = () => {};

  readonly rows = $derived(visibleRows(this.nodes, openOf(this.nodes, this.closed)));
  readonly shown = $derived(this.rows.slice(0, this.drawn));
  #later: ReturnType<typeof setTimeout> | undefined;

  constructor(desk: BoardDesk) {
    this.desk = desk;
    this.refresh();
  }

  get mayWrite(): boolean {
    return !this.desk.stage.readOnly;
  }

  refresh(): void {
    clearTimeout(this.#later);
    this.#later = undefined;
    const { board } = this.desk;
    this.nodes = board ? outlineRows(board) : [];
  }

  /** The board has changed, whoever did it. */
  follow(): void {
    if (this.writing !== null) return;
    if (this.desk.count < MANY) this.refresh();
    else this.#later ??= setTimeout(() => this.writing === null && this.refresh(), LATER_MS);
  }

  row(id: string | null): OutlineRow | undefined {
    return this.nodes.find((node) => node.id === id);
  }

  more(): void {
    this.drawn += DRAWN;
  }

  /** Goes to a row, and chooses it on the board, where it comes into view. */
  async go(id: string, choose = true): Promise<void> {
    this.open(id);
    this.focused = id;
    if (choose) this.desk.select([id], true);
    await tick();
    this.toRow(id);
  }

  /** Opens what a row lies in, and draws as far as it. */
  open(id: string): void {
    for (const above of ancestors(this.nodes, id)) this.closed.delete(above);
    const at = this.rows.findIndex(({ node }) => node.id === id);
    if (at >= this.drawn) this.drawn = at + DRAWN;
  }

  toggle(id: string): void {
    if (this.closed.has(id)) this.closed.delete(id);
    else this.closed.add(id);
  }

  /** Chooses a row beside what is chosen, or no longer. */
  alsoChoose(id: string): void {
    const { selection } = this.desk.stage;
    const others = [...selection].filter((other) => other !== id);
    this.desk.select(selection.has(id) ? others : [...others, id]);
  }

  /** What a deed on a row is about: all that is chosen, where the row is among it. */
  #about(id: string): string[] {
    const { selection } = this.desk.stage;
    return selection.has(id) ? [...selection] : [id];
  }

  #words(ids: string[]): string {
    const [only] = ids;
    const element = only === undefined ? undefined : this.desk.board?.find(only);
    return ids.length === 1 && element ? nameOf(element) : m.board_selected_many({ count: ids.length });
  }

  /** Does something to the board, and says what came of it: a sentence, or null where it was refused. */
  #deed(act: (board: Board) => string | null): boolean {
    const said = this.desk.attempt(act);
    this.refresh();
    if (said !== undefined) this.said = said ?? m.outline_refused();
    return typeof said === 'string';
  }

  write(id: string): void {
    const { board } = this.desk;
    const element = board?.find(id);
    if (!board || !element || !this.mayWrite || element.kind === 'pen') return;
    if (isLocked(board, element)) this.said = m.outline_refused();
    else this.writing = id;
  }

  /** The words are written; the keyboard goes back to their row, or on to a new note after it. */
  async written(then: 'row' | 'next' | 'stay'): Promise<void> {
    const id = this.writing;
    this.writing = null;
    this.refresh();
    if (id === null || then === 'stay') return;
    if (then === 'next') return this.addNote(id);
    await this.go(this.row(id) ? id : (this.shown[0]?.node.id ?? id));
  }

  /** A new note: in an open frame or group, or beside any other row. */
  async addNote(beside: string | null): Promise<void> {
    const row = this.row(beside);
    const into = row?.branch && !this.closed.has(row.id) ? row.id : (row?.parentId ?? null);
    await this.#add((board) => addNote(board, into, '', this.desk.seen));
  }

  async addFrame(): Promise<void> {
    await this.#add((board) => addFrame(board, ''));
  }

  async #add(make: (board: Board) => string): Promise<void> {
    const id = this.desk.attempt(make);
    if (id === undefined) return;
    this.refresh();
    const element = this.desk.board?.find(id);
    if (element) this.said = m.outline_added({ what: nameOf(element) });
    this.open(id);
    this.focused = id;
    this.desk.select([id], true);
    this.writing = id;
  }

  async remove(id: string): Promise<void> {
    const ids = this.#about(id);
    const what = this.#words(ids);
    const next = this.#neighbour(ids, id);
    const undo = this.desk.apple ? '⌘Z' : 'Ctrl+Z';
    const gone = this.#deed((board) =>
      remove(board, ids) > 0 || !board.find(id) ? m.outline_deleted({ what, undo }) : null,
    );
    if (gone && next) await this.go(next);
  }

  /** Where the keyboard goes when rows go: the next one that stays, else the one before. */
  #neighbour(ids: string[], id: string): string | null {
    const at = this.rows.findIndex(({ node }) => node.id === id);
    const stays = ({ node }: { node: OutlineRow }) =>
      !ids.includes(node.id) && !ancestors(this.nodes, node.id).some((above) => ids.includes(above));
    return (this.rows.slice(at).find(stays) ?? this.rows.slice(0, at).findLast(stays))?.node.id ?? null;
  }

  async reorder(id: string, direction: 1 | -1): Promise<void> {
    this.#deed((board) => {
      if (!swapWithNeighbour(board, id, direction)) return m.outline_end();
      const siblings = outlineRows(board).filter((one) => one.parentId === (this.row(id)?.parentId ?? null));
      const position = siblings.findIndex((one) => one.id === id) + 1;
      return m.outline_moved_order({ what: this.#words([id]), position, count: siblings.length });
    });
    await this.go(id);
  }

  async indent(id: string): Promise<void> {
    this.#deed((board) =>
      indent(board, id, this.desk.seen) ? this.#movedTo(board, id) : m.outline_none_above(),
    );
    await this.go(id);
  }

  async outdent(id: string): Promise<void> {
    this.#deed((board) => (outdent(board, id, this.desk.seen) ? this.#movedTo(board, id) : m.outline_end()));
    await this.go(id);
  }

  /** Puts rows into a frame or group, or (null) into none. */
  async moveTo(id: string, place: string | null): Promise<void> {
    const ids = this.#about(id);
    this.#deed((board) => {
      const moved = board.change(() => ids.filter((one) => putInto(board, one, place, this.desk.seen)));
      return moved.length > 0 ? this.#movedTo(board, id) : null;
    });
    await this.go(id);
  }

  #movedTo(board: Board, id: string): string {
    const parent = outlineRows(board).find((one) => one.id === id)?.parentId;
    const place = parent ? board.find(parent) : undefined;
    const what = this.#words(this.#about(id));
    return place ? m.outline_moved({ what, place: nameOf(place) }) : m.outline_moved_out({ what });
  }

  async connect(from: string, to: string): Promise<void> {
    const end = (id: string) => ({ id, side: 'auto' as const, x: 0, y: 0 });
    this.#deed((board) => {
      createConnector(board, end(from), end(to));
      return m.outline_connected({ from: this.#words([from]), to: this.#words([to]) });
    });
    await this.go(from);
  }

  async colour(id: string, colour: Colour): Promise<void> {
    const ids = this.#about(id);
    this.#deed((board) => {
      const painted = board.sorted(ids).filter((one) => paintOf(one) !== null && !isLocked(board, one));
      board.change(() => painted.forEach((one) => restyle(board, [one.id], { [paintOf(one)!]: colour })));
      return painted.length > 0
        ? m.outline_colour_set({ what: this.#words(ids), colour: colourWord(colour) })
        : null;
    });
    await this.go(id);
  }

  ask(what: Asking['what'], id: string): void {
    const row = this.row(id);
    if (row) this.asking = { what, row };
  }

  /** Something was chosen on the board: its row comes into sight, the keyboard stays where it is. */
  chosenOnBoard(elements: readonly Element[]): string | null {
    const [only] = elements;
    if (elements.length !== 1 || !only || only.id === this.focused) return null;
    return untrack(() => {
      if (!this.row(only.id)) return null;
      this.open(only.id);
      this.focused = only.id;
      return only.id;
    });
  }

  stop(): void {
    clearTimeout(this.#later);
  }
}
