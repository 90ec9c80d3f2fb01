// `bench journal`: an item whose journal has grown for years, beside the same content written at once.
import { writeFileSync } from 'node:fs';
import { monitorEventLoopDelay, performance } from 'node:perf_hooks';
import { parseArgs } from 'node:util';
import { append, callerOf, createCtx, load, Merger, mergeTail, personOf } from '@engawa/domain';
import { longJournal } from './journal/long-journal.ts';
import { opened, type Opened } from './journal/opened.ts';
import { buildBenchWorld } from './sync/world.ts';
import { markdownTable } from './table.ts';

const { values: options } = parseArgs({
  args: process.argv.slice(3),
  options: {
    quick: { type: 'boolean', default: false },
    updates: { type: 'string' },
    markdown: { type: 'string' },
  },
});
const updates = Number(options.updates ?? (options.quick ? 20_000 : 1_000_000));

const world = await buildBenchWorld();
const merger = new Merger();
try {
  const { sql } = world.services;
  const author = personOf(createCtx(await callerOf(world.services, world.token), world.services));
  const [long = '', short = ''] = await world.items(2, 'doc');
  process.stderr.write(`writing ${updates} rows …\n`);
  const { bytes, whole } = await longJournal(sql, { itemId: long, author, updates });
  await append(world.services, { itemId: short, generation: 1, author, updates: [whole] });

  const unmerged = await opened(sql, long, 1);
  const waited = monitorEventLoopDelay({ resolution: 5 });
  waited.enable();
  const begun = performance.now();
  await mergeTail(sql, merger, { itemId: long, generation: 1 });
  const merging = performance.now() - begun;
  waited.disable();
  await mergeTail(sql, merger, { itemId: short, generation: 1 });

  const once = await opened(sql, short, 7);
  const merged = await opened(sql, long, 7);
  if (merged.text !== once.text) throw new Error('The two do not hold the same.');
  const { snapshotSeq } = await load(sql, long, 1);
  const row = (what: string, { ms, rows, kB }: Opened) => [
    what,
    String(rows),
    kB.toFixed(0),
    ms.toFixed(1),
    `${(ms / once.ms).toFixed(2)} ×`,
  ];
  const text = [
    `${updates} updates, one row each, ${(bytes / 2 ** 20).toFixed(0)} MB; the text that is left has ${merged.text.length} letters. ` +
      `Merged in a thread up to row ${snapshotSeq} in ${(merging / 1000).toFixed(1)} s; meanwhile this process waited ` +
      `${(waited.max / 1e6).toFixed(0)} ms at the longest (p99 ${(waited.percentile(99) / 1e6).toFixed(0)} ms).`,
    markdownTable(
      ['', 'rows read', 'kB read', 'load, ms', '÷ written at once'],
      [
        row('before it was merged', unmerged),
        row('merged', merged),
        row('the same text, written at once', once),
      ],
    ),
  ].join('\n\n');
  console.log(`\n${text}`);
  if (options.markdown) writeFileSync(options.markdown, `${text}\n`);
} finally {
  await merger.stop();
  await world.stop();
}
