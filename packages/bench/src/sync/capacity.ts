import type { CrowdShape } from './crowd.ts';
import type { Scenario } from './scenario.ts';
import { describe, millis, smaller, withCrowd } from './with-crowd.ts';

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
      { key: 'each', label: `${count} / CPU second at best`, digits: 0, ratio: true },
      { key: 'generator', label: 'generator was the limit', digits: 0 },
    ],
    takes: () => true,
    run: (contestant, stage) =>
      withCrowd(contestant, smaller(shape, stage), async (crowd, server) => {
        const climb = { most: 0, each: 0, generator: 0 };
        await crowd.type(from, stage.quick ? 0.5 : 2);
        for (let rate = from, tries = 0; stage.timeLeft() && tries < 3;) {
          const before = millis((await server.usage()).cpu);
          const seen = await crowd.type(rate, stage.quick ? 0.5 : 2);
          const spent = (millis((await server.usage()).cpu) - before) / 1000;
          if (crowd.lost.length > 0) break;
          const done = count === 'edits' ? seen.sent : seen.deliveries;
          const arrived = seen.deliveries >= seen.expected * 0.999 && seen.wrong === 0;
          // Says what a core could do even when the machine is busy with other things.
          if (arrived) climb.each = Math.max(climb.each, done / spent);
          // What was too much for the generator says nothing about the server.
          climb.generator = seen.busy > 0.9 ? 1 : 0;
          if (climb.generator) break;
          if (arrived && seen.latencies.within(0.95) <= 50) {
            climb.most = done / seen.seconds;
            rate *= stage.quick ? 2.2 : 1.35;
            tries = 0;
          } else tries += 1;
        }
        return climb;
      }),
  };
}
