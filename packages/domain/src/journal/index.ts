export { append, drainJournal, waitingBytes, type Append } from './append.ts';
export { EDITED } from './edited.ts';
export { journalBytes, type Head } from './journal.sql.ts';
export { readHint } from './hints.ts';
export { leaseClients } from './leases.ts';
export {
  applyLoaded,
  heads,
  isDamaged,
  load,
  loadKept,
  readDocument,
  readKept,
  rowsAfter,
  writeSnapshot,
  type JournalRow,
  type Loaded,
} from './load.ts';
export type { Edit } from './pack.ts';
export { mergeTail } from './merge.ts';
export { Merger } from './merger.ts';
export { repairItem } from './repair.ts';
export { mergeOldEdits, REPLAY_DAYS } from './retention.ts';
export { FLUSHES_APART, JournalWriter, type Appended, type WriterLimits } from './writer.ts';
export { loadWire, type Wire } from './wire.ts';
