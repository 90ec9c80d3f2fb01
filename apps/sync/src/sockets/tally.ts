/** How many, in all and of each. */
export class Tally {
  all = 0;
  readonly #each = new Map<string | null, number>();

  of(whom: string | null): number {
    return this.#each.get(whom) ?? 0;
  }

  add(whom: string | null, by: 1 | -1): void {
    this.all += by;
    const now = this.of(whom) + by;
    if (now > 0) this.#each.set(whom, now);
    else this.#each.delete(whom);
  }
}
