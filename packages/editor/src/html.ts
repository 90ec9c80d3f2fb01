import { imageAddress, imagePreview, readImage } from './image.ts';
import type { MarkJson, NodeJson } from './json.ts';
import { safeHref } from './link.ts';

const ESCAPES: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

function escape(text: string): string {
  return text.replace(/[&<>"']/g, (char) => ESCAPES[char] ?? char);
}

const MARK_TAGS: Record<string, string> = { bold: 'strong', italic: 'em', strike: 's', code: 'code' };

function wrap(inner: string, mark: MarkJson): string {
  if (mark.type === 'link') {
    const href = safeHref(mark.attrs?.['href']);
    return href === null
      ? inner
      : `<a href="${escape(href)}" rel="noopener noreferrer nofollow">${inner}</a>`;
  }
  const tag = MARK_TAGS[mark.type];
  return tag === undefined ? inner : `<${tag}>${inner}</${tag}>`;
}

function integer(value: unknown, low: number, high: number, otherwise: number): number {
  return Number.isInteger(value) && Number(value) >= low && Number(value) <= high ? Number(value) : otherwise;
}

function task(node: NodeJson, inner: string): string {
  const checked = node.attrs?.['checked'] === true;
  const box = `<input type="checkbox" disabled${checked ? ' checked' : ''}>`;
  return `<li data-checked="${checked}"><label>${box}<span></span></label><div>${inner}</div></li>`;
}

function ordered(node: NodeJson, inner: string): string {
  const start = integer(node.attrs?.['start'], 0, 999_999_999, 1);
  return `<ol${start === 1 ? '' : ` start="${start}"`}>${inner}</ol>`;
}

/** The figure of the editor; where the reader may not see the file, the page puts a placeholder in its place. */
function image(node: NodeJson, _: string, { previews }: HtmlOptions): string {
  const found = readImage(node.attrs);
  if (found === null) return '';
  const { file, alt, width } = found;
  const style = width === null ? '' : ` style="width: ${width}%"`;
  return `<figure class="image" data-file="${file}"${style}><img src="${(previews ? imagePreview : imageAddress)(file)}" alt="${escape(alt)}" loading="lazy" decoding="async"></figure>`;
}

export interface HtmlOptions {
  /** Pictures as they are previewed, for a reader who may not have the files. */
  previews?: boolean;
}

const NODES: Record<string, (node: NodeJson, inner: string, options: HtmlOptions) => string> = {
  paragraph: (_, inner) => `<p>${inner || '<br>'}</p>`,
  heading: (node, inner) => {
    const level = integer(node.attrs?.['level'], 1, 4, 4);
    return `<h${level}>${inner}</h${level}>`;
  },
  bulletList: (_, inner) => `<ul>${inner}</ul>`,
  orderedList: ordered,
  listItem: (_, inner) => `<li>${inner}</li>`,
  taskList: (_, inner) => `<ul data-type="taskList">${inner}</ul>`,
  taskItem: task,
  blockquote: (_, inner) => `<blockquote>${inner}</blockquote>`,
  codeBlock: (_, inner) => `<pre><code>${inner}</code></pre>`,
  hardBreak: () => '<br>',
  horizontalRule: () => '<hr>',
  image,
};

/**
 * A document as HTML, written by hand from the schema's words, every text escaped: safe to put into a page.
 * The elements are the editor's own, so that the page does not move when the editor takes its place.
 */
export function toHtml(json: NodeJson, options: HtmlOptions = {}): string {
  if (json.text !== undefined) return (json.marks ?? []).reduceRight(wrap, escape(json.text));
  const inner = (json.content ?? []).map((one) => toHtml(one, options)).join('');
  return NODES[json.type]?.(json, inner, options) ?? inner;
}
