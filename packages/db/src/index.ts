export { openDatabase, pingDatabase, type DatabaseOptions, type Db, type Sql, type Tx } from './client.ts';
export { migrate } from './migrate.ts';
