import type { Db } from '@engawa/db';

/** Asks the database about some things; answers for those that are there, and perhaps for others. */
export type Gathered<Answer> = (sql: Db, keys: Iterable<string>) => Promise<ReadonlyMap<string, Answer>>;

/**
 * Whatever is asked of one pool (or transaction) within a turn of the event loop is asked at once: when everybody comes
 * back after a deploy, the same few questions come by the hundred. The database is asked after the last of them came, so
 * that nobody is answered with what was true before they asked.
 */
export function gathering<Answer>(
  ask: (sql: Db, keys: string[]) => Promise<Map<string, Answer>>,
): Gathered<Answer> {
  const open = new WeakMap<Db, { keys: Set<string>; answers: Promise<Map<string, Answer>> }>();

  function begin(sql: Db) {
    const keys = new Set<string>();
    const answers = new Promise<void>((done) => setImmediate(done)).then(() => {
      open.delete(sql);
      return ask(sql, [...keys]);
    });
    const batch = { keys, answers };
    open.set(sql, batch);
    return batch;
  }

  return (sql, keys) => {
    const batch = open.get(sql) ?? begin(sql);
    for (const key of keys) batch.keys.add(key);
    return batch.answers;
  };
}
