/** How many times as long as in CI; by hand `ENGAWA_FUZZ=50`. Longer runs begin at a seed of their own. */
const LONGER = Number(process.env['ENGAWA_FUZZ'] ?? 1);
const SEED = Number(process.env['ENGAWA_FUZZ_SEED'] ?? (LONGER > 1 ? Date.now() % 2 ** 31 : 4));

/** Random choices that are the same again for the same seed. */
export interface Chance {
  /** From 0 up to, and without, `below`. */
  int(below: number): number;
  /** True so often, of 1. */
  often(share: number): boolean;
  pick<T>(from: readonly T[]): T;
  bytes(length: number): Uint8Array;
}

/** mulberry32 */
export function chanceOf(seed: number): Chance {
  let state = seed | 0;
  const next = () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
  const int = (below: number) => Math.floor(next() * below);
  return {
    int,
    often: (share) => next() < share,
    pick: (from) => from[int(from.length)]!,
    bytes: (length) => Uint8Array.from({ length }, () => int(256)),
  };
}

/** Runs `count` cases (more when asked for), each with its own chance. What fails says how to run it alone. */
export async function eachCase(
  count: number,
  run: (chance: Chance, index: number) => unknown,
): Promise<void> {
  for (let index = 0; index < count * LONGER; index += 1) {
    try {
      const running = run(chanceOf(SEED + index), index);
      if (running instanceof Promise) await running;
    } catch (error) {
      const told = error instanceof Error ? error : new Error(String(error));
      told.message = `ENGAWA_FUZZ_SEED=${SEED + index} begins with this case (${index}). ${told.message}`;
      throw told;
    }
  }
}
