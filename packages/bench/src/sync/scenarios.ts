import { capacity } from './capacity.ts';
import { coldLoad } from './cold-load.ts';
import { fanOut } from './fan-out.ts';
import { memory } from './memory.ts';
import type { Scenario } from './scenario.ts';
import { storm } from './storm.ts';
import { longReport, randomLetters, writtenPaper } from './traces.ts';

/** Everything that is measured, in the order of the report. */
export const SCENARIOS: Scenario[] = [
  fanOut('1×50', { documents: 1, pages: 50, writers: 50 }, 5),
  fanOut('50×4', { documents: 50, pages: 4, writers: 4 }, 5),
  fanOut('200×2', { documents: 200, pages: 2, writers: 2 }, 5),
  fanOut('200 viewers', { documents: 1, pages: 205, writers: 5 }, 10),
  fanOut('board 1×300', { documents: 1, pages: 300, writers: 30, edited: 'board' }, 5),
  capacity('capacity 1×50', { documents: 1, pages: 50, writers: 50 }, 10, 'deliveries'),
  capacity('capacity 50×4', { documents: 50, pages: 4, writers: 4 }, 10, 'edits'),
  storm('storm', { documents: 50, pages: 10, writers: 1 }),
  coldLoad('cold B4-like', 'a paper of 260 000 typed and deleted letters', (quick) =>
    writtenPaper(quick ? 0.1 : 1),
  ),
  coldLoad('cold 1 MB', '100 000 letters at random places', (quick) =>
    randomLetters(quick ? 10_000 : 100_000),
  ),
  coldLoad('cold 10 MB', 'a report of 10 MB of kana', (quick) => longReport(quick ? 1e6 : 1e7)),
  memory('memory', 200, 4),
];
