import type { Extensions } from '@tiptap/core';
import { getSchema } from '@tiptap/core';
import { TaskItem, TaskList } from '@tiptap/extension-list';
import { StarterKit } from '@tiptap/starter-kit';
import { Image } from './image.ts';
import { Link } from './link.ts';

/** The name of the `Y.XmlFragment` that holds a document's content. */
export const CONTENT = 'content';

/** Headings go no deeper: a fifth level is a sign that the document should be two. */
export const HEADING_LEVELS = [1, 2, 3, 4] as const;

/**
 * What a document may hold, the same in the browser and on the server. Undo is not here: in a shared document it
 * must undo only one's own edits, which Yjs' undo manager does.
 */
export const contentExtensions: Extensions = [
  StarterKit.configure({
    heading: { levels: [...HEADING_LEVELS] },
    link: false,
    underline: false,
    undoRedo: false,
    dropcursor: { color: 'var(--color-focus, #1f6f8b)', width: 2 },
    codeBlock: { defaultLanguage: null, enableTabIndentation: false },
  }),
  TaskList,
  TaskItem.configure({ nested: true }),
  Link,
  Image,
];

/** The ProseMirror schema of a document. */
export const schema = getSchema(contentExtensions);
