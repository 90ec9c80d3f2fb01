import type { UpdateOptions } from '../json.ts';
import { jsonToUpdate } from '../json.ts';
import { parseMarkdown } from './parse.ts';

/**
 * Markdown as one Yjs update (V1) for the document's content, ready for the journal. The same text makes the same
 * content each time (under a new client id). Throws `Invalid`: `markdown.too_large`, `markdown.too_deep`.
 */
export function markdownToUpdate(
  markdown: string,
  options: UpdateOptions & { origin?: string } = {},
): Uint8Array {
  return jsonToUpdate(parseMarkdown(markdown, options), options);
}
