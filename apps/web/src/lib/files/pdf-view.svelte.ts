import { faultOf, openPdf, CSS_UNITS, type PDFDocumentProxy, type PdfFault } from './pdf-document.ts';
import { findWords, type TextMatch } from './pdf-find.ts';

type Task = ReturnType<typeof openPdf>;

export interface Found {
  page: number;
  match: TextMatch;
}

/** An open PDF: its pages and their sizes, which one is looked at, and what is looked for. */
export class PdfView {
  phase = $state<'opening' | 'password' | 'open' | 'failed'>('opening');
  wrongPassword = $state(false);
  fault = $state<PdfFault>('damaged');
  pages = $state.raw<readonly { width: number; height: number }[]>([]);
  page = $state(1);

  query = $state('');
  found = $state.raw<readonly Found[]>([]);
  at = $state(0);
  /** The page that is being searched; null when it is done. */
  searching = $state<number | null>(null);

  document: PDFDocumentProxy | null = null;
  #task: Task | null = null;
  #answer: ((password: string) => void) | null = null;
  #search = 0;
  // Kept, not shown.
  // eslint-disable-next-line svelte/prefer-svelte-reactivity
  readonly #texts = new Map<number, string[]>();
  readonly #address: string;

  constructor(address: string) {
    this.#address = address;
  }

  begin = (): (() => void) => {
    void this.#open();
    return () => {
      this.#search += 1;
      void this.#task?.destroy();
      this.document = null;
    };
  };

  again = (): void => {
    void this.#task?.destroy();
    void this.#open();
  };

  async #open(): Promise<void> {
    this.phase = 'opening';
    const task = (this.#task = openPdf(this.#address, (answer, wrong) => {
      this.#answer = answer;
      this.wrongPassword = wrong;
      this.phase = 'password';
    }));
    try {
      const document = await task.promise;
      const first = await document.getPage(1);
      const { width, height } = first.getViewport({ scale: CSS_UNITS });
      if (this.#task !== task || task.destroyed) return;
      this.document = document;
      this.pages = Array.from({ length: document.numPages }, () => ({ width, height }));
      this.phase = 'open';
    } catch (error) {
      if (this.#task !== task || task.destroyed) return;
      this.fault = faultOf(error);
      this.phase = 'failed';
    }
  }

  unlock(password: string): void {
    this.phase = 'opening';
    this.#answer?.(password);
  }

  /** The size of a page is known when it is first drawn; until then it is taken for as large as the first. */
  sized(number: number, width: number, height: number): void {
    const known = this.pages[number - 1];
    if (!known || (known.width === width && known.height === height)) return;
    this.pages = this.pages.with(number - 1, { width, height });
  }

  async textOf(number: number): Promise<string[]> {
    const known = this.#texts.get(number);
    if (known) return known;
    const page = await this.document?.getPage(number);
    const items = (await page?.getTextContent())?.items ?? [];
    const text = items.flatMap((item) => ('str' in item ? [item.str] : []));
    this.#texts.set(number, text);
    return text;
  }

  /** Looks through all pages, from the one that is open on; the first result is gone to as soon as it is there. */
  async find(query: string, go: (found: Found) => void): Promise<void> {
    const search = (this.#search += 1);
    [this.query, this.found, this.at] = [query, [], 0];
    let went = false;
    if (query.trim() !== '') {
      for (let number = 1; number <= this.pages.length; number += 1) {
        this.searching = number;
        const text = await this.textOf(number).catch(() => []);
        if (search !== this.#search) return;
        const matches = findWords(text, query);
        if (matches.length > 0)
          this.found = [...this.found, ...matches.map((match) => ({ page: number, match }))];
        if (!went && matches.length > 0 && number >= this.page) {
          went = true;
          this.step(this.found.findIndex((one) => one.page === number) - this.at, go);
        }
      }
    }
    this.searching = null;
    if (!went && this.found.length > 0) this.step(0, go);
  }

  step(by: number, go: (found: Found) => void): void {
    const { length } = this.found;
    if (length === 0) return;
    this.at = (this.at + by + length) % length;
    const found = this.found[this.at];
    if (found) go(found);
  }
}
