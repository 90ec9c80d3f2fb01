/** Chance that can be had again: the same seed throws the same. */
export interface Dice {
  /** From `low` up to, and without, `high`. */
  between(low: number, high: number): number;
  pick<T>(of: readonly T[]): T;
}

/** Mulberry32. Each test throws its own, so that what it does is not changed by what runs beside it. */
export function rollDice(seed: number): Dice {
  let state = seed >>> 0;
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  return {
    between: (low, high) => low + next() * (high - low),
    pick: (of) => of[Math.floor(next() * of.length)]!,
  };
}
