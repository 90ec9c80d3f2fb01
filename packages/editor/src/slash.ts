import { Extension } from '@tiptap/core';
import type { EditorState, Transaction } from '@tiptap/pm/state';
import { Plugin, PluginKey } from '@tiptap/pm/state';
import type { EditorView } from '@tiptap/pm/view';
import { ySyncPluginKey } from '@tiptap/y-tiptap';
import { isComposing } from './composition/guard.ts';

/** `/` or `／` at a block's start or after a space, and what follows it. Never `、`, which shares its key. */
const TRIGGER = /(?:^|[\s\u3000])([/／])([^\s\u3000/／]{0,24})$/;

/** An open slash menu: the text it will replace, and what has been typed to choose. */
export interface SlashQuery {
  from: number;
  to: number;
  query: string;
  /** Where the menu hangs, in the window's coordinates. */
  rect: { left: number; top: number; bottom: number };
}

interface SlashState {
  from: number | null;
  query: string;
  open: boolean;
  dismissed: number | null;
}

const key = new PluginKey<SlashState>('slash');
const CLOSED: SlashState = { from: null, query: '', open: false, dismissed: null };

function findTrigger(state: EditorState): { from: number; query: string } | null {
  const { $from, empty } = state.selection;
  if (!empty || !$from.parent.isTextblock || $from.parent.type.spec.code) return null;
  const before = $from.parent.textBetween(
    Math.max(0, $from.parentOffset - 40),
    $from.parentOffset,
    '\n',
    '\ufffc',
  );
  const found = TRIGGER.exec(before);
  if (!found) return null;
  const query = found[2] ?? '';
  return { from: $from.pos - query.length - 1, query };
}

function follow(tr: Transaction, before: SlashState, state: EditorState): SlashState {
  if (tr.getMeta(key) === 'close') return { ...CLOSED, dismissed: before.from };
  const trigger = findTrigger(state);
  if (trigger === null) return CLOSED;
  // Others' edits arrive as a whole new document: the slash is the one before the caret still.
  const theirs = tr.getMeta(ySyncPluginKey) !== undefined;
  const move = (pos: number | null) => (pos === null ? null : theirs ? trigger.from : tr.mapping.map(pos));
  const dismissed = move(before.dismissed);
  if (dismissed === trigger.from) return { ...CLOSED, ...trigger, dismissed };
  const same = move(before.from) === trigger.from;
  // It opens for what is typed here, not for a caret that passes by nor for another's edit.
  return { ...trigger, open: (same && before.open) || (tr.docChanged && !theirs), dismissed: null };
}

export interface SlashOptions {
  onChange: (query: SlashQuery | null) => void;
  /** A key pressed while the menu is open; `true` when the menu took it. */
  onKey: (event: KeyboardEvent) => boolean;
}

/** Closes the menu; it stays closed for this slash. */
export function closeSlash(view: EditorView): void {
  view.dispatch(view.state.tr.setMeta(key, 'close'));
}

/** Tells the page when a slash menu should be open, and for which text. Drawing it is the page's part. */
export const Slash = Extension.create<SlashOptions>({
  name: 'slash',
  // Before the keymaps, so that Enter chooses instead of beginning a paragraph.
  priority: 1050,

  addOptions() {
    return { onChange: () => {}, onKey: () => false };
  },

  addProseMirrorPlugins() {
    const { onChange, onKey } = this.options;
    let shown = false;
    const tell = (view: EditorView) => {
      const slash = key.getState(view.state);
      const open = slash?.open === true && slash.from !== null && view.editable && !isComposing(view);
      if (!open) {
        if (shown) onChange(null);
        shown = false;
        return;
      }
      shown = true;
      const { left, top, bottom } = view.coordsAtPos(slash.from ?? 0);
      onChange({
        from: slash.from ?? 0,
        to: view.state.selection.from,
        query: slash.query,
        rect: { left, top, bottom },
      });
    };
    return [
      new Plugin<SlashState>({
        key,
        state: { init: () => CLOSED, apply: (tr, before, _, state) => follow(tr, before, state) },
        view: () => ({ update: tell, destroy: () => onChange(null) }),
        props: {
          handleKeyDown: (view, event) => {
            // The Enter that ends a conversion never chooses (Safari sends it after the composition has ended).
            if (!shown || event.isComposing || event.keyCode === 229 || isComposing(view)) return false;
            return onKey(event);
          },
          handleDOMEvents: {
            blur: (view) => {
              if (shown) closeSlash(view);
              return false;
            },
          },
        },
      }),
    ];
  },
});
