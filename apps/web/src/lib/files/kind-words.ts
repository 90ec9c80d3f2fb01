import { m } from '#lib/paraglide/messages.js';
import { bareType } from './preview-kind.ts';

const OFFICE: [RegExp, () => string][] = [
  [/spreadsheet|ms-excel|text\/csv|tab-separated/, m.file_kind_sheet],
  [/presentation|powerpoint/, m.file_kind_slides],
  [/wordprocessing|msword|opendocument\.text|rtf/, m.file_kind_document],
  [/application\/pdf/, m.file_kind_pdf],
  [/^image\//, m.file_kind_image],
  [/^video\//, m.file_kind_video],
  [/^audio\//, m.file_kind_audio],
  [/zip|x-tar|gzip|x-7z|rar|x-bzip|compressed|lzh/, m.file_kind_archive],
  [/^text\/|json|xml|javascript/, m.file_kind_text],
];

/** What a file is, as people say it: 画像（PNG）. The type is what was found in its bytes; the ending only names it. */
export function kindWords(name: string, type: string): string {
  const bare = bareType(type);
  const kind = OFFICE.find(([shape]) => shape.test(bare))?.[1]() ?? m.file_kind_other();
  const ending = /\.([\w-]{1,8})$/.exec(name)?.[1]?.toUpperCase();
  return ending && ending !== kind ? m.file_kind_with({ kind, ending }) : kind;
}
