import { clearReport, SEED, writeReport } from './faults.ts';

/** Vitest's global setup of the faults: one seed for the run, and its report at the end. */
export function setup(): () => void {
  // The processes in which the tests run take it from here.
  process.env['FAULT_SEED'] = String(SEED);
  clearReport();
  return () => {
    const report = writeReport();
    if (report) console.log(`\nFaults, seed ${SEED} (also in .cache/faults/report.md)\n\n${report}`);
  };
}
