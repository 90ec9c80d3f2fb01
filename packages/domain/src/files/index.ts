export { handInPlace, handInPlaces } from './hand-in.ts';
export { appendChunk } from './append.ts';
export { filesBelow, type Below, type Entry } from './below.ts';
export { attachmentNamed, rangeOf, type Handover } from './disposition.ts';
export { finishUpload } from './finish.ts';
export { collectGarbage, type Collected } from './garbage.ts';
export { holdStore, leaveStore } from './garbage.sql.ts';
export { fileFacts, filesIn, openFile, type OpenFile } from './open.ts';
export { openPreview } from './previews.ts';
export {
  type ImageToDraw,
  imageToDraw,
  keepThumbnail,
  type NoPicture,
  openThumbnail,
  type Pictures,
  refuseThumbnail,
} from './thumbnails.ts';
export { cancelUpload, startUpload, uploadStatus } from './uploads.ts';
export { fileVersions, labelVersion, restoreVersion } from './versions.ts';
