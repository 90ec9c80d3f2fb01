import type { Extensions } from '@tiptap/core';
import { Collaboration } from '@tiptap/extension-collaboration';
import { TaskItem } from '@tiptap/extension-list';
import type { Awareness } from 'y-protocols/awareness';
import type * as Y from 'yjs';
import { Carets } from './carets.ts';
import type { CompositionState } from './composition/guard.ts';
import { CompositionGuard } from './composition/guard.ts';
import type { ImageIntakeOptions } from './image-intake.ts';
import { ImageIntake } from './image-intake.ts';
import type { ImageWords } from './image-view.ts';
import { ImageView } from './image-view.ts';
import { Image } from './image.ts';
import { MarkdownPaste } from './markdown/paste.ts';
import { CONTENT, contentExtensions } from './schema.ts';
import type { SlashOptions } from './slash.ts';
import { Slash } from './slash.ts';

export interface LiveOptions {
  document: Y.Doc;
  awareness: Awareness | null;
  onComposition?: (state: CompositionState) => void;
  slash?: SlashOptions;
  /** Pictures: what they say, and what becomes of those that are pasted or dropped. */
  images?: ImageIntakeOptions & { words: ImageWords; onAsk: () => void };
  /** What a screen reader calls the box of a task, in the reader's language. */
  taskLabel?: (text: string) => string;
}

/** Everything an editor on a shared document needs: content, sharing, one's own undo, carets, safe composition. */
export function liveExtensions(options: LiveOptions): Extensions {
  const { document, awareness, onComposition, slash, images, taskLabel } = options;
  return [
    ...contentExtensions.map((extension) => {
      if (extension.name === TaskItem.name) return spoken(taskLabel);
      return images && extension.name === Image.name ? seen(images) : extension;
    }),
    CompositionGuard.configure(onComposition ? { onChange: onComposition } : {}),
    Collaboration.configure({ document, field: CONTENT }),
    Carets.configure({ awareness }),
    Slash.configure(slash ?? {}),
    MarkdownPaste,
    ...(images ? [ImageIntake.configure({ onFiles: images.onFiles })] : []),
  ];
}

function seen(images: NonNullable<LiveOptions['images']>) {
  return Image.extend({
    addNodeView() {
      return ({ node, view, getPos }) => new ImageView(node, view, getPos, images);
    },
  });
}

function spoken(taskLabel: LiveOptions['taskLabel']) {
  const a11y = taskLabel && { checkboxLabel: (node: { textContent: string }) => taskLabel(node.textContent) };
  return TaskItem.configure({ nested: true, a11y });
}
