/** What a file is to a person, by its name and, where it is known, its type. */
export type FileKind =
  'image' | 'pdf' | 'text' | 'sheet' | 'slides' | 'document' | 'video' | 'audio' | 'archive' | 'other';

const BY_ENDING: Record<Exclude<FileKind, 'other'>, string> = {
  image: 'png jpg jpeg gif webp avif svg bmp tif tiff heic heif ico',
  pdf: 'pdf',
  text: 'txt md markdown log json xml yaml yml html htm',
  sheet: 'xlsx xls xlsm ods csv tsv',
  slides: 'pptx ppt odp key',
  document: 'docx doc odt rtf jtd',
  video: 'mp4 mov webm avi mkv m4v wmv',
  audio: 'mp3 wav m4a ogg opus flac aac',
  archive: 'zip 7z rar tar gz tgz bz2 xz lzh',
};
const KINDS = new Map(
  Object.entries(BY_ENDING).flatMap(([kind, endings]) =>
    endings.split(' ').map((ending) => [ending, kind as FileKind] as const),
  ),
);

const BY_TYPE: [RegExp, FileKind][] = [
  [/^image\//, 'image'],
  [/^video\//, 'video'],
  [/^audio\//, 'audio'],
  [/^application\/pdf/, 'pdf'],
  [/csv|spreadsheet|ms-excel/, 'sheet'],
  [/presentation|powerpoint/, 'slides'],
  [/wordprocessing|msword|opendocument\.text|rtf/, 'document'],
  [/zip|x-tar|gzip|x-7z|x-rar|compressed/, 'archive'],
  [/^text\/|json|xml/, 'text'],
];

/** The ending is what its owner believes; a type that was found in its bytes knows better. */
export function fileKind(name: string, type?: string): FileKind {
  const ending = /\.([^.]+)$/.exec(name.toLowerCase())?.[1] ?? '';
  const believed = KINDS.get(ending) ?? 'other';
  // Office files are archives by their bytes alone.
  const found = type ? BY_TYPE.find(([shape]) => shape.test(type))?.[1] : undefined;
  if (!found || ((found === 'archive' || found === 'text') && believed !== 'other')) return believed;
  return found;
}
