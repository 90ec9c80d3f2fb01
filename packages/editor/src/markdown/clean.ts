import { Invalid, MAX_MARKDOWN } from '@engawa/schema';

/** Stands for the full-width space, which the parser would trim at a line's edge: Japanese paragraphs begin with one. */
export const WIDE_SPACE = '\ufdd0';

/** Text from anywhere as the parser wants it: LF, no BOM, NUL, control characters, lone surrogates, noncharacters. */
export function cleanMarkdown(markdown: string): string {
  if (markdown.length > MAX_MARKDOWN) {
    throw new Invalid('markdown.too_large', 'The text is too long', { limit: MAX_MARKDOWN });
  }
  return markdown
    .toWellFormed()
    .replace(/\r\n?|[\u2028\u2029\u0085]/g, '\n')
    .replace(/[\u0000-\u0008\u000b-\u001f\u007f\ufdd0-\ufdef\ufeff\ufffe\uffff]/g, '')
    .replace(/^( {0,3}#{1,6})\u3000/gm, '$1 ')
    .replaceAll('\u3000', WIDE_SPACE);
}
