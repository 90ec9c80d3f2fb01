import { Extension } from '@tiptap/core';
import type { Node, NodeType } from '@tiptap/pm/model';
import { Plugin, PluginKey } from '@tiptap/pm/state';
import type { EditorState } from '@tiptap/pm/state';
import { Decoration, DecorationSet } from '@tiptap/pm/view';
import type { EditorView } from '@tiptap/pm/view';
import {
  absolutePositionToRelativePosition,
  relativePositionToAbsolutePosition,
  ySyncPluginKey,
} from '@tiptap/y-tiptap';
import type * as Y from 'yjs';
import { isComposing } from './composition/guard.ts';
import { syncState } from './composition/binding.ts';
import type { ImageAttributes } from './image.ts';

/** A place in a document that a picture is on its way to. Others may write meanwhile: it stays where it was meant. */
export interface ImageSpot {
  /** Where it was last seen. */
  pos: number;
  /** The same in the shared document's own terms, which others' edits do not move. */
  near: Y.RelativePosition | null;
  /** What is shown there until it comes. */
  element: HTMLElement;
}

const key = new PluginKey<ImageSpot[]>('imageSpots');

/** The block's edge nearest to a position where a picture may stand: before an empty block, after any other. */
function placeNear(doc: Node, pos: number, type: NodeType): number {
  const $pos = doc.resolve(Math.max(0, Math.min(pos, doc.content.size)));
  const takes = (at: number): boolean => {
    const $at = doc.resolve(at);
    return $at.parent.canReplaceWith($at.index(), $at.index(), type);
  };
  if ($pos.depth === 0 && takes($pos.pos)) return $pos.pos;
  for (let depth = $pos.depth; depth > 0; depth -= 1) {
    const empty = $pos.node(depth).isTextblock && $pos.node(depth).content.size === 0;
    const at = empty && takes($pos.before(depth)) ? $pos.before(depth) : $pos.after(depth);
    if (takes(at)) return at;
  }
  return doc.content.size;
}

function found(state: EditorState, spot: ImageSpot): number {
  const sync = syncState(state);
  if (!sync?.binding || !spot.near) return spot.pos;
  const { doc, type, binding } = sync;
  return relativePositionToAbsolutePosition(doc, type, spot.near, binding.mapping) ?? spot.pos;
}

/** Keeps a place for a picture, and shows `element` there. */
export function openImageSpot(view: EditorView, pos: number, element: HTMLElement): ImageSpot {
  const sync = syncState(view.state);
  const near = sync?.binding
    ? (absolutePositionToRelativePosition(pos, sync.type, sync.binding.mapping) as Y.RelativePosition)
    : null;
  const spot = { pos, near, element };
  view.dispatch(view.state.tr.setMeta(key, { open: spot }));
  return spot;
}

export function closeImageSpot(view: EditorView, spot: ImageSpot): void {
  if (!view.isDestroyed) view.dispatch(view.state.tr.setMeta(key, { close: spot }));
}

/** Puts the picture where its place is now. False while a composition must not be disturbed: try again. */
export function fillImageSpot(view: EditorView, spot: ImageSpot, attrs: ImageAttributes): boolean {
  if (isComposing(view)) return false;
  const type = view.state.schema.nodes['image']!;
  const at = placeNear(view.state.doc, found(view.state, spot), type);
  view.dispatch(view.state.tr.insert(at, type.create({ ...attrs })).setMeta(key, { close: spot }));
  return true;
}

function follow(state: EditorState, spots: ImageSpot[], type: NodeType): DecorationSet {
  const shown = spots.map((spot) =>
    Decoration.widget(placeNear(state.doc, found(state, spot), type), spot.element, {
      side: -1,
      key: spot.element.id,
      stopEvent: () => true,
      ignoreSelection: true,
    }),
  );
  return DecorationSet.create(state.doc, shown);
}

export interface ImageIntakeOptions {
  /** Pictures that were pasted (`pasted`) or dropped, and the position that was meant. */
  onFiles: (files: File[], pos: number, pasted: DataTransfer | null) => void;
}

function picturesIn(data: DataTransfer | null): File[] {
  return Array.from(data?.files ?? []).filter(({ type }) => type.startsWith('image/'));
}

/** Whether text came along: programs put a picture of what was copied beside the words that are meant. */
const hasWords = (data: DataTransfer) => data.getData('text/plain').trim() !== '';

/** Takes pictures that are pasted or dropped, and shows the places that they are on their way to. */
export const ImageIntake = Extension.create<ImageIntakeOptions>({
  name: 'imageIntake',
  // After the shared document's plugin, whose state places are read from.
  priority: 90,

  addOptions() {
    return { onFiles: () => {} };
  },

  addProseMirrorPlugins() {
    const { onFiles } = this.options;
    const type = this.editor.schema.nodes['image']!;
    return [
      new Plugin<ImageSpot[]>({
        key,
        state: {
          init: () => [],
          apply(tr, spots) {
            const told = tr.getMeta(key) as { open?: ImageSpot; close?: ImageSpot } | undefined;
            // Others' edits come as a whole new document, in which only the shared terms say where things are.
            const theirs = tr.getMeta(ySyncPluginKey) !== undefined;
            if (tr.docChanged && !theirs) for (const spot of spots) spot.pos = tr.mapping.map(spot.pos);
            if (!told) return spots;
            return [...spots.filter((spot) => spot !== told.close), ...(told.open ? [told.open] : [])];
          },
        },
        props: {
          decorations: (state) => {
            const spots = key.getState(state) ?? [];
            return spots.length > 0 ? follow(state, spots, type) : null;
          },
          handlePaste: (view, event) => {
            const data = event.clipboardData;
            const files = picturesIn(data);
            if (!data || files.length === 0 || hasWords(data) || !view.editable) return false;
            event.preventDefault();
            onFiles(files, view.state.selection.to, data);
            return true;
          },
          handleDrop: (view, event) => {
            const files = picturesIn(event.dataTransfer);
            if (files.length === 0 || !view.editable) return false;
            event.preventDefault();
            const at = view.posAtCoords({ left: event.clientX, top: event.clientY });
            onFiles(files, at?.pos ?? view.state.doc.content.size, null);
            return true;
          },
          handleDOMEvents: {
            // Says that the editor takes it, so that the page does not make a file of its own of it.
            dragover: (view, event) => {
              if (view.editable && event.dataTransfer?.types.includes('Files')) event.preventDefault();
              return false;
            },
          },
        },
      }),
    ];
  },
});
