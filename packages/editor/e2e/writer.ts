import type { BrowserContext, CDPSession, Page } from '@playwright/test';
import { build } from 'vite';

const ORIGIN = 'http://harness.test';
let bundle: Promise<string> | undefined;

/** The harness page's script, bundled once; it is given to the pages without any server. */
function bundled(): Promise<string> {
  bundle ??= build({
    root: import.meta.dirname,
    configFile: false,
    logLevel: 'error',
    build: {
      write: false,
      minify: false,
      lib: { entry: 'harness.ts', formats: ['iife'], name: 'harness' },
    },
    define: { 'process.env.NODE_ENV': '"production"' },
  }).then((result) => {
    const [output] = Array.isArray(result) ? result : [result];
    if (!output || !('output' in output)) throw new Error('the harness was not built');
    return output.output[0].code;
  });
  return bundle;
}

/** A person at an editor of their own, with the browser's own input-method protocol. */
export class Writer {
  readonly page: Page;
  private readonly cdp: CDPSession;

  private constructor(page: Page, cdp: CDPSession) {
    this.page = page;
    this.cdp = cdp;
  }

  static async open(context: BrowserContext, name: string): Promise<Writer> {
    const page = await context.newPage();
    const script = await bundled();
    await page.route(`${ORIGIN}/**`, (route) =>
      new URL(route.request().url()).pathname === '/harness.js'
        ? route.fulfill({ contentType: 'text/javascript', body: script })
        : route.fulfill({
            contentType: 'text/html; charset=utf-8',
            body: '<!doctype html><meta charset="utf-8"><style>.ProseMirror{white-space:pre-wrap;min-height:9rem}.caret{position:relative}.caret-label{position:absolute;top:-1em}</style><button>外</button><div id="editor"></div><script src="/harness.js"></script>',
          }),
    );
    page.on('pageerror', (error) => console.error(`${name}:`, error));
    await page.goto(`${ORIGIN}/?name=${name}`);
    const cdp = await context.newCDPSession(page);
    await cdp.send('Emulation.setFocusEmulationEnabled', { enabled: true });
    return new Writer(page, cdp);
  }

  /** Puts the caret `offset` characters into the `block`-th block (a negative offset counts from its end). */
  async caret(block: number, offset: number, until = offset): Promise<void> {
    await this.page.evaluate(
      ([at, from, to]) => {
        const { editor } = window.harness;
        let start = 0;
        for (let i = 0; i < at; i += 1) start += editor.state.doc.child(i).nodeSize;
        const { size } = editor.state.doc.child(at).content;
        const place = (value: number) =>
          start + 1 + (value < 0 || Object.is(value, -0) ? size + value : value);
        // Not `commands.focus()`: it waits for a frame, and a page behind another draws none.
        editor.view.focus();
        editor.commands.setTextSelection({ from: place(from), to: place(to) });
      },
      [block, offset, until] as const,
    );
  }

  /** Kana that is not confirmed yet, as an input method sends it. */
  async compose(...steps: string[]): Promise<void> {
    for (const text of steps) {
      await this.cdp.send('Input.imeSetComposition', {
        text,
        selectionStart: text.length,
        selectionEnd: text.length,
      });
    }
  }

  /** Confirms the composition as `text`. */
  async confirm(text: string): Promise<void> {
    await this.cdp.send('Input.insertText', { text });
  }

  /** Gives the composition up. */
  async cancel(): Promise<void> {
    await this.cdp.send('Input.imeSetComposition', { text: '', selectionStart: 0, selectionEnd: 0 });
  }

  async type(text: string): Promise<void> {
    await this.page.keyboard.type(text);
  }

  async press(key: string): Promise<void> {
    await this.page.keyboard.press(key);
  }

  shown(): Promise<string> {
    return this.page.evaluate(() => window.harness.shown());
  }

  shared(): Promise<string> {
    return this.page.evaluate(() => window.harness.shared());
  }

  slash(): Promise<string | null> {
    return this.page.evaluate(() => window.harness.slash);
  }

  /** The caret as `block:offset`. */
  caretAt(): Promise<string> {
    return this.page.evaluate(() => {
      const { $from } = window.harness.editor.state.selection;
      return `${$from.index(0)}:${$from.parentOffset}`;
    });
  }

  dom(): Promise<string> {
    return this.page.evaluate(() =>
      Array.from(document.querySelectorAll('.ProseMirror > *'), (block) => {
        const copy = block.cloneNode(true) as Element;
        copy.querySelectorAll('.caret').forEach((caret) => caret.remove());
        return copy.textContent;
      }).join('\n'),
    );
  }
}
