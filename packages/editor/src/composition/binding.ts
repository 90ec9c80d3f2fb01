import type { Node } from '@tiptap/pm/model';
import type { EditorState } from '@tiptap/pm/state';
import type { EditorView } from '@tiptap/pm/view';
import { initProseMirrorDoc, ySyncPluginKey } from '@tiptap/y-tiptap';
import type * as Y from 'yjs';

type Mapping = ReturnType<typeof initProseMirrorDoc>['meta']['mapping'];

/** The parts of y-tiptap's binding that detaching needs. They are not its public interface: `e2e/composition.e2e.ts` watches them. */
export interface Binding {
  doc: Y.Doc;
  type: Y.XmlFragment;
  mapping: Mapping;
  /** `null`: edits from Yjs are not shown, and no selection is read. */
  prosemirrorView: EditorView | null;
  /** Guards against echoes; everything that goes from ProseMirror to Yjs passes through it. */
  mux: (work: () => void) => void;
  _prosemirrorChanged: (doc: Node) => void;
}

interface SyncState {
  binding: Binding | null;
  type: Y.XmlFragment;
  doc: Y.Doc;
}

/** y-tiptap's state in an editor that is bound to a shared document. */
export function syncState(state: EditorState): SyncState | undefined {
  return ySyncPluginKey.getState(state) as SyncState | undefined;
}

/** What the shared document looks like in ProseMirror's terms now. */
export function readShared(binding: Binding, view: EditorView): { doc: Node; mapping: Mapping } {
  const { doc, meta } = initProseMirrorDoc(binding.type, view.state.schema);
  return { doc, mapping: meta.mapping };
}
