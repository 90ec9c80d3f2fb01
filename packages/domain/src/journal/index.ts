export { append, drainJournal, type Append } from './append.ts';
export { EDITED } from './edited.ts';
export { readHint, type JournalHint } from './hints.ts';
export { leaseClients } from './leases.ts';
export {
  applyLoaded,
  heads,
  load,
  readDocument,
  rowsAfter,
  writeSnapshot,
  type JournalRow,
  type Loaded,
} from './load.ts';
export type { Edit } from './pack.ts';
export { JOURNAL_NODE, JournalWriter, type WriterLimits } from './writer.ts';
