export { KeyTaken, NoSuchBlob, NoSuchUpload, StorageFull, StorageUnavailable } from './faults.ts';
export { openFolderStorage } from './folder.ts';
export { openStorage } from './open.ts';
export { openS3Storage } from './s3.ts';
export {
  checkKey,
  newBlobKey,
  type Part,
  type Range,
  type Staged,
  type Stat,
  type Storage,
  type Stored,
} from './storage.ts';
