import postgres from 'postgres';

/** The pool: tagged templates are prepared statements, values are always parameters. */
export type Sql = postgres.Sql;
/** One transaction of the pool. */
export type Tx = postgres.TransactionSql;
/** Whatever runs a query: the pool, or a transaction of it. */
export type Db = Sql | Tx;

export interface DatabaseOptions {
  /** Connections at the most. */
  max?: number;
  /** Shown in pg_stat_activity. */
  name?: string;
}

/** Opens a pool. Connections are made on the first query, so a wrong address shows in `pingDatabase`. */
export function openDatabase(url: string, { max = 12, name = 'engawa' }: DatabaseOptions = {}): Sql {
  return postgres(url, {
    max,
    idle_timeout: 60,
    connect_timeout: 10,
    // Seconds: a line that died without a word is noticed after twice as long when nothing is under way on it.
    keep_alive: 10,
    // The default waits up to 20 seconds: after an outage, people would wait for nothing.
    backoff: (tries: number) => Math.min(0.05 * 2 ** tries, 1) * (0.5 + Math.random() / 2),
    connection: { application_name: name, TimeZone: 'UTC' },
    types: {
      // Positions, epochs and sizes stay below 2^53, so a bigint is a number here.
      bigint: { to: 20, from: [20], serialize: String, parse: Number },
    },
    onnotice: () => {},
  });
}

/**
 * Opens every connection that the pool may have. Each hashes the password and asks for the types: who comes first
 * would wait for that.
 */
export async function warmDatabase(sql: Sql): Promise<void> {
  await Promise.all(Array.from({ length: sql.options.max }, () => sql`select 1`));
}

/** Resolves when the database answers within `ms`; else throws what it said last. */
export async function pingDatabase(sql: Sql, ms = 10_000): Promise<void> {
  const end = Date.now() + ms;
  for (;;) {
    try {
      await sql`select 1`;
      return;
    } catch (error) {
      if (Date.now() >= end) throw error;
      await new Promise((done) => setTimeout(done, 250));
    }
  }
}
