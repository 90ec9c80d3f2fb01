import { NotShown } from './first-bytes.ts';
import { m } from '#lib/paraglide/messages.js';

/**
 * Something that a preview fetches in the browser: on its way, there, or failed with a sentence. Kept out of awaited
 * deriveds, so that news of the page never redraws what one is reading.
 */
export class Loaded<T> {
  value = $state.raw<T | null>(null);
  failed = $state.raw<string | null>(null);

  #ask: (signal: AbortSignal) => Promise<T>;
  #leaving = new AbortController();

  constructor(ask: (signal: AbortSignal) => Promise<T>) {
    this.#ask = ask;
  }

  /** Begins; for `{@attach}`, which only runs in the browser. Returns the end. */
  begin = (): (() => void) => {
    this.again();
    return () => this.#leaving.abort();
  };

  again = (): void => {
    this.#leaving.abort();
    const leaving = (this.#leaving = new AbortController());
    this.failed = null;
    this.#ask(leaving.signal).then(
      (value) => {
        if (!leaving.signal.aborted) this.value = value;
      },
      (error: unknown) => {
        if (leaving.signal.aborted) return;
        if (!(error instanceof NotShown)) console.error(error);
        this.failed = error instanceof NotShown ? error.message : m.file_failed_text();
      },
    );
  };
}
