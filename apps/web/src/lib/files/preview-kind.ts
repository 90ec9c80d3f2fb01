import type { FileVersion } from '@engawa/schema';

/** How a file is shown. `none`: its facts and a way to take it home. */
export type PreviewKind = 'image' | 'svg' | 'pdf' | 'text' | 'table' | 'video' | 'audio' | 'none';

/** The type without its charset: `text/csv;charset=shift_jis` → `text/csv`. */
export function bareType(type: string): string {
  return (type.split(';')[0] ?? '').trim().toLowerCase();
}

export function charsetOf(type: string): string | null {
  return /;\s*charset=([\w-]+)/i.exec(type)?.[1]?.toLowerCase() ?? null;
}

const IMAGES = /^image\/(png|jpeg|gif|webp|avif|apng|bmp|x-icon)$/;
const VIDEOS = /^video\/(mp4|webm|ogg|quicktime)$/;
const AUDIOS = /^audio\//;
/** Shown as the letters they are made of: nothing of them runs. */
const TEXTS = /^(text\/.*|application\/(json|xml|xhtml\+xml|javascript)|message\/.*)$/;

export function previewKind({ type, size }: Pick<FileVersion, 'type' | 'size'>): PreviewKind {
  const bare = bareType(type);
  if (size === 0) return 'none';
  if (IMAGES.test(bare)) return 'image';
  if (bare === 'image/svg+xml') return 'svg';
  if (bare === 'application/pdf') return 'pdf';
  if (bare === 'text/csv' || bare === 'text/tab-separated-values') return 'table';
  if (VIDEOS.test(bare)) return 'video';
  if (AUDIOS.test(bare)) return 'audio';
  return TEXTS.test(bare) ? 'text' : 'none';
}

/** Whether whoever may see a file and not have it is shown something of it: a picture there is, or the text's beginning. */
export function isLooked(kind: PreviewKind, { thumbnail }: Pick<FileVersion, 'thumbnail'>): boolean {
  return kind === 'image' ? thumbnail : kind === 'text' || kind === 'table';
}

/** Whether a file can stand in a document as a picture. */
export function isPicture(type: string): boolean {
  return IMAGES.test(bareType(type));
}
