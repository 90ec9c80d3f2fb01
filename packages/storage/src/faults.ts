export class NoSuchBlob extends Error {
  constructor(key: string) {
    super(`There is no blob under ${key}.`);
  }
}

export class KeyTaken extends Error {
  constructor(key: string) {
    super(`Something is stored under ${key} already, and blobs never change.`);
  }
}

/** The store no longer knows this unfinished upload: it was completed, aborted or cleared away. */
export class NoSuchUpload extends Error {
  constructor(key: string) {
    super(`The store knows no unfinished upload for ${key}.`);
  }
}

/** The store does not answer, or not as it should. What was asked may be asked again. */
export class StorageUnavailable extends Error {
  constructor(why: string, cause?: unknown) {
    super(`The file store is not available: ${why}`, { cause });
  }
}

/** The store has no room left. */
export class StorageFull extends Error {
  constructor(cause?: unknown) {
    super('The file store is full.', { cause });
  }
}

/** Everything that an adapter throws on purpose; the rest is translated before it leaves. */
export function isStorageFault(error: unknown): boolean {
  return [NoSuchBlob, KeyTaken, NoSuchUpload, StorageUnavailable, StorageFull].some(
    (kind) => error instanceof kind,
  );
}
