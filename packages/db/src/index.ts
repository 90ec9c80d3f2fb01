export {
  openDatabase,
  pingDatabase,
  warmDatabase,
  type DatabaseOptions,
  type Db,
  type Sql,
  type Tx,
} from './client.ts';
export {
  appliedMigrations,
  dumpTables,
  filledTables,
  loadTables,
  type AppliedMigration,
  type DumpedTable,
} from './dump.ts';
export { startPostgres, type EmbeddedPostgres } from './embedded.ts';
export { migrate, ownMigrations } from './migrate.ts';
