import { appliedMigrations, ownMigrations, type Sql } from '@engawa/db';
import { type Finding, median, well, why, wrong } from './finding.ts';

const NEEDED = 180_000;
const SLOW_ANSWER = 50;
const SLOW_COMMIT = 100;
/** Milliseconds between the two clocks that nobody would notice. */
const CLOCKS = 2_000;
const TIMES = 5;

/** Version, encoding, order, speed, durability, schema and clock of a database that answers. */
export async function lookAtDatabase(sql: Sql, now: () => number = Date.now): Promise<Finding[]> {
  try {
    return [
      ...(await server(sql)),
      ...(await rights(sql)),
      await durability(sql),
      await schema(sql),
      await clock(sql, now),
    ];
  } catch (error) {
    // A role that may not even look: what it may not is in the words of the server.
    return [wrong('doctor_database_fails', { why: why(error) })];
  }
}

/** A role that only reads answers everything well until somebody writes. */
async function rights(sql: Sql): Promise<Finding[]> {
  const [row] = await sql<{ role: string; database: string; makes: boolean; owns: boolean }[]>`
    select current_user as role, current_database() as database,
      has_schema_privilege('public', 'create') and (has_database_privilege(current_database(), 'create')
        or to_regnamespace('pgboss') is not null) as makes,
      not exists (select from pg_class c where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p')
        and not pg_has_role(c.relowner, 'usage')) as owns`;
  const { role, database, makes, owns } = row!;
  if (!makes) return [wrong('doctor_database_schema', { role, database })];
  return owns ? [] : [wrong('doctor_database_rights', { role })];
}

async function server(sql: Sql): Promise<Finding[]> {
  const [row] = await sql<{ version: string; number: number; encoding: string; icu: boolean }[]>`
    select current_setting('server_version') as version, current_setting('server_version_num')::int as number,
      current_setting('server_encoding') as encoding,
      exists (select from pg_collation where collname = 'ja-x-icu') as icu`;
  const { number, encoding, icu } = row!;
  const version = row!.version.split(' ')[0]!;
  const faults: Finding[] = [];
  if (number < NEEDED) faults.push(wrong('doctor_database_old', { version }));
  if (encoding !== 'UTF8') faults.push(wrong('doctor_database_encoding', { encoding }));
  if (!icu) faults.push(wrong('doctor_database_icu'));
  const ms = await median(TIMES, () => sql`select 1`);
  if (ms > SLOW_ANSWER) faults.push(wrong('doctor_database_slow', { ms }));
  return faults.length > 0 ? faults : [well('doctor_database_ok', { version, ms })];
}

/** A message in the log of writes is the smallest thing that is committed, and leaves nothing behind. */
async function durability(sql: Sql): Promise<Finding> {
  for (const setting of ['fsync', 'synchronous_commit', 'full_page_writes']) {
    const [row] = await sql<{ value: string }[]>`select current_setting(${setting}) as value`;
    if (row!.value === 'off') return wrong('doctor_fsync_off', { setting });
  }
  const ms = await median(TIMES, () => sql`select pg_logical_emit_message(true, 'engawa', 'doctor')`);
  return ms > SLOW_COMMIT ? wrong('doctor_fsync_slow', { ms }) : well('doctor_fsync_ok', { ms });
}

async function schema(sql: Sql): Promise<Finding> {
  const [own, applied] = [await ownMigrations(), await appliedMigrations(sql)];
  const has = (
    list: { name: string; sha256: string }[],
    { name, sha256 }: { name: string; sha256: string },
  ) => list.some((one) => one.name === name && one.sha256 === sha256);
  const names = (list: { name: string }[]) =>
    (list.length > 3 ? [list[0]!, { name: '…' }, list.at(-1)!] : list).map(({ name }) => name).join(', ');
  const unknown = applied.filter((one) => !has(own, one));
  if (unknown.length > 0) return wrong('doctor_migrations_unknown', { names: names(unknown) });
  const missing = own.filter((one) => !has(applied, one));
  if (missing.length > 0) return wrong('doctor_migrations_missing', { names: names(missing) });
  return well('doctor_migrations_ok', { count: own.length });
}

async function clock(sql: Sql, now: () => number): Promise<Finding> {
  let apart = Infinity;
  for (let turn = 0; turn < TIMES; turn += 1) {
    const before = now();
    const [row] = await sql<{ at: Date }[]>`select clock_timestamp() as at`;
    // The answer was made somewhere between question and arrival; the quickest one says it best.
    apart = Math.min(apart, Math.abs(row!.at.getTime() - (before + now()) / 2));
  }
  return apart > CLOCKS
    ? wrong('doctor_clock_off', { seconds: Math.round(apart / 1_000) })
    : well('doctor_clock_ok', { ms: Math.round(apart) });
}
