import { performance } from 'node:perf_hooks';
import { inTime, type CrowdShape } from './crowd.ts';
import { Latencies } from './latencies.ts';
import { Page } from './page.ts';
import type { Scenario } from './scenario.ts';
import { describe, millis, smaller, withCrowd } from './with-crowd.ts';

/** Everybody loses the connection in one moment, and comes back in one moment. */
export function storm(name: string, shape: CrowdShape): Scenario {
  return {
    name,
    about: `${describe(shape)}; all cut at once, all back at once`,
    metrics: [
      { key: 'p50', label: 'p50 ms', digits: 0 },
      { key: 'p95', label: 'p95 ms', digits: 0 },
      { key: 'all', label: 'all back, ms', digits: 0, ratio: true },
      { key: 'cpu', label: 'CPU ms / connection', digits: 2, ratio: true },
      { key: 'postgres', label: 'PostgreSQL ms / connection', digits: 2 },
    ],
    takes: ({ holdsDocuments }) => holdsDocuments,
    run: (contestant, stage) =>
      withCrowd(contestant, smaller(shape, stage), async (crowd, server) => {
        const places = crowd.pages.map(({ place }) => place);
        crowd.close();
        await new Promise((done) => setTimeout(done, 300));
        const before = await server.usage();
        const postgres = stage.world.postgresCpu();
        const waited = new Latencies();
        const started = performance.now();
        const pages = places.map((place, index) => new Page(place, () => {}, index));
        try {
          const back = pages.map((page) =>
            page.whenReady.then(() => waited.add(performance.now() - started)),
          );
          await inTime(Promise.all(back), 'everybody to come back', 30_000);
          const all = performance.now() - started;
          const cpu = millis((await server.usage()).cpu) - millis(before.cpu);
          const spent = stage.world.postgresCpu() - postgres;
          const [p50, p95] = [waited.within(0.5), waited.within(0.95)];
          return { p50, p95, all, cpu: cpu / pages.length, postgres: spent / pages.length };
        } finally {
          for (const page of pages) page.close();
        }
      }),
  };
}
