import { Editor } from '@tiptap/core';
import { Awareness, applyAwarenessUpdate, encodeAwarenessUpdate } from 'y-protocols/awareness';
import * as Y from 'yjs';
import type { CompositionState } from '../src/composition/guard.ts';
import type { NodeJson } from '../src/json.ts';
import { jsonToUpdate } from '../src/json.ts';
import { liveExtensions } from '../src/live.ts';

/** One editor in one page, tied to the others by a channel between pages. `hold` keeps what arrives back, `flow` lets it in. */
class Harness {
  readonly doc = new Y.Doc();
  readonly awareness = new Awareness(this.doc);
  readonly editor: Editor;
  /** What has been typed behind an open slash; `null` while there is no menu. */
  slash: string | null = null;
  /** Keys that the menu was given. */
  readonly taken: string[] = [];
  composition: CompositionState = { unsent: false, waiting: false };
  private readonly channel = new BroadcastChannel('harness');
  private held: (() => void)[] | null = null;

  constructor(element: HTMLElement, name: string) {
    this.doc.on('update', (update: Uint8Array, origin: unknown) => {
      if (origin !== this) this.channel.postMessage({ kind: 'update', update });
    });
    this.awareness.on(
      'update',
      ({ added, updated }: { added: number[]; updated: number[] }, origin: unknown) => {
        if (origin === this) return;
        const update = encodeAwarenessUpdate(this.awareness, [...added, ...updated]);
        this.channel.postMessage({ kind: 'awareness', update });
      },
    );
    this.awareness.setLocalStateField('user', { name, organisation: '県', color: '#1f6f8b' });
    this.channel.onmessage = ({ data }: MessageEvent<{ kind: string; update: Uint8Array }>) =>
      this.receive(data);
    this.editor = new Editor({
      element,
      injectCSS: false,
      extensions: liveExtensions({
        document: this.doc,
        awareness: this.awareness,
        onComposition: (state) => (this.composition = state),
        slash: {
          onChange: (slash) => (this.slash = slash?.query ?? null),
          onKey: ({ key }) => {
            this.taken.push(key);
            return key === 'Enter';
          },
        },
      }),
    });
  }

  /** Begins every page with the same document. */
  load(content: NodeJson[]): void {
    Y.applyUpdate(this.doc, jsonToUpdate({ type: 'doc', content }), 'load');
  }

  hold(): void {
    this.held ??= [];
  }

  flow(): void {
    const { held } = this;
    this.held = null;
    held?.forEach((apply) => apply());
  }

  /** The document as the editor shows it, one block a line. */
  shown(): string {
    return this.editor.getText({ blockSeparator: '\n' });
  }

  /** The document as it is shared. */
  shared(): string {
    const blocks = this.doc.getXmlFragment('content').toArray();
    return blocks.map((block) => String(block).replace(/<[^>]*>/g, '')).join('\n');
  }

  state(): string {
    return Array.from(Y.encodeStateVector(this.doc)).toString();
  }

  private receive({ kind, update }: { kind: string; update: Uint8Array }): void {
    const apply = () => {
      if (kind === 'update') Y.applyUpdate(this.doc, update, this);
      else applyAwarenessUpdate(this.awareness, update, this);
    };
    if (this.held === null) apply();
    else this.held.push(apply);
  }
}

declare global {
  interface Window {
    harness: Harness;
  }
}

window.harness = new Harness(
  document.getElementById('editor')!,
  new URLSearchParams(location.search).get('name') ?? '',
);
