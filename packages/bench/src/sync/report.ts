import { markdownTable } from '../table.ts';
import { median } from './latencies.ts';
import type { Measured, Metric, Scenario } from './scenario.ts';

/** What the runs of one scenario gave: by contestant, one entry a repetition (null: it did not come to an end). */
export type Results = Map<string, (Measured | null)[]>;

/** Whom the others are compared with. */
export const YARDSTICK = 'y-websocket';

/** One table: medians over the repetitions; beside some, the median of each repetition's ratio to y-websocket. */
export function tableOf(
  { name, about, metrics }: Pick<Scenario, 'name' | 'about' | 'metrics'>,
  results: Results,
): string {
  const rows = [...results].map(([who, runs]) => [
    who,
    ...metrics.map((metric) => cellOf(metric, runs, results.get(YARDSTICK) ?? [])),
  ]);
  const table = markdownTable(['', ...metrics.map(({ label }) => label)], rows);
  return `**${name}** — ${about}\n\n${table}`;
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
  const times = ratioOf(key, runs, yardstick);
  return Number.isFinite(times) ? `${shown} (${times.toFixed(2)} ×)` : shown;
}

/** The median of each repetition's ratio: what happened on the machine meanwhile happened to both. */
export function ratioOf(key: string, runs: (Measured | null)[], others: (Measured | null)[]): number {
  return median(runs.map((run, at) => (run?.[key] ?? NaN) / (others[at]?.[key] ?? NaN)));
}
