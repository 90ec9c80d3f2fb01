import { appendFileSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

// How long and how random the faults are: the one place that reads it. `FAULT_KILLS=1000 pnpm test:faults` is the long
// form; `FAULT_SEED=<what was printed>` throws the same dice again.
const SHORT = 50;
const FOLDER = join(import.meta.dirname, '../../../../.cache/faults');
const ROWS = join(FOLDER, 'rows.jsonl');

/** Kills of the entire run, over all its tests. */
export const KILLS = Number(process.env['FAULT_KILLS'] ?? SHORT);
/** Chosen anew for each run, and the same in all its tests. */
export const SEED = Number(process.env['FAULT_SEED'] ?? Math.floor(Math.random() * 2 ** 31));

/** This test's part of the kills, and how long it may take. */
export function shareOf(part: number): { kills: number; timeout: number } {
  const kills = Math.max(2, Math.round(KILLS * part));
  return { kills, timeout: 300_000 + kills * 60_000 };
}

/** What one fault came to. */
export interface FaultRow {
  fault: string;
  /** How often it was done. */
  times: number;
  /** Words that people were told are saved. */
  acked: number;
  lost: number;
  doubled: number;
  /** Milliseconds, once each time, until everybody was told again that something typed since is saved. */
  recoveries: number[];
}

/** Adds a row to the report of this run. */
export function reportFault(row: FaultRow): void {
  mkdirSync(FOLDER, { recursive: true });
  appendFileSync(ROWS, `${JSON.stringify(row)}\n`);
}

export function clearReport(): void {
  rmSync(FOLDER, { recursive: true, force: true });
}

/** Writes the report of this run and returns it; null when nothing was reported. */
export function writeReport(): string | null {
  const rows = readRows();
  if (rows.length === 0) return null;
  const table = tableOf(rows);
  writeFileSync(join(FOLDER, 'report.md'), table);
  return table;
}

function readRows(): FaultRow[] {
  try {
    const lines = readFileSync(ROWS, 'utf8').trim().split('\n');
    return lines.map((line) => JSON.parse(line) as FaultRow);
  } catch {
    return [];
  }
}

/** As it stands in a README. */
export function tableOf(rows: FaultRow[]): string {
  const cells = rows
    .toSorted((a, b) => (a.fault < b.fault ? -1 : 1))
    .map(({ fault, times, acked, lost, doubled, recoveries }) => {
      const ms = recoveries.toSorted((a, b) => a - b);
      return [fault, times, acked, lost, doubled, seconds(at(ms, 0.5)), seconds(at(ms, 0.99))];
    });
  const head = ['fault', 'times', 'told saved', 'lost', 'doubled', 'recovery p50', 'p99'];
  const line = (of: (string | number)[]) => `| ${of.join(' | ')} |`;
  const rule = line(head.map((_, column) => (column === 0 ? '---' : '---:')));
  return [line(head), rule, ...cells.map(line), ''].join('\n');
}

/** The nearest rank, so that a p99 of few is the worst of them. */
function at(sorted: number[], part: number): number | undefined {
  return sorted[Math.max(0, Math.ceil(sorted.length * part) - 1)];
}

function seconds(ms: number | undefined): string {
  return ms === undefined ? '–' : `${(ms / 1000).toFixed(2)} s`;
}
