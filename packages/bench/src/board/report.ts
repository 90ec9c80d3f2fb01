import { median } from '../sync/latencies.ts';
import { markdownTable } from '../table.ts';

export type Who = 'engawa' | 'excalidraw';

/** One row of the report: a number of each repetition, by who and by what. */
export type Row = Record<Who, Map<string, number[]>>;

const SHOWN = [
  ['p50', 1],
  ['p95', 1],
  ['interval', 0],
  ['bytes', 0],
] as const;

/** CPU milliseconds of a frame, the time between frames, and bytes that a drag writes. */
export function framesTable(rows: Map<string, Row>): string {
  const shown = [...rows].filter(([, row]) => row.engawa.has('p95'));
  return markdownTable(
    [
      '',
      'CPU p50',
      'Excalidraw',
      'CPU p95',
      'Excalidraw',
      'frames apart p95',
      'Excalidraw',
      'bytes',
      'Excalidraw',
      'p95 ÷ Excalidraw',
    ],
    shown.map(([what, row]) => [
      what,
      ...SHOWN.flatMap(([key, digits]) => [
        cell(row, 'engawa', key, digits),
        cell(row, 'excalidraw', key, digits),
      ]),
      ratio(row, 'p95'),
    ]),
  );
}

/** What is measured once a repetition: loading, first pictures, sizes. */
export function oneOffTable(rows: Map<string, Row>): string {
  const shown = [...rows].filter(([, row]) => row.engawa.has('once'));
  return markdownTable(
    ['', 'ours', 'Excalidraw', 'ours ÷ Excalidraw'],
    shown.map(([what, row]) => [
      what,
      cell(row, 'engawa', 'once', what.includes('÷') ? 2 : 1),
      cell(row, 'excalidraw', 'once', 1),
      ratio(row, 'once'),
    ]),
  );
}

function cell(row: Row, who: Who, key: string, digits: number): string {
  const value = median(row[who].get(key) ?? []);
  return Number.isNaN(value) ? '–' : value.toFixed(digits);
}

/** The median of what each repetition gave, not the ratio of the medians. */
function ratio({ engawa, excalidraw }: Row, key: string): string {
  const theirs = excalidraw.get(key) ?? [];
  const value = median((engawa.get(key) ?? []).map((ours, at) => ours / (theirs[at] ?? NaN)));
  return Number.isNaN(value) ? '–' : `${value.toFixed(2)} ×`;
}
