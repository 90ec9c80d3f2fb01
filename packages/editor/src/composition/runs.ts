import type { Schema } from '@tiptap/pm/model';
import * as Y from 'yjs';

/** A stretch of characters that Yjs holds under consecutive ids, and where it stands in the ProseMirror document. */
export interface Run {
  pos: number;
  length: number;
  client: number;
  clock: number;
}

/** All characters of a document with their Yjs ids, in order. */
export function readRuns(content: Y.XmlFragment, schema: Schema): Run[] {
  const runs: Run[] = [];
  let pos = 0;
  const walk = (parent: Y.XmlFragment | Y.XmlText) => {
    for (let item = parent._start; item !== null; item = item.right) {
      if (item.deleted || !item.countable) continue;
      if (item.content instanceof Y.ContentString) {
        runs.push({ pos, length: item.length, client: item.id.client, clock: item.id.clock });
        pos += item.length;
      } else if (item.content instanceof Y.ContentType) {
        const { type } = item.content as { type: unknown };
        const leaf = type instanceof Y.XmlElement && schema.nodes[type.nodeName]?.isLeaf === true;
        if (type instanceof Y.XmlElement) pos += 1;
        if (type instanceof Y.XmlText || (type instanceof Y.XmlElement && !leaf)) walk(type);
        if (type instanceof Y.XmlElement && !leaf) pos += 1;
      }
    }
  };
  walk(content);
  return runs;
}

/** The run that holds the character after `pos`. */
function runAt(runs: readonly Run[], pos: number): Run | undefined {
  let low = 0;
  let high = runs.length - 1;
  while (low <= high) {
    const middle = (low + high) >> 1;
    const run = runs[middle] as Run;
    if (pos < run.pos) high = middle - 1;
    else if (pos >= run.pos + run.length) low = middle + 1;
    else return run;
  }
  return undefined;
}

/** Finds where the character that stood after `pos` stands now; `null` when it was deleted (or copied elsewhere). */
export function characterFinder(before: readonly Run[], now: readonly Run[]): (pos: number) => number | null {
  const byClient = new Map<number, Run[]>();
  for (const run of now) {
    const list = byClient.get(run.client);
    if (list === undefined) byClient.set(run.client, [run]);
    else list.push(run);
  }
  return (pos) => {
    const run = runAt(before, pos);
    if (run === undefined) return null;
    const clock = run.clock + (pos - run.pos);
    const found = byClient
      .get(run.client)
      ?.find((other) => clock >= other.clock && clock < other.clock + other.length);
    return found ? found.pos + (clock - found.clock) : null;
  };
}

/** The part of `runs` between two positions, moved by `by`. */
export function cutRuns(runs: readonly Run[], from: number, to: number, by: number): Run[] {
  return runs.flatMap((run) => {
    const start = Math.max(from, run.pos);
    const end = Math.min(to, run.pos + run.length);
    if (start >= end) return [];
    return [
      { pos: start + by, length: end - start, client: run.client, clock: run.clock + (start - run.pos) },
    ];
  });
}
