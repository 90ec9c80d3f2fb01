import type { Node } from '@tiptap/pm/model';
import { Fragment, Slice } from '@tiptap/pm/model';
import { Transform } from '@tiptap/pm/transform';
import { changedRange } from './token-diff.ts';

/** What was done here since the base: `[from, to)` of it became `slice`. */
export interface LocalChange {
  from: number;
  to: number;
  slice: Slice;
}

/** The one change between two documents. `caret` decides where repeated text was typed. */
export function localChange(base: Node, view: Node, caret: number): LocalChange | null {
  const changed = changedRange(base, view);
  if (changed === null) return null;
  const { a, b } = changed;
  const length = b.to - b.from;
  const slide = a.from - caret;
  if (a.from === a.to && slide > 0 && slide <= length * 2) {
    const slice = view.slice(caret, caret + length);
    if (slice.openStart === 0 && slice.openEnd === 0 && fits(base, caret, slice, view)) {
      return { from: caret, to: caret, slice };
    }
  }
  return { from: a.from, to: a.to, slice: view.slice(b.from, b.to) };
}

function fits(base: Node, at: number, slice: Slice, view: Node): boolean {
  try {
    return base.replace(at, at, slice).eq(view);
  } catch {
    return false;
  }
}

/** How the base's positions stand in the document the others have made of it. */
export interface Places {
  /** Where a position moved; `side` is which neighbour it stays with. */
  map(pos: number, side: -1 | 1): number;
  /** Where the character after `pos` is now; `null` when it is gone. */
  character(pos: number): number | null;
}

export interface Merged {
  doc: Node;
  /** Where the local text begins, and how much of the document it takes. */
  at: number;
  size: number;
}

const isInline = (slice: Slice) =>
  slice.openStart === 0 && slice.openEnd === 0 && (slice.content.firstChild?.isInline ?? true);

/** Whether what stood between two positions stands there unchanged, so that it may be replaced as a whole. */
function untouched(base: Node, remote: Node, change: LocalChange, from: number, to: number): boolean {
  if (to - from !== change.to - change.from) return false;
  const words = (doc: Node, a: number, b: number) => doc.textBetween(a, b, '\n', '\ufffc');
  if (words(base, change.from, change.to) !== words(remote, from, to)) return false;
  return base.resolve(change.from).depth === remote.resolve(from).depth;
}

/** Deletes the base's characters wherever they are now, and nothing that somebody else put between them. */
function deleteCharacters(tr: Transform, change: LocalChange, places: Places): void {
  for (let pos = change.to - 1; pos >= change.from; pos -= 1) {
    const now = places.character(pos);
    if (now !== null) tr.delete(now, now + 1);
  }
}

/** Inline content needs a block to be in; where its own is gone, it gets a new one in the same place. */
function insertInline(tr: Transform, pos: number, content: Fragment): Merged {
  const $pos = tr.doc.resolve(pos);
  const { schema } = tr.doc.type;
  if ($pos.parent.inlineContent) {
    const plain = $pos.parent.type.spec.code === true;
    const words = content.textBetween(0, content.size, '\n', '\n');
    const fitting = plain ? Fragment.from(words === '' ? null : schema.text(words)) : content;
    tr.replace(pos, pos, new Slice(fitting, 0, 0));
    return { doc: tr.doc, at: pos, size: fitting.size };
  }
  const paragraph = schema.nodes['paragraph']!.create(null, content);
  for (let depth = $pos.depth; depth >= 0; depth -= 1) {
    const at = depth === $pos.depth ? pos : $pos.after(depth + 1);
    const $at = tr.doc.resolve(at);
    const wrapping = $at.parent.contentMatchAt($at.index()).findWrapping(paragraph.type);
    if (wrapping === null) continue;
    const wrapped = wrapping.reduceRight((inner, type) => type.create(null, inner), paragraph);
    tr.insert(at, wrapped);
    return { doc: tr.doc, at: at + wrapping.length + 1, size: content.size };
  }
  return insertInline(new Transform(tr.doc), tr.doc.content.size, content);
}

/** Blocks (a selection of several was composed over, or an input rule made a heading) are fitted as a paste is. */
function insertBlocks(tr: Transform, from: number, to: number, slice: Slice): Merged {
  const before = tr.doc.content.size;
  tr.replaceRange(from, to, slice);
  return { doc: tr.doc, at: from, size: Math.max(0, tr.doc.content.size - before + (to - from)) };
}

/**
 * Puts a change made on `base` into `remote`, the document others have made of that base meanwhile. Their text is
 * never removed, and the local text is never dropped: where its place is gone it stands where that place was.
 */
export function mergeChange(base: Node, remote: Node, change: LocalChange, places: Places): Merged {
  const tr = new Transform(remote);
  const from = places.map(change.from, -1);
  const to = Math.max(from, places.map(change.to, change.to > change.from ? 1 : -1));
  if (untouched(base, remote, change, from, to)) {
    try {
      tr.replace(from, to, change.slice);
      const size = change.slice.size;
      if (tr.doc.content.size - remote.content.size === size - (to - from))
        return { doc: tr.doc, at: from, size };
    } catch {
      // The text is the same but its blocks are not; it is put in with care below.
    }
  }
  const careful = new Transform(remote);
  deleteCharacters(careful, change, places);
  const at = careful.mapping.map(from, -1);
  return isInline(change.slice)
    ? insertInline(careful, at, change.slice.content)
    : insertBlocks(careful, at, at, change.slice);
}
