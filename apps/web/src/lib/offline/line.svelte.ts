import { updated } from '$app/state';
import { KEPT_ATTRIBUTE } from './addresses.ts';

/** A restart of the program is over before anybody needs to hear of it. */
const SAY_AFTER_MS = 2_500;
const ASK_EVERY_MS = 8_000;

/** The line to the server, as this page knows it. */
class Line {
  /** Requests do not get through. */
  away = $state(false);
  /** That for long enough to be said. */
  said = $state(false);
  /** When the page on the screen was read; null when the server has just made it. */
  keptAt = $state.raw<Date | null>(null);

  #saying: ReturnType<typeof setTimeout> | undefined;
  #asking: ReturnType<typeof setInterval> | undefined;

  /** Begins to listen, until the returned function is called. */
  watch(): () => void {
    const kept = Date.parse(document.documentElement.getAttribute(KEPT_ATTRIBUTE) ?? '');
    if (kept) this.keptAt = new Date(kept);
    if (kept || !navigator.onLine) this.lost();
    const lost = () => this.lost();
    const ask = () => void this.#ask();
    addEventListener('offline', lost);
    addEventListener('online', ask);
    return () => {
      removeEventListener('offline', lost);
      removeEventListener('online', ask);
    };
  }

  lost(): void {
    if (this.away) return;
    this.away = true;
    this.#saying = setTimeout(() => (this.said = true), SAY_AFTER_MS);
    this.#asking = setInterval(() => void this.#ask(), ASK_EVERY_MS);
  }

  back(): void {
    if (!this.away) return;
    this.away = this.said = false;
    clearTimeout(this.#saying);
    clearInterval(this.#asking);
    void updated.check();
  }

  async #ask(): Promise<void> {
    const answer = await fetch('/healthz', { cache: 'no-store' }).catch(() => null);
    if (answer?.ok) this.back();
  }
}

export const line = new Line();
