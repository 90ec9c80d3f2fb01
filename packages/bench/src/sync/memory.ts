import { start } from './contestants.ts';
import { Crowd } from './crowd.ts';
import type { Place } from './page.ts';
import type { Scenario } from './scenario.ts';

/** What an open document, an idle connection and one that has typed take. */
export function memory(name: string, documents: number, more: number): Scenario {
  return {
    name,
    about: `${documents} documents with one page, ${more} further pages each, then two seconds of typing`,
    metrics: [
      { key: 'document', label: 'document + connection, kB RSS', digits: 0 },
      { key: 'idle', label: 'idle connection, kB RSS', digits: 1, ratio: true },
      { key: 'heap', label: 'of it heap, kB', digits: 1 },
      { key: 'active', label: 'connection after typing, kB RSS', digits: 1, ratio: true },
    ],
    takes: () => true,
    async run(contestant, stage) {
      const server = await start(contestant);
      const open: Crowd[] = [];
      try {
        const crowdOf = async (places: Place[], pages: number, writers: number) => {
          const crowd = new Crowd(places, { documents: places.length, pages, writers });
          open.push(crowd);
          await crowd.open();
          return crowd;
        };
        const warm = await crowdOf(await contestant.places(server.port, 20), 4, 4);
        await warm.type(5, 1);
        warm.close();
        const taken = async () => {
          await new Promise((done) => setTimeout(done, 500));
          const { rss, heapUsed, external } = (await server.usage(true)).memory;
          return { rss: rss / 1024, heap: (heapUsed + external) / 1024 };
        };
        const count = stage.quick ? Math.ceil(documents / 2) : documents;
        const places = await contestant.places(server.port, count);
        const none = await taken();
        await crowdOf(places, 1, 0);
        const one = await taken();
        const rest = await crowdOf(places, more, 1);
        const idle = await taken();
        await rest.type(4, 2);
        const active = await taken();
        return {
          document: (one.rss - none.rss) / count,
          idle: (idle.rss - one.rss) / (count * more),
          heap: (idle.heap - one.heap) / (count * more),
          active: (active.rss - one.rss) / (count * more),
        };
      } finally {
        for (const crowd of open) crowd.close();
        await server.stop();
      }
    },
  };
}
