export { startSync, type Sync, type SyncOptions } from './start.ts';
