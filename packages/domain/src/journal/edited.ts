import type { Sql } from '@engawa/db';
import { record } from '../ledger/index.ts';
import { touchItem, untold } from './journal.sql.ts';

/** Keystrokes are not ledger events: one of these stands for a person's edits of an item within a minute. */
export const EDITED = 'items.edited';

/** Edits are told this many milliseconds after the first, off the path of the edit itself. */
const DELAY = 300;

interface Notes {
  minute: number;
  told: Set<string>;
  waiting: Map<string, { itemId: string; personId: string }>;
  telling: Promise<void> | null;
}

const notesOf = new WeakMap<Sql, Notes>();

/** Takes note of an edit that has been committed. At most one ledger row an item, person and minute comes of it. */
export function noteEdit(sql: Sql, itemId: string, personId: string): void {
  const minute = Math.floor(Date.now() / 60_000);
  const notes = notesOf.get(sql) ?? { minute, told: new Set(), waiting: new Map(), telling: null };
  notesOf.set(sql, notes);
  if (notes.minute !== minute) {
    notes.minute = minute;
    notes.told.clear();
  }
  const key = `${itemId}:${personId}`;
  if (notes.told.has(key)) return;
  notes.told.add(key);
  notes.waiting.set(key, { itemId, personId });
  notes.telling ??= tell(sql, notes);
}

/** Resolves when every edit noted so far has been told. */
export async function editsTold(sql: Sql): Promise<void> {
  await notesOf.get(sql)?.telling;
}

async function tell(sql: Sql, notes: Notes): Promise<void> {
  await new Promise((done) => setTimeout(done, DELAY));
  const pairs = [...notes.waiting.values()].sort((a, b) => (a.itemId < b.itemId ? -1 : 1));
  notes.waiting.clear();
  notes.telling = null;
  try {
    await sql.begin(async (tx) => {
      for (const { itemId, personId, spaceId } of await untold(tx, EDITED, pairs)) {
        const caller = { kind: 'job', personId, job: 'journal' } as const;
        await record(tx, { caller }, { verb: EDITED, objectKind: 'item', objectId: itemId, spaceId });
        await touchItem(tx, itemId, personId);
      }
    });
  } catch {
    // The edits themselves are safe; the next edit in the same minute tries again.
    for (const { itemId, personId } of pairs) notes.told.delete(`${itemId}:${personId}`);
  }
}
