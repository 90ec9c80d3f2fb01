import type { LocalTransactionOrigin } from '@hocuspocus/server';

/** Marks what came out of the journal, as everything does. */
export const JOURNAL_ORIGIN: LocalTransactionOrigin = { source: 'local', skipStoreHooks: true };
