import * as v from 'valibot';
import { Id } from './ids.ts';
import type { ItemDetail } from './items.ts';
import { Title } from './items.ts';

/** The longest Markdown that is taken, in UTF-16 units: about 700 pages of Japanese. */
export const MAX_MARKDOWN = 1_000_000;

const Markdown = v.pipe(
  v.string('docs.markdown_invalid'),
  v.maxLength(MAX_MARKDOWN, 'docs.markdown_too_long'),
  v.transform((text) => text.toWellFormed().replaceAll('\u0000', '')),
);

export const CreateDocFromMarkdownInput = v.object({
  spaceId: Id,
  parentId: v.nullable(Id),
  title: Title,
  markdown: Markdown,
});
export const DocIdInput = v.object({ id: Id });

export type CreateDocFromMarkdownInput = v.InferInput<typeof CreateDocFromMarkdownInput>;
export type DocIdInput = v.InferInput<typeof DocIdInput>;

/** A document as a readable page, made on the server. */
export interface DocPage {
  item: ItemDetail;
  /** Safe to insert: made from the editor's schema, never from stored HTML. */
  html: string;
  /** Parts of its record that are damaged and therefore missing here; 0 when it is whole. */
  lost: number;
}

export interface DocMarkdown {
  fileName: string;
  markdown: string;
}
