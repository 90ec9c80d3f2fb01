import { Extension } from '@tiptap/core';
import { Plugin, PluginKey } from '@tiptap/pm/state';
import type { EditorView } from '@tiptap/pm/view';
import { syncState } from './binding.ts';
import { Held } from './held.ts';

/** After `compositionend` the browser still settles, and fast typists begin the next composition. */
const SETTLE_MS = 60;
/** Some keyboards end a composition without saying so; ProseMirror notices, and this notices ProseMirror. */
const WATCH_MS = 400;

const key = new PluginKey<Guard>('compositionGuard');

/** What a page may ask about a composition. */
export interface CompositionState {
  /** What is typed here has not reached the shared document: it is not saved. */
  unsent: boolean;
  /** Others' edits arrived and wait for the end of the composition. */
  waiting: boolean;
}

class Guard {
  private held: Held | null = null;
  private settling: ReturnType<typeof setTimeout> | undefined;
  private watching: ReturnType<typeof setInterval> | undefined;
  private readonly view: EditorView;
  private readonly changed: () => void;

  constructor(view: EditorView, changed: () => void) {
    this.view = view;
    this.changed = changed;
  }

  get state(): CompositionState {
    return { unsent: this.held?.unsent ?? false, waiting: this.held?.waiting ?? false };
  }

  get active(): boolean {
    return this.held !== null;
  }

  /** A composition begins. If one has just ended, its text is confirmed and goes out; the screen stays still. */
  begin(): void {
    clearTimeout(this.settling);
    this.settling = undefined;
    if (this.held !== null) return this.held.send();
    const binding = syncState(this.view.state)?.binding;
    if (!binding || !this.view.editable) return;
    this.held = new Held(this.view, binding);
    this.watching = setInterval(() => this.watch(), WATCH_MS);
  }

  settle(): void {
    if (this.held === null) return;
    clearTimeout(this.settling);
    this.settling = setTimeout(() => {
      this.settling = undefined;
      if (!this.view.composing) this.release();
    }, SETTLE_MS);
  }

  /** Ends the hold now, whatever is composed. */
  release(): void {
    const { held } = this;
    if (held === null) return;
    this.stop();
    held.end();
    this.changed();
  }

  update(): void {
    if (this.held !== null) this.changed();
  }

  /** The editor goes away: what was typed is kept, and nothing is drawn any more. */
  destroy(): void {
    const { held } = this;
    this.stop();
    held?.send();
    held?.detach();
  }

  private stop(): void {
    clearTimeout(this.settling);
    clearInterval(this.watching);
    this.settling = undefined;
    this.held = null;
  }

  private watch(): void {
    if (!this.view.composing && this.settling === undefined) this.settle();
  }
}

const guards = new WeakMap<EditorView, Guard>();

/** Whether a composition is under way or has just ended: keys that confirm it must not trigger anything. */
export function isComposing(view: EditorView): boolean {
  return view.composing || (guards.get(view)?.active ?? false);
}

/** Lets go of a composition before something else happens to the document: undo, a change of role, leaving the page. */
export function releaseComposition(view: EditorView): void {
  guards.get(view)?.release();
}

export interface CompositionGuardOptions {
  onChange: (state: CompositionState) => void;
}

/**
 * Keeps what is being composed (Japanese input, but any) apart from others' edits. While a composition lasts the
 * editor is off the shared document, both ways; when it ends, the text is put where the person saw it.
 */
export const CompositionGuard = Extension.create<CompositionGuardOptions>({
  name: 'compositionGuard',
  // Before Collaboration (1000): its plugins must come up after this one, and go down after it.
  priority: 1100,

  addOptions() {
    return { onChange: () => {} };
  },

  addKeyboardShortcuts() {
    const letGo = () => {
      releaseComposition(this.editor.view);
      return false;
    };
    return { 'Mod-z': letGo, 'Mod-y': letGo, 'Shift-Mod-z': letGo };
  },

  addProseMirrorPlugins() {
    const { onChange } = this.options;
    return [
      new Plugin({
        key,
        view: (view) => {
          const guard = new Guard(view, () => onChange(guard.state));
          guards.set(view, guard);
          return { update: () => guard.update(), destroy: () => guard.destroy() };
        },
        props: {
          handleDOMEvents: {
            compositionstart: (view) => {
              guards.get(view)?.begin();
              return false;
            },
            compositionend: (view) => {
              guards.get(view)?.settle();
              return false;
            },
          },
        },
      }),
    ];
  },
});
