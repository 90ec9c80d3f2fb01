import { EditorState, TextSelection } from '@tiptap/pm/state';
import type { Transaction } from '@tiptap/pm/state';
import type { EditorView } from '@tiptap/pm/view';
import { initProseMirrorDoc, updateYFragment } from '@tiptap/y-tiptap';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import * as Y from 'yjs';
import { jsonToUpdate } from '../json.ts';
import { CONTENT, schema } from '../schema.ts';
import type { Binding } from './binding.ts';
import { Held } from './held.ts';

// Every character of a case is used once, so that each can be followed: base 一…, the peer's あ…, the local text ＡＢＣ.
const BASE = '一二三四五六七八九十百千万億兆京山川田木水火土金日月春夏秋冬';
const PEER = 'あいうえおかきくけこさしすせそたちつてとなにぬねのはひふへほ';
const LOCAL = 'ＡＢＣ';

/** An editor without a screen: only what `Held` asks of one. */
class Bench {
  readonly shared = new Y.Doc();
  readonly content = this.shared.getXmlFragment(CONTENT);
  readonly view: EditorView;
  readonly held: Held;
  private state: EditorState;

  constructor(paragraphs: readonly string[]) {
    const content = paragraphs.map((text) => ({
      type: 'paragraph',
      ...(text === '' ? {} : { content: [{ type: 'text', text }] }),
    }));
    Y.applyUpdate(this.shared, jsonToUpdate({ type: 'doc', content }));
    const { doc, meta } = initProseMirrorDoc(this.content, schema);
    this.state = EditorState.create({ schema, doc });
    const state = () => this.state;
    this.view = {
      get state() {
        return state();
      },
      dispatch: (tr: Transaction) => (this.state = this.state.apply(tr)),
    } as unknown as EditorView;
    const binding: Binding = {
      doc: this.shared,
      type: this.content,
      mapping: meta.mapping,
      prosemirrorView: this.view,
      mux: (work) => work(),
      _prosemirrorChanged: () => {},
    };
    this.held = new Held(this.view, binding);
  }

  local(change: (tr: Transaction) => Transaction): void {
    this.state = this.state.apply(change(this.state.tr));
  }

  /** Another's edit, made on the shared document as it is now and sent as an update. */
  peer(change: (tr: Transaction) => void): void {
    const theirs = new Y.Doc();
    Y.applyUpdate(theirs, Y.encodeStateAsUpdate(this.shared));
    const content = theirs.getXmlFragment(CONTENT);
    const { doc, meta } = initProseMirrorDoc(content, schema);
    const { tr } = EditorState.create({ schema, doc });
    change(tr);
    const before = Y.encodeStateVector(theirs);
    updateYFragment(theirs, content, tr.doc, meta);
    Y.applyUpdate(this.shared, Y.encodeStateAsUpdate(theirs, before));
  }

  sharedText(): string {
    const { doc } = initProseMirrorDoc(this.content, schema);
    return doc.textBetween(0, doc.content.size, '\n');
  }

  shownText(): string {
    return this.state.doc.textBetween(0, this.state.doc.content.size, '\n');
  }

  get caret(): number {
    return this.state.selection.head;
  }

  charBefore(pos: number): string {
    return this.state.doc.textBetween(Math.max(0, pos - 1), pos);
  }
}

const places = fc.double({ min: 0, max: 0.999, noNaN: true });
const peerEdit = fc.record({
  kind: fc.constantFrom('insert', 'split', 'join', 'delete', 'heading', 'drop'),
  at: places,
  to: places,
});
type PeerEdit = { kind: string; at: number; to: number };

/** Does one edit of the peer; returns what it added and removed. */
function doPeerEdit(tr: Transaction, edit: PeerEdit, fresh: string): { added: string; removed: string } {
  const blocks: number[] = [];
  tr.doc.forEach((_, offset) => blocks.push(offset));
  const index = Math.floor(edit.at * blocks.length);
  const start = blocks[index] ?? 0;
  const node = tr.doc.child(index);
  const inside = (share: number) => start + 1 + Math.floor(share * (node.content.size + 1));
  if (edit.kind === 'insert') {
    tr.insertText(fresh, inside(edit.to));
    return { added: fresh, removed: '' };
  }
  if (edit.kind === 'split') tr.split(inside(edit.to));
  if (edit.kind === 'join' && index > 0) tr.join(start);
  if (edit.kind === 'heading') {
    tr.setNodeMarkup(
      start,
      node.type.name === 'heading' ? schema.nodes['paragraph'] : schema.nodes['heading'],
    );
  }
  if (edit.kind === 'delete') {
    const [from, to] = [inside(edit.to / 2), inside(edit.to)];
    const removed = tr.doc.textBetween(from, to);
    tr.delete(from, to);
    return { added: '', removed };
  }
  if (edit.kind === 'drop' && tr.doc.childCount > 1) {
    tr.delete(start, start + node.nodeSize);
    return { added: '', removed: node.textContent };
  }
  return { added: '', removed: '' };
}

test('whatever others do meanwhile: nothing lost, nothing doubled, the text in one piece, the caret behind it', () => {
  const lengths = fc.array(fc.nat(6), { minLength: 1, maxLength: 4 });
  fc.assert(
    fc.property(
      lengths,
      places,
      places,
      places,
      fc.array(peerEdit, { maxLength: 6 }),
      (sizes, block, at, to, edits) => {
        let used = 0;
        const bench = new Bench(sizes.map((size) => BASE.slice(used, (used += size))));
        const base = BASE.slice(0, used);
        const index = Math.floor(block * sizes.length);
        const size = sizes[index] ?? 0;
        let start = 1;
        for (const before of sizes.slice(0, index)) start += before + 2;
        const offsets = [Math.floor(at * (size + 1)), Math.floor(to * (size + 1))].toSorted((a, b) => a - b);
        const [from, until] = [start + (offsets[0] ?? 0), start + (offsets[1] ?? 0)];
        const gone = bench.view.state.doc.textBetween(from, until);
        bench.local((tr) =>
          tr.insertText('ａ', from, until).setSelection(TextSelection.create(tr.doc, from + 1)),
        );
        let [added, removed] = ['', gone];
        edits.forEach((edit, turn) =>
          bench.peer((tr) => {
            const done = doPeerEdit(tr, edit, PEER.slice(turn * 3, turn * 3 + 3));
            added += done.added;
            removed += done.removed;
          }),
        );
        bench.local((tr) =>
          tr.insertText(LOCAL, from, from + 1).setSelection(TextSelection.create(tr.doc, from + 3)),
        );
        bench.held.end();

        const shared = bench.sharedText();
        expect(bench.shownText()).toBe(shared);
        expect(shared).toContain(LOCAL);
        const expected = (base + added).split('').filter((char) => !removed.includes(char));
        expect(shared.replace(LOCAL, '').replaceAll('\n', '').split('').toSorted()).toEqual(
          expected.toSorted(),
        );
        expect(bench.charBefore(bench.caret)).toBe('Ｃ');
      },
    ),
    { numRuns: 1500 },
  );
});

test('confirmed text goes out piece by piece while the screen stays, and each piece finds its place', () => {
  const bench = new Bench(['一二', '三四']);
  bench.local((tr) => tr.insertText('Ａ', 2));
  bench.peer((tr) => tr.split(2));
  bench.held.send();
  expect(bench.sharedText()).toBe('一Ａ\n二\n三四');
  expect(bench.shownText()).toBe('一Ａ二\n三四');
  bench.local((tr) => tr.insertText('Ｂ', 3));
  bench.peer((tr) => tr.insertText('あ', 1));
  bench.held.send();
  expect(bench.sharedText()).toBe('あ一ＡＢ\n二\n三四');
  bench.peer((tr) => tr.split(4));
  bench.local((tr) => tr.insertText('Ｃ', 4));
  bench.held.end();
  expect(bench.sharedText()).toMatch(/^あ一Ａ\nＢＣ\n二\n三四$/);
  expect(bench.shownText()).toBe(bench.sharedText());
});
