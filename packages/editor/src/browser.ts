// What a page needs to show an editor. Markdown and the rest stay in `index.ts`, out of the page's first script.
export { Editor } from '@tiptap/core';
export { isComposing, releaseComposition } from './composition/guard.ts';
export type { CompositionState } from './composition/guard.ts';
export { closeImageSpot, fillImageSpot, openImageSpot } from './image-intake.ts';
export type { ImageSpot } from './image-intake.ts';
export { selectedImage, setImage } from './image-view.ts';
export type { ImageWords } from './image-view.ts';
export { IMAGE_WIDTHS, imageAddress, imageAlt, MAX_ALT } from './image.ts';
export { safeHref } from './link.ts';
export { liveExtensions } from './live.ts';
export { CONTENT } from './schema.ts';
export { closeSlash } from './slash.ts';
export type { SlashQuery } from './slash.ts';
export { unsentText } from './unsent.ts';
