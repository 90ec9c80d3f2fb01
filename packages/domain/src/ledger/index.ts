export { followLedger } from './follow.ts';
export type { LedgerRow } from './ledger.sql.ts';
export { record, type LedgerEvent } from './record.ts';
export { brokenLink, sequence } from './sequence.ts';
