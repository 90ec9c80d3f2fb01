import type { Sql, Tx } from '@engawa/db';
import { lockFollower, moveFollower, numbered, type LedgerRow } from './ledger.sql.ts';

/**
 * Hands the next numbered rows to a follower, in order, and moves its cursor in the same transaction:
 * what `handle` writes through `tx` happens exactly once for each row. Returns how many rows it took.
 */
export async function followLedger(
  sql: Sql,
  name: string,
  handle: (rows: LedgerRow[], tx: Tx) => Promise<void>,
  limit = 200,
): Promise<number> {
  return sql.begin(async (tx) => {
    const rows = await numbered(tx, await lockFollower(tx, name), limit);
    const last = rows.at(-1)?.pos;
    if (last === undefined || last === null) return 0;
    await handle(rows, tx);
    await moveFollower(tx, name, last);
    return rows.length;
  });
}
