import { FLUSHES_APART } from '@engawa/domain';
import { markdownTable } from '../table.ts';
import { median } from './latencies.ts';
import { ratioOf, YARDSTICK, type Results } from './report.ts';
import type { Contestant } from './contestants.ts';

/** What ours is held to, of one scenario's results. */
interface Aim {
  scenario: string;
  what: string;
  /** What was measured, and what it may be at most (or at least). NaN when it was not measured. */
  value(results: Results): number;
  limit(results: Results): number;
  atLeast?: true;
  stretch?: number;
  digits?: number;
}

const OURS: Contestant['name'] = 'engawa';
const STATIC: Contestant['name'] = 'ws relay';

const of = (results: Results, key: string, who: string = OURS) =>
  median((results.get(who) ?? []).map((run) => run?.[key] ?? NaN));
const times = (key: string, whom: string) => (results: Results) =>
  ratioOf(key, results.get(OURS) ?? [], results.get(whom) ?? []);

function cpu(scenario: string): Aim {
  const what = `CPU ÷ ${YARDSTICK}`;
  return { scenario, what, value: times('cpu', YARDSTICK), limit: () => 1.5, stretch: 1 };
}
function latency(scenario: string): Aim {
  return {
    scenario,
    what: `p50 ms, beside a bare commit + window (${FLUSHES_APART}) + 2`,
    value: (results) => of(results, 'p50'),
    limit: (results) => of(results, 'commit') + FLUSHES_APART + 2,
    digits: 1,
  };
}
function capacity(scenario: string, key: string, least: number, stretch?: number): Aim {
  const what = key === 'most' ? `÷ ${YARDSTICK}` : `a CPU second ÷ ${YARDSTICK}`;
  const base = { scenario, what, value: times(key, YARDSTICK), limit: () => least, atLeast: true as const };
  return stretch === undefined ? base : { ...base, stretch };
}
const cold = (scenario: string, most: number): Aim[] => [
  {
    scenario,
    what: 'synced ÷ raw applyUpdate',
    value: (results) => of(results, 'synced'),
    limit: () => most,
  },
  { scenario, what: 'herd ÷ stored bytes alone', value: times('herd', STATIC), limit: () => 1.2 },
];

const AIMS: Aim[] = [
  cpu('1×50'),
  latency('1×50'),
  cpu('50×4'),
  latency('50×4'),
  capacity('capacity 1×50', 'most', 4),
  capacity('capacity 1×50', 'each', 4),
  capacity('capacity 50×4', 'most', 1.5, 2.5),
  capacity('capacity 50×4', 'each', 1.5, 2.5),
  ...cold('cold B4-like', 1.4),
  ...cold('cold 1 MB', 1.15),
  ...cold('cold 10 MB', 1.15),
  {
    scenario: 'memory',
    what: 'idle connection, kB',
    value: (results) => of(results, 'idle'),
    limit: () => 25,
  },
  {
    scenario: 'memory',
    what: '… after typing, kB',
    value: (results) => of(results, 'active'),
    limit: () => 25,
  },
];

/** Every aim beside what was measured; those of scenarios that did not run say so. */
export function tableOfAims(results: Map<string, Results>): string {
  const rows = AIMS.map((aim) => {
    const seen = results.get(aim.scenario) ?? new Map();
    const [value, limit, digits] = [aim.value(seen), aim.limit(seen), aim.digits ?? 2];
    if (Number.isNaN(value))
      return [`${aim.scenario}: ${aim.what}`, limitOf(aim, limit, digits), '–', 'not measured'];
    const within = (bound: number) => (aim.atLeast ? value >= bound : value <= bound);
    const stretched = aim.stretch !== undefined && within(aim.stretch);
    const verdict = within(limit) ? (stretched ? 'met, stretch too' : 'met') : 'missed';
    return [`${aim.scenario}: ${aim.what}`, limitOf(aim, limit, digits), value.toFixed(digits), verdict];
  });
  return `**Aims** — ours, durable\n\n${markdownTable(['', 'aim', 'measured', ''], rows)}`;
}

function limitOf({ atLeast, stretch }: Aim, limit: number, digits: number): string {
  const bound = Number.isNaN(limit) ? '–' : limit.toFixed(digits);
  return `${atLeast ? '≥' : '≤'} ${bound}${stretch === undefined ? '' : ` (${stretch.toFixed(1)})`}`;
}
