import { REPORT_EVERY, type Installation } from '@engawa/schema';
import { installationAgain } from '../admin.remote.ts';

/** Asks for the numbers again as long as somebody looks, and keeps the last ones when no new ones come. */
export class Watching {
  now = $state.raw<Installation | null>(null);
  /** The last question was not answered. */
  stale = $state(false);
  paused = $state(false);

  #timer: ReturnType<typeof setTimeout> | undefined;
  #ended = false;

  /** Begins, and returns how to end. */
  start(): () => void {
    document.addEventListener('visibilitychange', this.#look);
    this.#timer = setTimeout(this.#look, REPORT_EVERY);
    return () => {
      this.#ended = true;
      clearTimeout(this.#timer);
      document.removeEventListener('visibilitychange', this.#look);
    };
  }

  toggle(): void {
    this.paused = !this.paused;
    this.#look();
  }

  readonly #look = () => {
    clearTimeout(this.#timer);
    if (this.#ended || this.paused || document.hidden) return;
    void this.#ask().finally(() => {
      clearTimeout(this.#timer);
      if (!this.#ended) this.#timer = setTimeout(this.#look, REPORT_EVERY);
    });
  };

  async #ask(): Promise<void> {
    try {
      const now = await installationAgain();
      if (this.#ended || this.paused) return;
      this.now = now;
      this.stale = false;
    } catch {
      this.stale = true;
    }
  }
}
