export { openFolderStorage } from './folder.ts';
export {
  checkKey,
  KeyTaken,
  newBlobKey,
  NoSuchBlob,
  type Range,
  type Stat,
  type Storage,
  type Stored,
} from './storage.ts';
