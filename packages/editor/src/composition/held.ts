import type { Node } from '@tiptap/pm/model';
import { Slice } from '@tiptap/pm/model';
import type { Transaction } from '@tiptap/pm/state';
import { TextSelection } from '@tiptap/pm/state';
import type { StepMap } from '@tiptap/pm/transform';
import type { EditorView } from '@tiptap/pm/view';
import { updateYFragment, yCursorPluginKey, ySyncPluginKey } from '@tiptap/y-tiptap';
import type { Binding } from './binding.ts';
import { readShared } from './binding.ts';
import type { Merged, Places } from './merge.ts';
import { localChange, mergeChange } from './merge.ts';
import type { Run } from './runs.ts';
import { characterFinder, cutRuns, readRuns } from './runs.ts';
import { mapBetween } from './token-diff.ts';

/** Others' edits are followed this often, so that each step is small and a position's way through it is clear. */
const FOLLOW_MS = 50;

/**
 * An editor taken off its shared document for the time of a composition: what is typed stays here, what others type
 * goes into Yjs (and is stored and acknowledged as ever) but is not shown. It knows at all times where a place
 * in the editor is in the shared document.
 */
export class Held {
  private base: Node;
  private caret: number;
  private runs: Run[];
  private maps: StepMap[] = [];
  private shared: ReturnType<typeof readShared>;
  private others = false;
  private behind = false;
  private writing = false;
  private following: ReturnType<typeof setTimeout> | undefined;
  private readonly mux: Binding['mux'];
  private readonly view: EditorView;
  private readonly binding: Binding;

  constructor(view: EditorView, binding: Binding) {
    this.view = view;
    this.binding = binding;
    this.mux = binding.mux;
    this.base = view.state.doc;
    this.caret = view.state.selection.from;
    this.runs = readRuns(binding.type, view.state.schema);
    this.shared = { doc: this.base, mapping: binding.mapping };
    binding.mux = () => {};
    binding.prosemirrorView = null;
    binding.type.observeDeep(this.heard);
    view.dispatch(view.state.tr.setMeta(ySyncPluginKey, { binding: null }));
  }

  /** Whether text that is typed here is not in the shared document. */
  get unsent(): boolean {
    return !this.view.state.doc.eq(this.base);
  }

  /** Whether others' edits wait to be shown. */
  get waiting(): boolean {
    return this.others;
  }

  /** Puts what was typed since the hold began, or since the last call, into the shared document. Nothing moves on screen. */
  send(): void {
    const { doc } = this.view.state;
    const change = localChange(this.base, doc, this.caret);
    if (change === null) return;
    const merged = this.others ? this.merge(change) : { doc, at: change.from, size: change.slice.size };
    this.write(merged.doc);
    const moved = merged.at - change.from;
    const now = readRuns(this.binding.type, this.view.state.schema);
    const grown = change.slice.size - (change.to - change.from);
    this.runs = [
      ...cutRuns(this.runs, 0, change.from, 0),
      ...cutRuns(now, merged.at, merged.at + merged.size, -moved),
      ...cutRuns(this.runs, change.to, this.base.content.size, grown),
    ];
    this.base = doc;
    this.caret = this.view.state.selection.from;
    this.shared = readShared(this.binding, this.view);
    this.maps = this.others ? [mapBetween(doc, this.shared.doc)] : [];
  }

  /** Ties the editor to the shared document again and shows what others did, with the caret where its text is. */
  end(): void {
    this.send();
    this.follow();
    this.detach();
    const { view, binding, shared } = this;
    const tr = this.others ? this.show() : view.state.tr;
    if (this.others) binding.mapping = shared.mapping;
    tr.setMeta(ySyncPluginKey, { isChangeOrigin: true, binding });
    tr.setMeta(yCursorPluginKey, { awarenessUpdated: true });
    tr.setMeta('addToHistory', false);
    binding.mux(() => view.dispatch(tr));
  }

  /** Ties the editor to the shared document again without a word: the editor is going away. */
  detach(): void {
    clearTimeout(this.following);
    this.binding.type.unobserveDeep(this.heard);
    this.binding.mux = this.mux;
    this.binding.prosemirrorView = this.view;
  }

  private readonly heard = () => {
    if (this.writing) return;
    this.others = true;
    this.behind = true;
    this.following ??= setTimeout(() => this.follow(), FOLLOW_MS);
  };

  /** Learns what others did since last time. */
  private follow(): void {
    clearTimeout(this.following);
    this.following = undefined;
    if (!this.behind) return;
    this.behind = false;
    const shared = readShared(this.binding, this.view);
    this.maps.push(mapBetween(this.shared.doc, shared.doc));
    this.shared = shared;
  }

  private merge(change: Parameters<typeof mergeChange>[2]): Merged {
    this.follow();
    return mergeChange(this.base, this.shared.doc, change, this.places());
  }

  /** By the characters' own ids where they live on; else by what the documents looked like on the way. */
  private places(): Places {
    const byId = characterFinder(this.runs, readRuns(this.binding.type, this.view.state.schema));
    return {
      // A split or a change of block deletes characters and inserts copies: those are followed by how they look.
      character: (pos) => byId(pos) ?? this.trace(pos),
      map: (pos, side) => {
        const left = byId(pos - 1);
        const right = byId(pos);
        if (side < 0 && left !== null) return left + 1;
        if (right !== null) return right;
        if (left !== null) return left + 1;
        return this.maps.reduce((at, map) => map.map(at, side), pos);
      },
    };
  }

  private trace(pos: number): number | null {
    let at = pos;
    for (const map of this.maps) {
      const { deletedAfter, pos: next } = map.mapResult(at, 1);
      if (deletedAfter) return null;
      at = next;
    }
    return at;
  }

  /** One Yjs transaction under the editor's own origin: others see it, and undo takes it back as one step. */
  private write(doc: Node): void {
    const { binding, shared } = this;
    this.writing = true;
    binding.doc.transact((transaction) => {
      transaction.meta.set('addToHistory', true);
      const meta = { mapping: shared.mapping, isOMark: new Map<never, boolean>() };
      updateYFragment(binding.doc, binding.type, doc, meta);
    }, ySyncPluginKey);
    this.writing = false;
  }

  private show(): Transaction {
    const { state } = this.view;
    const places = this.places();
    const { anchor, head } = state.selection;
    const content = this.shared.doc.content;
    const tr = state.tr.replace(0, state.doc.content.size, new Slice(content, 0, 0));
    const within = (pos: number) => tr.doc.resolve(Math.max(0, Math.min(pos, tr.doc.content.size)));
    return tr.setSelection(
      TextSelection.between(within(places.map(anchor, -1)), within(places.map(head, -1))),
    );
  }
}
