import { markdownToUpdate, toHtml, toMarkdown, contentToJson, CONTENT, type NodeJson } from '@engawa/editor';
import {
  Conflict,
  CreateDocFromMarkdownInput,
  DocIdInput,
  type DocMarkdown,
  type DocPage,
  type ItemRow,
  parse,
} from '@engawa/schema';
import { encodeStateAsUpdate } from 'yjs';
import { type Ctx, personOf } from '../ctx.ts';
import { requireAccess } from '../grants/index.ts';
import { createItem, item } from '../items/index.ts';
import { append, readDocument, readKept } from '../journal/index.ts';

/**
 * Makes a document from Markdown. Needs `edit` in the folder, or at the root of the space. What cannot be read is
 * refused before anything is made. Errors: those of `createItem`; Invalid `docs.markdown_too_long`,
 * `markdown.too_large`, `markdown.too_deep`.
 */
export async function createDocFromMarkdown(ctx: Ctx, input: CreateDocFromMarkdownInput): Promise<ItemRow> {
  const { spaceId, parentId, title, markdown } = parse(CreateDocFromMarkdownInput, input);
  // Asked first, so that a stranger learns nothing from the time that reading the text takes.
  await requireAccess(ctx, 'edit', parentId ?? spaceId);
  const update = markdownToUpdate(markdown, { origin: ctx.services.origin });
  const row = await createItem(ctx, { spaceId, parentId, kind: 'doc', title });
  const { id: itemId, generation } = row;
  await append(ctx.services, { itemId, generation, author: personOf(ctx), updates: [update] });
  return row;
}

/** The document as Markdown, with a file name made of its title. Needs `download`. */
export async function exportMarkdown(ctx: Ctx, input: DocIdInput): Promise<DocMarkdown> {
  const { id } = parse(DocIdInput, input);
  const { generation } = await requireDoc(ctx, 'download', id);
  const { title } = await item(ctx, id);
  const { json } = await readJson(ctx, id, generation);
  return { fileName: `${fileNameOf(title)}.md`, markdown: toMarkdown(json, { origin: ctx.services.origin }) };
}

/**
 * The document as a page that is read without the live channel; a damaged one as far as it is whole. Needs `view`.
 */
export async function docHtml(ctx: Ctx, input: DocIdInput): Promise<DocPage> {
  const { id } = parse(DocIdInput, input);
  const { generation } = await requireDoc(ctx, 'view', id);
  const [row, { json, lost }] = await Promise.all([item(ctx, id), readJson(ctx, id, generation)]);
  return { item: row, html: toHtml(json, { previews: !row.can.download }), lost };
}

/**
 * The document's whole state as one Yjs update (V1). It is the source of the document, with what was deleted:
 * needs `download`.
 */
export async function docState(
  ctx: Ctx,
  input: DocIdInput,
): Promise<{ generation: number; state: Uint8Array }> {
  const { id } = parse(DocIdInput, input);
  const { generation } = await requireDoc(ctx, 'download', id);
  const doc = await readDocument(ctx.sql, id, generation);
  const state = encodeStateAsUpdate(doc);
  doc.destroy();
  return { generation, state };
}

async function requireDoc(
  ctx: Ctx,
  capability: 'view' | 'download',
  id: string,
): Promise<{ generation: number }> {
  const access = await requireAccess(ctx, capability, id);
  if (access.itemKind !== 'doc') throw new Conflict('docs.not_a_document', 'This is not a document');
  return { generation: access.generation! };
}

/** The text, of a damaged document as much of it as is whole. */
async function readJson(ctx: Ctx, id: string, generation: number): Promise<{ json: NodeJson; lost: number }> {
  const { doc, lost } = await readKept(ctx.sql, id, generation);
  try {
    return { json: contentToJson(doc.getXmlFragment(CONTENT)), lost };
  } finally {
    doc.destroy();
  }
}

/** A title without what file systems do not take; Windows refuses a dot or space at the end, and long names. */
function fileNameOf(title: string): string {
  const name = title
    .replace(/[\\/:*?"<>|\p{Cc}]/gu, '_')
    .replace(/^\.+/, '')
    .slice(0, 100)
    .toWellFormed()
    .replace(/[\s.\ufffd]+$/u, '');
  return name || 'document';
}
