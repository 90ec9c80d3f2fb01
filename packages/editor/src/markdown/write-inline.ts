import type { MarkJson, NodeJson } from '../json.ts';
import { safeHref } from '../link.ts';

/** Outermost first, as they are opened. */
const ORDER = ['link', 'bold', 'italic', 'strike', 'code'];
const DELIMITERS: Record<string, string> = { bold: '**', italic: '*', strike: '~~' };
const TAGS: Record<string, string> = { bold: 'strong', italic: 'em', strike: 'del' };

/** Around a delimiter: the full-width space is hidden from the parser and counts as a letter there. */
const OUTER_SPACE = /^[ \n]?$/;
const SPACE = /^[\s\p{Z}]?$/u;
/** Letters and digits: beside these a delimiter opens and closes in every reader. */
const WORD = /^[\p{L}\p{N}]$/u;

interface Run {
  text: string;
  marks: MarkJson[];
}

/** Text as it must be written where signs have meanings. */
export function escapeText(text: string): string {
  return text
    .replace(/[\\`*[\]<|~]/g, '\\$&')
    .replace(/_/g, '\\_')
    .replace(/&(?=#|[a-z])/gi, '\\&')
    .replace(/(https?):\/\//gi, '$1\\://')
    .replace(/!$/, '\\!');
}

/** A code span whose fence is longer than any inside it. */
function code(text: string): string {
  const longest = Math.max(0, ...Array.from(text.matchAll(/`+/g), (run) => run[0].length));
  const fence = '`'.repeat(longest + 1);
  const pad = /^`|`$|^ .*[^ ].* $|^ .* $/.test(text) && /[^ ]/.test(text) ? ' ' : '';
  return fence + pad + text + pad + fence;
}

function key(mark: MarkJson): string {
  return mark.type + JSON.stringify(mark.attrs ?? {});
}

function sortMarks(marks: readonly MarkJson[]): MarkJson[] {
  return marks
    .filter((mark) => ORDER.includes(mark.type) && (mark.type !== 'link' || safeHref(mark.attrs?.['href'])))
    .toSorted((a, b) => ORDER.indexOf(a.type) - ORDER.indexOf(b.type));
}

/** Spaces at a run's edge lose their marks: `** a **` is no emphasis, and a bold space shows nothing. */
function splitEdges(run: Run): Run[] {
  if (run.marks.length === 0 || run.marks.some((mark) => mark.type === 'code')) return [run];
  const [, before = '', middle = '', after = ''] = /^(\s*)(.*?)(\s*)$/su.exec(run.text) ?? [];
  const kept = run.marks.filter((mark) => mark.type === 'link');
  return [
    { text: before, marks: kept },
    { text: middle, marks: run.marks },
    { text: after, marks: kept },
  ].filter(({ text }) => text !== '');
}

function toRuns(nodes: readonly NodeJson[]): Run[] {
  return nodes.flatMap((node) => {
    if (node.type === 'hardBreak') return [{ text: '\n', marks: [] }];
    const text = (node.text ?? '').replace(/[\r\n]+/g, ' ');
    return text === '' ? [] : splitEdges({ text, marks: sortMarks(node.marks ?? []) });
  });
}

/** Writes runs with their marks opened and closed in order. */
class Writer {
  out = '';
  private readonly stack: { mark: MarkJson; end: string }[] = [];

  write(runs: readonly Run[]): string {
    runs.forEach((run, at) => {
      this.closeTo(this.shared(run.marks));
      for (const mark of run.marks.slice(this.stack.length)) this.openMark(mark, runs, at);
      this.out += this.inner(run);
    });
    this.closeTo(0);
    return this.out;
  }

  private inner({ text, marks }: Run): string {
    if (text === '\n') return '\\\n';
    return marks.some((mark) => mark.type === 'code') ? code(text) : escapeText(text);
  }

  private shared(marks: readonly MarkJson[]): number {
    const differs = this.stack.findIndex(({ mark }, at) => !marks[at] || key(marks[at]) !== key(mark));
    return differs < 0 ? this.stack.length : differs;
  }

  private openMark(mark: MarkJson, runs: readonly Run[], at: number): void {
    if (mark.type === 'code') return void this.stack.push({ mark, end: '' });
    if (mark.type === 'link') {
      this.out += '[';
      return void this.stack.push({
        mark,
        end: `](<${safeHref(mark.attrs?.['href'])?.replace(/[<>\\]/g, '\\$&')}>)`,
      });
    }
    const last = runs.findIndex(
      (run, index) => index > at && !run.marks.some((other) => key(other) === key(mark)),
    );
    const end = last < 0 ? runs.length : last;
    const plain = this.isPlain(runs, at, end);
    const delimiter = DELIMITERS[mark.type] ?? '';
    const tag = TAGS[mark.type] ?? '';
    this.out += plain ? delimiter : `<${tag}>`;
    this.stack.push({ mark, end: plain ? delimiter : `</${tag}>` });
  }

  /** Whether delimiters around these runs are read as such by every reader; where not, an HTML tag says it. */
  private isPlain(runs: readonly Run[], from: number, to: number): boolean {
    if (this.out.endsWith('*') || this.out.endsWith('~')) return false;
    const first = Array.from(runs[from]?.text ?? '')[0] ?? '';
    const last = Array.from(runs[to - 1]?.text ?? '').at(-1) ?? '';
    const before = Array.from(runs[from - 1]?.text ?? '').at(-1) ?? '';
    const after = Array.from(runs[to]?.text ?? '')[0] ?? '';
    // A mark inside this one puts a sign between the delimiter and the word.
    const depth = this.stack.length + 1;
    const starts =
      !SPACE.test(first) &&
      (OUTER_SPACE.test(before) || (WORD.test(first) && runs[from]?.marks.length === depth));
    const ends =
      !SPACE.test(last) &&
      (OUTER_SPACE.test(after) || (WORD.test(last) && runs[to - 1]?.marks.length === depth));
    const next = runs[to]?.marks.map(key) ?? [];
    const touches = this.stack.some(({ mark, end }) => /^[*~]/.test(end) && !next.includes(key(mark)));
    return starts && ends && !touches;
  }

  private closeTo(depth: number): void {
    while (this.stack.length > depth) this.out += this.stack.pop()?.end ?? '';
  }
}

/** Spaces at a line's edge would be trimmed, and a line's first sign may look like a list, heading, quote or rule. */
function guardLine(line: string): string {
  return line
    .replace(/^[ \t]+/, (spaces) => Array.from(spaces, (char) => `&#${char.charCodeAt(0)};`).join(''))
    .replace(/[ \t](?=\\?$)/, (char) => `&#${char.charCodeAt(0)};`)
    .replace(/^(#{1,6})(?=\s|$)/, '\\$1')
    .replace(/^([-+=>])/, '\\$1')
    .replace(/^(\d{1,9})([.)])(?=\s|$)/, '$1\\$2');
}

/** One block's inline nodes as Markdown; a hard break is a backslash at the line's end. */
export function writeInline(nodes: readonly NodeJson[]): string {
  return new Writer().write(toRuns(nodes)).split('\n').map(guardLine).join('\n');
}
