import { setTimeout as sleep } from 'node:timers/promises';
import { openDatabase } from '@engawa/db';
import { readDocument } from '@engawa/domain';
import { buildWorld } from '@engawa/domain/testing';
import { describe, expect, test } from 'vitest';
import { faultsIn, NONE, openCrowd, rowOf } from '../testing/crowd.ts';
import { reportFault } from '../testing/faults.ts';
import { serveSync } from '../testing/serve.ts';
import { signInAs } from '../testing/sessions.ts';
import { sayWithoutValkey, startValkey, VALKEY } from '../testing/valkey.ts';

sayWithoutValkey('Valkey cut while people type on two nodes');

describe.skipIf(!VALKEY)('two nodes that meet by Valkey', () => {
  test(
    'Valkey is killed and comes back while people on both nodes type at one item',
    { timeout: 180_000 },
    async () => {
      const world = await buildWorld();
      const { services, sql } = world;
      const valkey = await startValkey();
      const other = openDatabase(world.databaseUrl, { max: 6 });
      const nodes = [
        await serveSync(services, { valkeyUrl: valkey.url }),
        await serveSync({ ...services, sql: other }, { valkeyUrl: valkey.url }),
      ];
      const token = await signInAs(sql, world.officer.id);
      const items = await Promise.all((['doc', 'board'] as const).map((kind) => world.item({ kind })));
      const crowd = await openCrowd({
        seats: items.flatMap((itemId, index) =>
          nodes.map(({ url }) => ({ url, itemId, kind: (['doc', 'board'] as const)[index]!, token })),
        ),
        stored: (itemId) => readDocument(sql, itemId, 1),
      });
      const recoveries: number[] = [];
      for (let time = 0; time < 3; time += 1) {
        await valkey.kill();
        recoveries.push(await crowd.recovered(performance.now()));
        await sleep(300);
        await valkey.start();
        recoveries.push(await crowd.recovered(performance.now()));
        await crowd.look();
      }
      const closes = crowd.pages.flatMap((page) => page.closes);
      const verdict = await crowd.finish(nodes.map(({ url }) => url));
      for (const node of nodes) await node.stop();
      await other.end();
      await valkey.kill();
      reportFault(rowOf('Valkey killed, and back', verdict, recoveries));
      expect(faultsIn(verdict)).toEqual(NONE);
      expect(closes).toEqual([]);
    },
  );
});
