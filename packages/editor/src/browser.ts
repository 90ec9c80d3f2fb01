// What a page needs to show an editor. Markdown and the rest stay in `index.ts`, out of the page's first script.
export { Editor } from '@tiptap/core';
export { isComposing, releaseComposition } from './composition/guard.ts';
export type { CompositionState } from './composition/guard.ts';
export { safeHref } from './link.ts';
export { liveExtensions } from './live.ts';
export { CONTENT } from './schema.ts';
export { closeSlash } from './slash.ts';
export type { SlashQuery } from './slash.ts';
export { unsentText } from './unsent.ts';
