/**
 * Preloaded into a program whose clock is to jump: SIGUSR2 sets it by what stands in `CLOCK_FILE`, in milliseconds.
 * It moves what the program itself reads (`Date`); timers and the clocks of other processes go on as they were.
 */
import { readFileSync } from 'node:fs';

const file = process.env['CLOCK_FILE'];
if (!file) throw new Error('CLOCK_FILE is not set: name the file that says by how much the clock is wrong.');

const Real = Date;
let by = 0;

class Shifted extends Real {
  constructor(...given: unknown[]) {
    super(...((given.length > 0 ? given : [Shifted.now()]) as [number]));
  }

  static override now(): number {
    return Real.now() + by;
  }
}

globalThis.Date = Shifted as DateConstructor;

process.on('SIGUSR2', () => {
  by = Number(readFileSync(file, 'utf8'));
  process.stderr.write(`the clock is off by ${by} ms\n`);
});
