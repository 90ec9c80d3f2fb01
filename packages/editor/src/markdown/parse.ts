import { Invalid } from '@engawa/schema';
import MarkdownIt from 'markdown-it';
import type { PluginSimple, Token } from 'markdown-it';
import cjkFriendly from 'markdown-it-cjk-friendly';
import type { NodeJson } from '../json.ts';
import { WIDE_SPACE, cleanMarkdown } from './clean.ts';
import { liftImages, readInline } from './inline.ts';

/** Quotes and lists inside each other: people stop at five. Each list counts twice (list and item). */
const MAX_NESTING = 24;
/** Blocks and runs of text together: more than any browser edits with pleasure. */
const MAX_NODES = 60_000;

// Raw HTML is read as inline tags (`html-tags.ts`) and never kept. Escapes stay apart (`text_join` off), so that
// `https\://` is told from an address.
const parser = new MarkdownIt({ html: true })
  .use(cjkFriendly as unknown as PluginSimple)

  .disable(['html_block', 'text_join', 'lheading']);

// Which addresses are safe is decided in one place (`safeHref`), and they are kept as they were written.
parser.validateLink = () => true;
parser.normalizeLink = (address) => address.replaceAll(' ', '%20');

interface Open {
  type: string;
  attrs?: Record<string, unknown>;
  content: NodeJson[];
}

const BLOCKS: Record<string, string> = {
  paragraph: 'paragraph',
  blockquote: 'blockquote',
  bullet_list: 'bulletList',
  ordered_list: 'orderedList',
  list_item: 'listItem',
  heading: 'heading',
  table: 'table',
  tr: 'row',
  th: 'header',
  td: 'cell',
};

function begin(name: string, token: Token): Open {
  const open: Open = { type: BLOCKS[name] ?? name, content: [] };
  if (name === 'heading') open.attrs = { level: Math.min(Number(token.tag.slice(1)), 4) };
  if (name === 'ordered_list') open.attrs = { start: Number(token.attrGet('start') ?? 1) };
  return open;
}

function node({ type, attrs, content }: Open): NodeJson {
  const made: NodeJson = attrs ? { type, attrs } : { type };
  if (content.length > 0) made.content = content;
  return made;
}

function startsWithBox(item: NodeJson): boolean {
  return /^\[[ xX]\](?:[ \u3000]|$)/.test(item.content?.[0]?.content?.[0]?.text ?? '');
}

function toTask(item: NodeJson): NodeJson {
  const [paragraph, ...rest] = item.content ?? [];
  const [first, ...others] = paragraph?.content ?? [];
  const words = first?.text ?? '';
  const kept = words.slice(4) === '' ? others : [{ ...first, type: 'text', text: words.slice(4) }, ...others];
  return {
    type: 'taskItem',
    attrs: { checked: words[1] !== ' ' },
    content: [kept.length > 0 ? { type: 'paragraph', content: kept } : { type: 'paragraph' }, ...rest],
  };
}

/** One paragraph a row, its cells divided by 「｜」: readable until documents have tables. */
function tableRows(table: Open): NodeJson[] {
  return table.content
    .flatMap((part) => (part.type === 'row' ? [part] : (part.content ?? [])))
    .map((row): NodeJson => ({
      type: 'paragraph',
      content: (row.content ?? []).flatMap((cell, at) => {
        const words = (cell.content ?? []).map((inner) =>
          cell.type === 'header' && inner.text !== undefined && !inner.marks
            ? { ...inner, marks: [{ type: 'bold' }] }
            : inner,
        );
        return at === 0 ? words : [{ type: 'text', text: ' ｜ ' }, ...words];
      }),
    }))
    .flatMap(liftImages);
}

/** What a closed block becomes in the schema's terms. */
function finish(open: Open): NodeJson[] {
  if (open.type === 'table') return tableRows(open);
  if (open.type === 'listItem' && open.content[0]?.type !== 'paragraph')
    open.content.unshift({ type: 'paragraph' });
  if (open.type === 'blockquote' && open.content.length === 0) open.content.push({ type: 'paragraph' });
  if (open.type === 'bulletList' && open.content.length > 0 && open.content.every(startsWithBox)) {
    return [{ type: 'taskList', content: open.content.map(toTask) }];
  }
  if (open.type === 'paragraph' || open.type === 'heading') return liftImages(node(open));
  return open.type.endsWith('List') && open.content.length === 0 ? [] : [node(open)];
}

function codeBlock(token: Token): NodeJson {
  const text = token.content.replace(/\n$/, '').replaceAll(WIDE_SPACE, '\u3000');
  const language = /^[\w+#.-]{1,40}/.exec(token.info.trim())?.[0];
  const made: NodeJson = { type: 'codeBlock' };
  if (language) made.attrs = { language };
  if (text !== '') made.content = [{ type: 'text', text }];
  return made;
}

class Builder {
  private readonly stack: Open[] = [{ type: 'doc', content: [] }];
  private count = 0;
  private readonly origin: string | undefined;

  constructor(origin: string | undefined) {
    this.origin = origin;
  }

  take(token: Token): void {
    const { type, nesting } = token;
    const name = type.replace(/_(?:open|close)$/, '');
    if (nesting === 1) this.enter(begin(name, token));
    else if (nesting === -1) this.leave();
    else if (type === 'inline') this.add(readInline(token.children ?? [], this.origin));
    else if (type === 'fence' || type === 'code_block') this.add([codeBlock(token)]);
    else if (type === 'hr') this.add([{ type: 'horizontalRule' }]);
  }

  result(): NodeJson {
    const [doc] = this.stack as [Open];
    if (doc.content.length === 0) doc.content.push({ type: 'paragraph' });
    return node(doc);
  }

  private enter(open: Open): void {
    if (this.stack.length > MAX_NESTING) {
      throw new Invalid('markdown.too_deep', 'Lists and quotes are nested too deeply', {
        limit: MAX_NESTING,
      });
    }
    this.stack.push(open);
  }

  private leave(): void {
    const closed = this.stack.pop() as Open;
    this.add(finish(closed));
  }

  private add(nodes: NodeJson[]): void {
    this.count += nodes.length;
    if (this.count > MAX_NODES) {
      throw new Invalid('markdown.too_large', 'The text has too many parts', { limit: MAX_NODES });
    }
    this.stack.at(-1)?.content.push(...nodes);
  }
}

/**
 * Reads Markdown (CommonMark, task lists, strike-through, emphasis beside Japanese punctuation) as a document.
 * Raw HTML loses its tags, tables become rows of text, headings stop at level 4.
 * Pictures are those of the vault, by `/files/<item id>/content`, also below `origin`, which is ours; others become links.
 * Throws `Invalid` with `markdown.too_large` or `markdown.too_deep`.
 */
export function parseMarkdown(markdown: string, { origin }: { origin?: string } = {}): NodeJson {
  const builder = new Builder(origin);
  for (const token of parser.parse(cleanMarkdown(markdown), {})) builder.take(token);
  return builder.result();
}
