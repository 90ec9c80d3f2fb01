/** How far back the speed looks, in milliseconds: long enough to be calm, short enough to notice a slower line. */
const WINDOW = 10_000;

/** How fast bytes go, over the last seconds. */
export class Pace {
  #marks: { at: number; bytes: number }[] = [];

  /** `bytes` so far; fewer than before means that a part is sent again, which is no speed at all. */
  note(bytes: number, at: number): void {
    const last = this.#marks.at(-1);
    if (last && bytes < last.bytes) this.#marks = [];
    this.#marks.push({ at, bytes });
    while (this.#marks.length > 2 && this.#marks[0]!.at < at - WINDOW) this.#marks.shift();
  }

  /** Bytes a second; 0 while it is not known. */
  speed(now: number): number {
    const [first, last] = [this.#marks[0], this.#marks.at(-1)];
    if (!first || !last || now - last.at > WINDOW) return 0;
    const passed = Math.max(now, last.at) - first.at;
    return passed < 500 ? 0 : ((last.bytes - first.bytes) * 1000) / passed;
  }

  forget(): void {
    this.#marks = [];
  }
}

/** Seconds that the rest takes at this speed; null while nobody can say. */
export function secondsLeft(bytes: number, speed: number): number | null {
  return speed > 0 ? Math.ceil(bytes / speed) : null;
}
