export { holdingStore, reviveDatabase, storedObjects } from './backups.ts';
export type { Revived, StoredObject } from './backups.sql.ts';
