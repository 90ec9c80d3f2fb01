import { median } from './latencies.ts';
import type { Measured, Metric, Scenario } from './scenario.ts';

/** What the runs of one scenario gave: by contestant, one entry a repetition (null: it did not come to an end). */
export type Results = Map<string, (Measured | null)[]>;

/** Whom the others are compared with. */
const YARDSTICK = 'y-websocket';

/** One table: medians over the repetitions; beside some, the median of each repetition's ratio to y-websocket. */
export function tableOf(
  { name, about, metrics }: Pick<Scenario, 'name' | 'about' | 'metrics'>,
  results: Results,
): string {
  const rows = [...results].map(([who, runs]) => [
    who,
    ...metrics.map((metric) => cellOf(metric, runs, results.get(YARDSTICK) ?? [])),
  ]);
  const head = ['', ...metrics.map(({ label }) => label)];
  const widths = head.map((title, column) =>
    Math.max(3, title.length, ...rows.map((row) => row[column]!.length)),
  );
  const line = (cells: string[]) =>
    `| ${cells.map((cell, at) => (at === 0 ? cell.padEnd(widths[at]!) : cell.padStart(widths[at]!))).join(' | ')} |`;
  const rule = `| ${widths.map((width, at) => (at === 0 ? '-'.repeat(width) : `${'-'.repeat(width - 1)}:`)).join(' | ')} |`;
  return [`**${name}** — ${about}`, '', line(head), rule, ...rows.map(line)].join('\n');
}

function cellOf(
  { key, digits, ratio }: Metric,
  runs: (Measured | null)[],
  yardstick: (Measured | null)[],
): string {
  const value = median(runs.map((run) => run?.[key] ?? NaN));
  if (Number.isNaN(value)) return '–';
  const shown = value.toFixed(digits);
  if (!ratio) return shown;
  const ratios = runs.map((run, at) => (run?.[key] ?? NaN) / (yardstick[at]?.[key] ?? NaN));
  const times = median(ratios);
  return Number.isFinite(times) ? `${shown} (${times.toFixed(2)} ×)` : shown;
}
