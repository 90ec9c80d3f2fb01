import { start } from './contestants.ts';
import { Crowd } from './crowd.ts';
import type { Place } from './page.ts';
import type { Scenario } from './scenario.ts';

/**
 * What an open document, an idle connection and one that has typed take. As many connections as are counted are opened
 * before them, and stay: the room for young objects grows once, however many come then.
 */
export function memory(name: string, documents: number, more: number): Scenario {
  return {
    name,
    about: `${documents} documents with one page, ${more} further pages each, as many again that are counted, then two seconds of typing`,
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
          // What was held weakly goes with the next, and the pages that are free a while after.
          for (let times = 0; times < 3; times += 1) await server.usage(true);
          await new Promise((done) => setTimeout(done, 1_000));
          const { rss, heapUsed, external } = (await server.usage(true)).memory;
          return { rss: rss / 1024, heap: (heapUsed + external) / 1024 };
        };
        const count = stage.quick ? Math.ceil(documents / 2) : documents;
        const places = await contestant.places(server.port, count);
        const none = await taken();
        await crowdOf(places, 1, 0);
        const one = await taken();
        await crowdOf(places, more, 0);
        const settled = await taken();
        const rest = await crowdOf(places, more, 1);
        const idle = await taken();
        await rest.type(4, 2);
        const active = await taken();
        return {
          document: (one.rss - none.rss) / count,
          idle: (idle.rss - settled.rss) / (count * more),
          heap: (idle.heap - settled.heap) / (count * more),
          active: (active.rss - settled.rss) / (count * more),
        };
      } finally {
        for (const crowd of open) crowd.close();
        await server.stop();
      }
    },
  };
}
