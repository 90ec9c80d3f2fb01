const FINEST = 0.02;
const STEP = Math.log(1.02);
const SLOTS = 1_200;

/** Many latencies in little room: each falls into a slot 2 % wide, from 0.02 ms on. */
export class Latencies {
  readonly #slots = new Uint32Array(SLOTS);
  count = 0;

  add(ms: number, times = 1): void {
    const slot = ms <= FINEST ? 0 : Math.min(SLOTS - 1, Math.ceil(Math.log(ms / FINEST) / STEP));
    this.#slots[slot]! += times;
    this.count += times;
  }

  /** Milliseconds that this share of them stays within; NaN without any. */
  within(share: number): number {
    let left = Math.ceil(this.count * share);
    if (this.count === 0) return NaN;
    for (let slot = 0; slot < SLOTS; slot += 1) {
      left -= this.#slots[slot]!;
      if (left <= 0) return FINEST * Math.exp(slot * STEP);
    }
    return Infinity;
  }
}

/** The middle one; of an even number, the mean of the two. */
export function median(values: readonly number[]): number {
  const known = values.filter((value) => !Number.isNaN(value)).sort((a, b) => a - b);
  const half = known.length >> 1;
  if (known.length === 0) return NaN;
  return known.length % 2 === 1 ? known[half]! : (known[half - 1]! + known[half]!) / 2;
}
