import { Extension } from '@tiptap/core';
import type { DecorationAttrs } from '@tiptap/pm/view';
import { yCursorPlugin } from '@tiptap/y-tiptap';
import type { Awareness } from 'y-protocols/awareness';
import { isComposing } from './composition/guard.ts';

/** Who is behind a caret, as the server says. */
export interface CaretUser {
  id?: string;
  name?: string;
  organisation?: string;
  color?: string;
}

const GREY = '#595959';

function colorOf(user: CaretUser): string {
  return /^#[0-9a-f]{6}$/i.test(user.color ?? '') ? (user.color ?? GREY) : GREY;
}

/** A caret with its owner's name and organisation. It is drawn, not read out: presence is announced elsewhere. */
function renderCaret(user: CaretUser): HTMLElement {
  const caret = document.createElement('span');
  caret.className = 'caret';
  caret.setAttribute('aria-hidden', 'true');
  caret.style.setProperty('--caret-color', colorOf(user));
  const label = document.createElement('span');
  label.className = 'caret-label';
  label.textContent = user.organisation ? `${user.name ?? ''}（${user.organisation}）` : (user.name ?? '');
  // Word joiners keep the browser from breaking a line at the caret.
  caret.append('\u2060', label, '\u2060');
  return caret;
}

function selectionOf(user: CaretUser): DecorationAttrs {
  return { class: 'caret-selection', style: `--caret-color: ${colorOf(user)}` };
}

/**
 * The awareness as the caret plugin sees it: while a composition lasts nobody's caret moves, because drawing beside
 * the composed text makes the browser begin it anew. `Held.end` draws them all again.
 */
function quietWhile(awareness: Awareness, quiet: () => boolean): Awareness {
  const wrapped = new Map<unknown, () => void>();
  return new Proxy(awareness, {
    get(target, name) {
      if (name === 'on') {
        return (event: string, listen: () => void) => {
          const calm = () => {
            if (!quiet()) listen();
          };
          wrapped.set(listen, calm);
          target.on(event as 'change', calm);
        };
      }
      if (name === 'off') {
        return (event: string, listen: () => void) =>
          target.off(event as 'change', wrapped.get(listen) ?? listen);
      }
      const value: unknown = Reflect.get(target, name);
      return typeof value === 'function' ? (value.bind(target) as unknown) : value;
    },
  });
}

/** Others' carets and selections. The server sets `user`; this sends only the cursor. */
export const Carets = Extension.create<{ awareness: Awareness | null }>({
  name: 'carets',
  priority: 999,

  addOptions() {
    return { awareness: null };
  },

  addProseMirrorPlugins() {
    const { awareness } = this.options;
    if (awareness === null) return [];
    const quiet = () => this.editor.isInitialized && isComposing(this.editor.view);
    return [
      yCursorPlugin(quietWhile(awareness, quiet), {
        cursorBuilder: renderCaret,
        selectionBuilder: selectionOf,
      }),
    ];
  },
});
