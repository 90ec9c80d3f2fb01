import { EngawaError, Gone, Unavailable } from '@engawa/schema';
import { NoSuchBlob, NoSuchUpload, StorageFull, StorageUnavailable } from '@engawa/storage';

/** What the store says, as an error that an app can translate. Anything else passes unchanged. */
export function storeError(error: unknown): unknown {
  if (error instanceof EngawaError) return error;
  if (error instanceof StorageFull)
    return caused(new Unavailable('files.store_full', 'The store is full'), error);
  if (error instanceof StorageUnavailable || error instanceof NoSuchBlob)
    return caused(new Unavailable('files.store_unavailable', 'The store does not answer'), error);
  if (error instanceof NoSuchUpload)
    return caused(new Gone('files.upload_lost', 'Start the upload again'), error);
  return error;
}

/** Runs `work`; what the store throws becomes an error of the house. */
export async function atStore<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw storeError(error);
  }
}

function caused<E extends Error>(error: E, cause: unknown): E {
  error.cause = cause;
  return error;
}
