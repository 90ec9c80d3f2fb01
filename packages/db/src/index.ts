export { openDatabase, pingDatabase, type DatabaseOptions, type Db, type Sql, type Tx } from './client.ts';
export { startPostgres, type EmbeddedPostgres } from './embedded.ts';
export { migrate } from './migrate.ts';
