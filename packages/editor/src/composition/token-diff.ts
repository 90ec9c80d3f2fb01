import type { Node } from '@tiptap/pm/model';
import { StepMap } from '@tiptap/pm/transform';

/** Beyond these the change is taken as one replaced range: nobody composes through a rewrite of the document. */
const MAX_TOKENS = 20_000;
const MAX_EDITS = 600;
const MAX_LEAD = 200;

interface Range {
  from: number;
  to: number;
}

/** Where two documents differ: the range in each. `null` when they are equal. */
export function changedRange(before: Node, after: Node): { a: Range; b: Range } | null {
  const from = before.content.findDiffStart(after.content);
  const end = before.content.findDiffEnd(after.content);
  if (from === null || end === null) return null;
  // In repeated text the two searches overlap: 「ああ」 → 「あああ」.
  const overlap = Math.max(0, from - Math.min(end.a, end.b));
  return { a: { from, to: end.a + overlap }, b: { from, to: end.b + overlap } };
}

/** One token for each position of a range: a character, a node's beginning, a node's end. Marks do not count. */
function tokens(doc: Node, { from, to }: Range): string[] {
  const list: string[] = [];
  const walk = (parent: Node, start: number) => {
    let pos = start;
    parent.forEach((child) => {
      const end = pos + child.nodeSize;
      if (end > from && pos < to) {
        if (child.isText) list.push(...(child.text ?? '').slice(Math.max(0, from - pos), to - pos).split(''));
        else if (child.isLeaf) list.push(`<${child.type.name}/>`);
        else {
          if (pos >= from) list.push(`<${child.type.name}>`);
          walk(child, pos + 1);
          if (end <= to) list.push('</>');
        }
      }
      pos = end;
    });
  };
  walk(doc, 0);
  return list;
}

/** Myers' shortest edit script; `null` when it would be longer than MAX_EDITS. Returns kept pairs of indices. */
function keptPairs(a: readonly string[], b: readonly string[]): [number, number][] | null {
  const trace: Map<number, number>[] = [];
  let reach = new Map<number, number>([[1, 0]]);
  for (let edits = 0; edits <= MAX_EDITS; edits += 1) {
    const next = new Map(reach);
    for (let k = -edits; k <= edits; k += 2) {
      const down = k === -edits || (k !== edits && (reach.get(k - 1) ?? -1) < (reach.get(k + 1) ?? -1));
      let x = down ? (reach.get(k + 1) ?? 0) : (reach.get(k - 1) ?? 0) + 1;
      while (x < a.length && x - k < b.length && a[x] === b[x - k]) x += 1;
      next.set(k, x);
      if (x >= a.length && x - k >= b.length) return walkBack(a.length, b.length, [...trace, reach]);
    }
    trace.push(reach);
    reach = next;
  }
  return null;
}

function walkBack(endA: number, endB: number, trace: readonly Map<number, number>[]): [number, number][] {
  const kept: [number, number][] = [];
  let [x, y] = [endA, endB];
  for (let edits = trace.length - 1; edits >= 0; edits -= 1) {
    const reach = trace[edits] as Map<number, number>;
    const k = x - y;
    const down = k === -edits || (k !== edits && (reach.get(k - 1) ?? -1) < (reach.get(k + 1) ?? -1));
    const from = down ? (reach.get(k + 1) ?? 0) : (reach.get(k - 1) ?? 0);
    const fromY = from - (down ? k + 1 : k - 1);
    while (x > Math.max(from, 0) && y > Math.max(fromY, 0)) kept.push([--x, --y]);
    [x, y] = [from, fromY];
  }
  return kept.reverse();
}

/**
 * How positions move from one document to the next, told from the two documents alone. A split is an inserted
 * boundary and a join a removed one, so text on either side keeps its place, which Yjs cannot say: there a split
 * deletes the text behind it and inserts a copy.
 */
export function mapBetween(before: Node, after: Node): StepMap {
  const changed = changedRange(before, after);
  if (changed === null) return StepMap.empty;
  const { a, b } = changed;
  const whole = () => new StepMap([a.from, a.to - a.from, b.to - b.from]);
  if (a.to - a.from > MAX_TOKENS || b.to - b.from > MAX_TOKENS) return whole();
  // Some of what is equal in front, so that a removed node may be told from the end of one and the start of the next.
  const lead = Math.max(0, a.from - MAX_LEAD);
  const old = tokens(before, { from: lead, to: a.to });
  const now = tokens(after, { from: lead, to: b.to });
  const kept = keptPairs(old, now);
  if (kept === null) return whole();
  const ranges: number[] = [];
  let [doneA, doneB] = [0, 0];
  for (const [x, y] of [...kept, [old.length, now.length] as const]) {
    if (x > doneA || y > doneB) {
      const slide = x > doneA ? (y > doneB ? 0 : slideBack(old, doneA, x)) : slideBack(now, doneB, y);
      ranges.push(lead + doneA - slide, x - doneA, y - doneB);
    }
    [doneA, doneB] = [x + 1, y + 1];
  }
  return new StepMap(ranges);
}

const isEnd = (token: string | undefined) => token === '</>';
const isBeginning = (token: string | undefined) =>
  token !== undefined && token.length > 1 && !isEnd(token) && !token.endsWith('/>');

/** Whether every node that begins in a range ends in it, and none ends that began before. */
function isBalanced(list: readonly string[], from: number, to: number): boolean {
  let depth = 0;
  for (let at = from; at < to; at += 1) {
    if (isBeginning(list[at])) depth += 1;
    else if (isEnd(list[at]) && (depth -= 1) < 0) return false;
  }
  return depth === 0;
}

/** `ab</p><p>` in the middle of equal boundaries is really `<p>ab</p>`: how far back the range is the same, but whole. */
function slideBack(list: readonly string[], from: number, to: number): number {
  for (let by = 0; by <= from && by <= to - from; by += 1) {
    if (isBalanced(list, from - by, to - by)) return by;
    if (list[from - by - 1] !== list[to - by - 1]) break;
  }
  return 0;
}
