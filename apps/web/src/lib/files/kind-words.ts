import { m } from '#lib/paraglide/messages.js';
import { fileKind } from './file-kinds.ts';

const WORDS = {
  image: m.file_kind_image,
  pdf: m.file_kind_pdf,
  text: m.file_kind_text,
  sheet: m.file_kind_sheet,
  slides: m.file_kind_slides,
  document: m.file_kind_document,
  video: m.file_kind_video,
  audio: m.file_kind_audio,
  archive: m.file_kind_archive,
  other: m.file_kind_other,
};

/** What a file is, as people say it: 画像（PNG）. The type is what was found in its bytes; the ending only names it. */
export function kindWords(name: string, type: string): string {
  const kind = WORDS[fileKind(name, type)]();
  const ending = /\.([\w-]{1,8})$/.exec(name)?.[1]?.toUpperCase();
  return ending && ending !== kind ? m.file_kind_with({ kind, ending }) : kind;
}
