import { readImage } from './image.ts';
import type { NodeJson } from './json.ts';

const BLOCKS_OF_TEXT = new Set(['paragraph', 'heading', 'codeBlock', 'image']);

/** The words of one block of text, in order. */
export function inlineText(node: NodeJson): string {
  if (node.type === 'hardBreak') return '\n';
  if (node.type === 'image') return readImage(node.attrs)?.alt ?? '';
  return node.text ?? (node.content ?? []).map(inlineText).join('');
}

/** A document's words, one block a line: for search, previews and counting. NUL, which PostgreSQL refuses, is left out. */
export function toText(json: NodeJson): string {
  const lines: string[] = [];
  const walk = (node: NodeJson) => {
    if (BLOCKS_OF_TEXT.has(node.type) || node.text !== undefined) lines.push(inlineText(node));
    else node.content?.forEach(walk);
  };
  walk(json);
  return lines.join('\n').replaceAll('\u0000', '').toWellFormed();
}
