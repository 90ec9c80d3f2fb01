import { isKeepable } from './addresses.ts';
import { tell } from './device.ts';

/** What was only passed through is not something one has read. */
const READ_MS = 2_000;
const AGAIN_MS = 60_000;

/** Keeps the pages that a person reads: when they have settled on one, and again when they leave it. */
export class Keeper {
  readonly #personId: string;
  #path = '';
  #keptAt = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(personId: string) {
    this.#personId = personId;
  }

  /** The person has come to a page. */
  arrive(path: string): void {
    this.leave();
    this.#path = isKeepable(path) ? path : '';
    this.#keptAt = 0;
    clearTimeout(this.#timer);
    if (this.#path) this.#timer = setTimeout(() => this.#keep(), READ_MS);
  }

  /** They go, or turn to something else: what changed meanwhile is kept too. */
  leave(): void {
    if (this.#path && this.#keptAt > 0 && Date.now() - this.#keptAt > AGAIN_MS) this.#keep();
  }

  stop(): void {
    clearTimeout(this.#timer);
    this.#path = '';
  }

  #keep(): void {
    this.#keptAt = Date.now();
    void tell({ order: 'keep', path: this.#path, personId: this.#personId });
  }
}
