import type { CrowdShape } from './crowd.ts';
import type { Scenario } from './scenario.ts';
import { describe, smaller, withCrowd } from './with-crowd.ts';

/** How much it takes until p95 is over 50 ms, or something is lost. */
export function capacity(
  name: string,
  shape: CrowdShape,
  from: number,
  count: 'deliveries' | 'edits',
): Scenario {
  return {
    name,
    about: `${describe(shape)}, ever faster, while p95 ≤ 50 ms and 99.9 % arrive`,
    metrics: [
      { key: 'most', label: `${count} / s`, digits: 0, ratio: true },
      { key: 'generator', label: 'generator was the limit', digits: 0 },
    ],
    takes: () => true,
    run: (contestant, stage) =>
      withCrowd(contestant, smaller(shape, stage), async (crowd) => {
        let most = 0;
        let bound = false;
        let tries = 0;
        await crowd.type(from, 1);
        for (let rate = from; stage.timeLeft() && tries < 3;) {
          const seen = await crowd.type(rate, stage.quick ? 0.5 : 2);
          // What was too much for the generator says nothing about the server.
          bound = seen.busy > 0.9;
          const arrived = seen.deliveries >= seen.expected * 0.999 && seen.wrong === 0;
          if (crowd.lost.length > 0) break;
          if (arrived && seen.latencies.within(0.95) <= 50) {
            most = (count === 'edits' ? seen.sent : seen.deliveries) / seen.seconds;
            rate *= stage.quick ? 2.2 : 1.35;
            tries = 0;
          } else tries += 1;
          if (bound) break;
        }
        return { most, generator: bound ? 1 : 0 };
      }),
  };
}
