import { readImage, writeImageAddress } from '../image.ts';
import type { NodeJson } from '../json.ts';
import { inlineText } from '../text.ts';
import { escapeText, writeInline } from './write-inline.ts';

function indent(text: string, by: string): string {
  return text.replace(/^(?=.)/gm, by);
}

function codeBlock(node: NodeJson): string {
  const text = inlineText(node);
  const longest = Math.max(2, ...Array.from(text.matchAll(/`+/g), (run) => run[0].length));
  const fence = '`'.repeat(longest + 1);
  const language = String(node.attrs?.['language'] ?? '');
  return `${fence}${language}\n${text === '' ? '' : `${text}\n`}${fence}`;
}

function item(node: NodeJson, origin: string, marker: string, box = ''): string {
  const body = blocks(node.content ?? [], origin);
  const [first = '', ...rest] = body.split('\n');
  const more = rest.length > 0 ? `\n${indent(rest.join('\n'), ' '.repeat(marker.length + 1))}` : '';
  return `${marker} ${box}${first}`.replace(/ +$/, '') + more;
}

/** Two lists of a kind beside each other need different signs, or they are read as one. */
function list(node: NodeJson, origin: string, second: boolean): string {
  const items = node.content ?? [];
  const bullet = second ? '*' : '-';
  const start = Number(node.attrs?.['start'] ?? 1);
  const written = items.map((child, at) => {
    if (node.type === 'orderedList') return item(child, origin, `${start + at}${second ? ')' : '.'}`);
    if (node.type !== 'taskList') return item(child, origin, bullet);
    return item(child, origin, bullet, child.attrs?.['checked'] === true ? '[x] ' : '[ ] ');
  });
  const loose = items.some(
    (child) => (child.content ?? []).filter(({ type }) => type === 'paragraph').length > 1,
  );
  return written.join(loose ? '\n\n' : '\n');
}

const KINDS: Record<string, string> = { bulletList: 'bullet', taskList: 'bullet', orderedList: 'ordered' };

function image(node: NodeJson, origin: string): string {
  const found = readImage(node.attrs);
  return found ? `![${escapeText(found.alt)}](${writeImageAddress(found, origin)})` : '';
}

function block(node: NodeJson, origin: string, second: boolean): string {
  const content = node.content ?? [];
  switch (node.type) {
    case 'heading':
      return `${'#'.repeat(Number(node.attrs?.['level'] ?? 1))} ${writeInline(content).replaceAll('\\\n', ' ').replace(/(#+)$/, '\\$1')}`.replace(
        / +$/,
        '',
      );
    case 'bulletList':
    case 'orderedList':
    case 'taskList':
      return list(node, origin, second);
    case 'blockquote':
      return blocks(content, origin).replace(/^/gm, '> ').replace(/^> $/gm, '>');
    case 'codeBlock':
      return codeBlock(node);
    case 'horizontalRule':
      return '---';
    case 'image':
      return image(node, origin);
    case 'paragraph':
      return writeInline(content);
    default:
      return content.length > 0 ? blocks(content, origin) : writeInline([node]);
  }
}

function blocks(nodes: readonly NodeJson[], origin: string): string {
  let second = false;
  const written = nodes.map((node, at) => {
    const before = nodes[at - 1];
    const kind = KINDS[node.type];
    second = kind !== undefined && before !== undefined && KINDS[before.type] === kind && !second;
    return block(node, origin, second);
  });
  return written.filter((text, at) => text !== '' || nodes[at]?.type !== 'paragraph').join('\n\n');
}

/**
 * A document as Markdown (CommonMark, task lists, strike-through), ending in a newline. Empty paragraphs are left out.
 * Pictures keep their address in the vault, below `origin` when it is given.
 */
export function toMarkdown(json: NodeJson, { origin = '' }: { origin?: string } = {}): string {
  const text = blocks(json.content ?? [], origin);
  return text === '' ? '' : `${text}\n`;
}
