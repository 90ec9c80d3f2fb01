import type { Extensions } from '@tiptap/core';
import { Collaboration } from '@tiptap/extension-collaboration';
import type { Awareness } from 'y-protocols/awareness';
import type * as Y from 'yjs';
import { Carets } from './carets.ts';
import type { CompositionState } from './composition/guard.ts';
import { CompositionGuard } from './composition/guard.ts';
import { MarkdownPaste } from './markdown/paste.ts';
import { CONTENT, contentExtensions } from './schema.ts';
import type { SlashOptions } from './slash.ts';
import { Slash } from './slash.ts';

export interface LiveOptions {
  document: Y.Doc;
  awareness: Awareness | null;
  onComposition?: (state: CompositionState) => void;
  slash?: SlashOptions;
}

/** Everything an editor on a shared document needs: content, sharing, one's own undo, carets, safe composition. */
export function liveExtensions({ document, awareness, onComposition, slash }: LiveOptions): Extensions {
  return [
    ...contentExtensions,
    CompositionGuard.configure(onComposition ? { onChange: onComposition } : {}),
    Collaboration.configure({ document, field: CONTENT }),
    Carets.configure({ awareness }),
    Slash.configure(slash ?? {}),
    MarkdownPaste,
  ];
}
