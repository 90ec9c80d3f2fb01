import { Extension } from '@tiptap/core';
import { Plugin } from '@tiptap/pm/state';
import type { EditorView } from '@tiptap/pm/view';
import { yUndoPluginKey } from '@tiptap/y-tiptap';
import { safeHref } from '../link.ts';

const SIGNS = [
  /^#{1,6} \S/m,
  /^ {0,3}(?:[-*+]|\d{1,3}[.)]) \S/m,
  /^> /m,
  /^```/m,
  /\*\*[^*\s][^*]*\*\*/,
  /\[[^\]]+\]\(https?:/,
];

/** Whether plain text was meant as Markdown: a sign that people do not type by accident, in more than a few words. */
export function looksLikeMarkdown(text: string): boolean {
  return SIGNS.some((sign) => sign.test(text));
}

function stopCapturing(view: EditorView): void {
  const state = yUndoPluginKey.getState(view.state) as
    { undoManager?: { stopCapturing(): void } } | undefined;
  state?.undoManager?.stopCapturing();
}

/** Puts the text in as it is, then turns it into a document: undoing once gives the plain text back. */
async function pasteMarkdown(view: EditorView, text: string): Promise<void> {
  const { from } = view.state.selection;
  stopCapturing(view);
  view.pasteText(text);
  const pasted = view.state.doc;
  const to = view.state.selection.from;
  const { parseMarkdown } = await import('./parse.ts');
  // Whoever wrote on meanwhile, here or elsewhere, keeps the plain text.
  if (view.isDestroyed || view.state.doc !== pasted) return;
  const parsed = view.state.schema.nodeFromJSON(parseMarkdown(text, { origin: location.origin }));
  stopCapturing(view);
  const start =
    view.state.doc.resolve(from).parentOffset === 0 ? view.state.doc.resolve(from).before() : from;
  view.dispatch(view.state.tr.replaceRange(Math.max(0, start), to, parsed.slice(0)).scrollIntoView());
}

/** Plain text that looks like Markdown becomes what it says; an address over selected text becomes its link. */
export const MarkdownPaste = Extension.create({
  name: 'markdownPaste',

  addProseMirrorPlugins() {
    return [
      new Plugin({
        props: {
          handlePaste: (view, event) => {
            const text = event.clipboardData?.getData('text/plain') ?? '';
            const { empty, from, to, $from } = view.state.selection;
            const href = /^\S+$/.test(text.trim()) ? safeHref(text) : null;
            if (!empty && href !== null) {
              const link = view.state.schema.marks['link'];
              if (link) view.dispatch(view.state.tr.addMark(from, to, link.create({ href })));
              return true;
            }
            const rich = event.clipboardData?.types.includes('text/html') ?? false;
            const inCode = $from.parent.type.spec.code === true;
            if (rich || inCode || text.length > 1_000_000 || !looksLikeMarkdown(text)) return false;
            event.preventDefault();
            void pasteMarkdown(view, text);
            return true;
          },
        },
      }),
    ];
  },
});
