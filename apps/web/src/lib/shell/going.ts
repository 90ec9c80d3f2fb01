/**
 * What somebody waits for: a page on its way, a deed that the server has not answered. `Going.svelte` shows it, and tells
 * of it by hand: state that is written while a page is on its way could hold that page up.
 */
class Going {
  #count = 0;
  #listeners = new Set<(busy: boolean) => void>();

  /** One more thing is on its way, until the returned function is called. */
  begin(): () => void {
    let over = false;
    this.#change(1);
    return () => {
      if (!over) this.#change(-1);
      over = true;
    };
  }

  /** Hears whether anything is on its way, until the returned function is called. */
  listen(listener: (busy: boolean) => void): () => void {
    this.#listeners.add(listener);
    listener(this.#count > 0);
    return () => void this.#listeners.delete(listener);
  }

  #change(by: number): void {
    const before = this.#count > 0;
    this.#count += by;
    const busy = this.#count > 0;
    if (busy !== before) for (const listener of this.#listeners) listener(busy);
  }
}

export const going = new Going();
