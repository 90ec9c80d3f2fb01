import {
  CONTENT,
  Editor,
  isComposing,
  liveExtensions,
  releaseComposition,
  unsentText,
} from '@engawa/editor/browser';
import type { ImageWords, SlashQuery } from '@engawa/editor/browser';
import type { HocuspocusProvider } from '@hocuspocus/provider';
import type { Doc } from 'yjs';
import { ItemConnection, type ItemView } from '#lib/live/item-connection.ts';
import type { DocState } from './doc-state.svelte.ts';

export interface ConnectionOptions {
  item: { id: string; generation: number; title: string; keeps: boolean };
  personId: string;
  canEdit: boolean;
  element: HTMLElement;
  onEditor: (editor: Editor | null) => void;
  onSlash: (query: SlashQuery | null) => void;
  onSlashKey: (event: KeyboardEvent) => boolean;
  /** Pictures that were pasted or dropped, where, and whether by pasting. */
  onImages: (files: File[], pos: number, pasted: DataTransfer | null) => void;
  /** A writer wishes to say what a picture shows. */
  onImageAsk: () => void;
  imageWords: ImageWords;
  /** What a screen reader calls the box of a task. */
  taskLabel: (text: string) => string;
  /** Something happened in the editor: marks, selection, text. */
  onTransaction: () => void;
}

/** One open document: the connection of its item, with an editor in it. */
export class DocConnection extends ItemConnection {
  constructor(state: DocState, options: ConnectionOptions) {
    super(state, {
      item: options.item,
      personId: options.personId,
      canEdit: options.canEdit,
      open: (doc, provider) => openEditor(state, options, doc, provider),
      ownText: (doc, unsaved) => unsentText(doc.getXmlFragment(CONTENT), unsaved),
    });
  }
}

function openEditor(
  state: DocState,
  options: ConnectionOptions,
  document: Doc,
  provider: HocuspocusProvider,
): ItemView {
  const editor = new Editor({
    element: options.element,
    // The page's security policy allows no inline style sheet; `editor.css` holds these rules.
    injectCSS: false,
    editable: !state.readOnly,
    extensions: liveExtensions({
      document,
      awareness: provider.awareness,
      onComposition: ({ unsent, waiting }) => {
        state.held = unsent;
        state.waiting = waiting;
      },
      slash: { onChange: options.onSlash, onKey: options.onSlashKey },
      images: { onFiles: options.onImages, onAsk: options.onImageAsk, words: options.imageWords },
      taskLabel: options.taskLabel,
    }),
    editorProps: {
      attributes: {
        class: 'document',
        role: 'textbox',
        'aria-multiline': 'true',
        'aria-label': options.item.title,
      },
      handleClick: (view, _, event) => followLink(event, view.editable),
    },
    onTransaction: options.onTransaction,
  });
  options.onEditor(editor);
  return {
    setReadOnly: (readOnly) => {
      if (isComposing(editor.view)) releaseComposition(editor.view);
      editor.setEditable(!readOnly);
    },
    letGo: () => {
      if (!editor.isDestroyed) releaseComposition(editor.view);
    },
    destroy: () => {
      options.onEditor(null);
      editor.destroy();
    },
  };
}

/** In an editor a click sets the caret; with Ctrl or ⌘ it follows the link. A reader's click is the browser's own. */
function followLink(event: MouseEvent, editable: boolean): boolean {
  const link = event.target instanceof Element ? event.target.closest('a[href]') : null;
  if (!editable || !(link instanceof HTMLAnchorElement) || !(event.ctrlKey || event.metaKey)) return false;
  window.open(link.href, '_blank', 'noopener,noreferrer');
  return true;
}
