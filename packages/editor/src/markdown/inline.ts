import type { Token } from 'markdown-it';
import { imageAlt, readImageAddress } from '../image.ts';
import type { MarkJson, NodeJson } from '../json.ts';
import { safeHref } from '../link.ts';
import { WIDE_SPACE } from './clean.ts';
import { readTag, shift } from './html-tags.ts';

const TOKEN_MARKS: Record<string, string> = { strong: 'bold', em: 'italic', s: 'strike' };
const CJK = /[\u2e80-\u30ff\u31f0-\u9fff\uf900-\ufaff\uff00-\uffef\u{20000}-\u{3ffff}]/u;
/** ASCII only: in Japanese, text follows an address without a space between. */
const ADDRESS = /https?:\/\/[\u0021-\u007e]+/g;

/** Collects the inline nodes of one block, with the marks in force. */
class Inline {
  readonly nodes: NodeJson[] = [];
  private readonly marks: MarkJson[] = [];
  private shifting: 'raise' | 'lower' | null = null;

  text(value: string): void {
    if (value === '') return;
    const plain = value.replaceAll(WIDE_SPACE, '\u3000');
    const text = this.shifting ? shift(plain, this.shifting) : plain;
    const marks = this.currentMarks();
    const last = this.nodes.at(-1);
    if (last?.text !== undefined && JSON.stringify(last.marks ?? []) === JSON.stringify(marks))
      last.text += text;
    else this.nodes.push(marks.length > 0 ? { type: 'text', text, marks } : { type: 'text', text });
  }

  /** Text in which bare addresses become links. */
  prose(value: string): void {
    let done = 0;
    for (const found of value.matchAll(ADDRESS)) {
      const address = trimAddress(found[0]);
      const href = this.marks.some((mark) => mark.type === 'link') ? null : safeHref(address);
      if (href === null) continue;
      this.text(value.slice(done, found.index));
      this.open({ type: 'link', attrs: { href } });
      this.text(address);
      this.close('link');
      done = found.index + address.length;
    }
    this.text(value.slice(done));
  }

  code(value: string): void {
    this.open({ type: 'code' });
    this.text(value);
    this.close('code');
  }

  image(node: NodeJson): void {
    this.nodes.push(node);
  }

  lineBreak(): void {
    this.nodes.push({ type: 'hardBreak' });
  }

  /** A line's end inside a paragraph: nothing between Japanese characters, else a space. */
  softBreak(next: string): void {
    const before = Array.from(this.nodes.at(-1)?.text?.slice(-2) ?? '').at(-1) ?? '';
    if (!CJK.test(before) && !CJK.test(next)) this.text(' ');
  }

  open(mark: MarkJson): void {
    this.marks.push(mark);
  }

  close(type: string): void {
    const at = this.marks.findLastIndex((mark) => mark.type === type);
    if (at >= 0) this.marks.splice(at, 1);
  }

  html(raw: string): void {
    const tag = readTag(raw);
    if (tag.kind === 'open') this.open({ type: tag.mark });
    else if (tag.kind === 'close') this.close(tag.mark);
    else if (tag.kind === 'raise' || tag.kind === 'lower') this.shifting = tag.open ? tag.kind : null;
    else if (tag.kind === 'break') this.lineBreak();
  }

  /** One of each, in the schema's order; code excludes all others. */
  private currentMarks(): MarkJson[] {
    const has = (type: string) => this.marks.some((mark) => mark.type === type);
    if (has('code')) return [{ type: 'code' }];
    const link = this.marks.findLast((mark) => mark.type === 'link');
    const others = ['bold', 'italic', 'strike'].filter(has).map((type) => ({ type }));
    return link ? [link, ...others] : others;
  }
}

function trimAddress(address: string): string {
  const trimmed = address.replace(/["'<>`{}|\\^].*$/, '').replace(/[.,:;!?*_~]+$/, '');
  // A closing bracket belongs to the sentence unless the address opened it.
  return trimmed.endsWith(')') && !trimmed.includes('(') ? trimmed.slice(0, -1) : trimmed;
}

function readToken(into: Inline, token: Token, next: Token | undefined, origin?: string): void {
  const { type, content } = token;
  if (type === 'text') into.prose(content);
  else if (type === 'text_special') into.text(content);
  else if (type === 'code_inline') into.code(content);
  else if (type === 'hardbreak') into.lineBreak();
  else if (type === 'softbreak') into.softBreak(Array.from(next?.content.slice(0, 2) ?? '')[0] ?? '');
  else if (type === 'html_inline') into.html(content);
  else if (type === 'image') readImage(into, token, origin);
  else if (type === 'link_open') openLink(into, token);
  else if (type === 'link_close') into.close('link');
  else if (type.endsWith('_open')) into.open({ type: TOKEN_MARKS[token.tag] ?? token.tag });
  else if (type.endsWith('_close')) into.close(TOKEN_MARKS[token.tag] ?? token.tag);
}

function openLink(into: Inline, token: Token): void {
  const href = safeHref(token.attrGet('href'));
  if (href !== null) into.open({ type: 'link', attrs: { href } });
}

/** The words of a picture, without the signs around them. */
function wordsOf(tokens: readonly Token[]): string {
  return tokens
    .map(({ type, content, children }) =>
      type.endsWith('break')
        ? ' '
        : type === 'image'
          ? wordsOf(children ?? [])
          : type === 'html_inline'
            ? ''
            : content,
    )
    .join('')
    .replaceAll(WIDE_SPACE, '\u3000');
}

/** Pictures are files of the vault. Of those elsewhere the words stay, leading to where the picture is. */
function readImage(into: Inline, token: Token, origin?: string): void {
  const found = readImageAddress(token.attrGet('src'), origin);
  if (found) {
    const alt = imageAlt(wordsOf(token.children ?? []));
    return into.image({ type: 'image', attrs: { file: found.file, alt, width: found.width } });
  }
  const href = safeHref(token.attrGet('src'));
  const words = token.content || href || '';
  if (href !== null) into.open({ type: 'link', attrs: { href } });
  into.text(words);
  if (href !== null) into.close('link');
}

/**
 * The inline nodes of one block, pictures among them. Breaks at either end say nothing and are left out. `origin` is
 * ours, for addresses of pictures.
 */
export function readInline(tokens: readonly Token[], origin?: string): NodeJson[] {
  const into = new Inline();
  tokens.forEach((token, at) => readToken(into, token, tokens[at + 1], origin));
  return trimBreaks(into.nodes);
}

function trimBreaks(nodes: readonly NodeJson[]): NodeJson[] {
  const isBreak = (node: NodeJson) => node.type === 'hardBreak';
  const first = nodes.findIndex((node) => !isBreak(node));
  return first < 0 ? [] : nodes.slice(first, nodes.findLastIndex((node) => !isBreak(node)) + 1);
}

/** Text beside a picture keeps no space at that edge. */
function trimSpace(nodes: NodeJson[]): NodeJson[] {
  const trim = (node: NodeJson | undefined, edge: RegExp) => {
    if (node?.text !== undefined) node.text = node.text.replace(edge, '');
  };
  trim(nodes[0], /^ +/);
  trim(nodes.at(-1), / +$/);
  return trimBreaks(nodes.filter((node) => node.text !== ''));
}

/** A picture is a block of its own: the block of text that held it ends before it and goes on after it. */
export function liftImages(block: NodeJson): NodeJson[] {
  const content = block.content ?? [];
  if (!content.some((node) => node.type === 'image')) return [block];
  const lifted: NodeJson[] = [];
  let words: NodeJson[] = [];
  const close = () => {
    const kept = trimSpace(words);
    if (kept.length > 0) lifted.push({ ...block, content: kept });
    words = [];
  };
  for (const node of content) {
    if (node.type !== 'image') words.push(node);
    else {
      close();
      lifted.push(node);
    }
  }
  close();
  return lifted;
}
