export { Reports } from './metrics.ts';
export { startSync, type Sync, type SyncOptions } from './start.ts';
