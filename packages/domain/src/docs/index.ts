export { createDocFromMarkdown, docHtml, docState, exportMarkdown } from './docs.ts';
