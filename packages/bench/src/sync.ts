// `bench sync`: ours beside its peers, each in its own process, everybody in every repetition, order turned around.
import { writeFileSync } from 'node:fs';
import { availableParallelism, loadavg } from 'node:os';
import { parseArgs } from 'node:util';
import { installPeers } from './peers.ts';
import { contestants, type Contestant } from './sync/contestants.ts';
import { tableOfAims } from './sync/aims.ts';
import { tableOf, type Results } from './sync/report.ts';
import type { Scenario, Stage } from './sync/scenario.ts';
import { SCENARIOS } from './sync/scenarios.ts';
import { buildBenchWorld, type World } from './sync/world.ts';

const { values: options } = parseArgs({
  args: process.argv.slice(3),
  options: {
    quick: { type: 'boolean', default: false },
    only: { type: 'string' },
    who: { type: 'string' },
    repeat: { type: 'string' },
    minutes: { type: 'string' },
    markdown: { type: 'string' },
  },
});
const repetitions = Number(options.repeat ?? (options.quick ? 1 : 3));
const minutes = Number(options.minutes ?? (options.quick ? 4 : 40));
let end = Date.now() + minutes * 60_000;
const timeLeft = () => Date.now() < end;
const notes = new Set<string>();
// What runs comes to its end, everything that was started is stopped, and the tables are printed.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => (end = 0));

/** `--only 1×50,cold` and `--who engawa,y-`: names that begin so. */
const chosen = <T extends { name: string }>(all: T[], wanted?: string) =>
  wanted ? all.filter(({ name }) => wanted.split(',').some((one) => name.startsWith(one))) : all;

const peers = installPeers('sync');
const world = await buildBenchWorld();
try {
  await compare(world);
} finally {
  await world.stop();
}

async function compare(on: World): Promise<void> {
  const scenarios = chosen(SCENARIOS, options.only);
  const everybody = chosen(contestants(on, peers), options.who);
  const results = new Map<Scenario, Results>();
  for (const scenario of scenarios)
    results.set(
      scenario,
      new Map(
        everybody.filter(scenario.takes).map(({ name }) => [name, [] as (null | Record<string, number>)[]]),
      ),
    );
  for (let repetition = 0; repetition < repetitions && timeLeft(); repetition += 1) {
    for (const scenario of scenarios) {
      const order = everybody.filter(scenario.takes);
      for (const contestant of repetition % 2 === 0 ? order : order.reverse())
        results
          .get(scenario)!
          .get(contestant.name)!
          .push(await once(scenario, contestant, on));
    }
    if (options.markdown) writeFileSync(options.markdown, textOf(results));
  }
  console.log(`\n${textOf(results)}`);
}

/** One contestant in one scenario; null when it failed or the time is over, which is noted. */
async function once(scenario: Scenario, contestant: Contestant, on: World) {
  const where = `${scenario.name}, ${contestant.name}`;
  if (!timeLeft()) {
    notes.add(
      `Stopped early (at most ${minutes} minutes): not everything was repeated as often as was wanted.`,
    );
    return null;
  }
  const note = (said: string) => void notes.add(`${where}: ${said}`);
  const stage: Stage = {
    world: on,
    peers,
    quick: options.quick,
    timeLeft,
    note,
    check(seen, crowd) {
      if (seen.wrong > 0) note(`${seen.wrong} deliveries came twice or out of order`);
      if (seen.busy > 0.85) note(`the generator used ${Math.round(seen.busy * 100)} % of a core`);
      if (seen.late > 10) note(`the generator was ${seen.late.toFixed(0)} ms late at p99`);
      if (crowd.lost.length > 0) note(`${crowd.lost.length} sockets were lost (${crowd.lost[0]})`);
    },
  };
  try {
    process.stderr.write(`${where} …\n`);
    return await scenario.run(contestant, stage);
  } catch (error) {
    note((error as Error).message);
    return null;
  }
}

function textOf(results: Map<Scenario, Results>): string {
  const load = loadavg()[1]!.toFixed(1);
  const about =
    `${new Date().toISOString().slice(0, 10)} · ${availableParallelism()} cores, load ${load} · Node ${process.versions.node} · ` +
    `medians of ${repetitions} · \`pnpm bench ${process.argv.slice(2).join(' ')}\`` +
    (options.quick ? ' · quick: a fifth of the people, short' : '');
  // What the time was not enough for is left out; its aims say so.
  const measured = [...results].filter(([, runs]) => [...runs.values()].flat().some((run) => run !== null));
  const parts = [about, ...measured.map(([scenario, runs]) => tableOf(scenario, runs))];
  parts.push(tableOfAims(new Map([...results].map(([{ name }, runs]) => [name, runs]))));
  if (notes.size > 0) parts.push([...notes].map((said) => `- ${said}`).join('\n'));
  return `${parts.join('\n\n')}\n`;
}
