import type { CrowdShape, Seen } from './crowd.ts';
import type { Measured, Metric, Scenario } from './scenario.ts';
import { describe, millis, smaller, withCrowd } from './with-crowd.ts';

const FAN_OUT: Metric[] = [
  { key: 'p50', label: 'p50 ms', digits: 2, ratio: true },
  { key: 'p95', label: 'p95 ms', digits: 2, ratio: true },
  { key: 'p99', label: 'p99 ms', digits: 2, ratio: true },
  { key: 'saved', label: 'saved p50 ms', digits: 2 },
  { key: 'cpu', label: 'CPU ms / 1 000', digits: 1, ratio: true },
  { key: 'postgres', label: 'PostgreSQL ms / 1 000', digits: 1 },
  { key: 'rss', label: 'RSS MB', digits: 0, ratio: true },
  { key: 'commit', label: 'bare commit ms', digits: 2 },
  { key: 'delivered', label: 'delivered %', digits: 2 },
];

/** Everybody types at a steady rate: latencies, and what a thousand deliveries cost. */
export function fanOut(name: string, shape: CrowdShape, rate: number): Scenario {
  return {
    name,
    about: `${describe(shape)}, ${rate} edits a second each`,
    metrics: FAN_OUT,
    takes: () => true,
    async run(contestant, stage) {
      return withCrowd(contestant, smaller(shape, stage), async (crowd, server) => {
        // Long enough for the code to be compiled: who has more of it would look worse than they are.
        await crowd.type(rate, stage.quick ? 0.5 : 3);
        const commit = await stage.world.commitMs();
        const before = await server.usage();
        const postgres = stage.world.postgresCpu();
        const seen = await crowd.type(rate, stage.quick ? 1 : 5);
        const after = await server.usage();
        const spent = stage.world.postgresCpu() - postgres;
        stage.check(seen, crowd);
        const cpu = millis(after.cpu) - millis(before.cpu);
        return { ...figures(seen, cpu, spent), commit, rss: after.memory.rss / 2 ** 20 };
      });
    },
  };
}

function figures(seen: Seen, cpu: number, postgres: number): Measured {
  const { latencies, acks, deliveries, expected } = seen;
  return {
    p50: latencies.within(0.5),
    p95: latencies.within(0.95),
    p99: latencies.within(0.99),
    saved: acks.within(0.5),
    cpu: (cpu / deliveries) * 1000,
    postgres: (postgres / deliveries) * 1000,
    delivered: (deliveries / expected) * 100,
  };
}
