import { COMMIT_BOUNDS, type NodeRow, REPORTS_KEPT, REPORT_EVERY, type SyncFigures } from '@engawa/schema';

/** Sums lists place by place, by their ends: the last of each is the newest. */
export function sumByEnd(lists: number[][], length: number): number[] {
  return Array.from({ length }, (_, at) =>
    lists.reduce((sum, list) => sum + (list[list.length - length + at] ?? 0), 0),
  );
}

/**
 * The value below which `share` of what was counted lies, in the unit of `bounds`: within a bound it is taken to be
 * spread evenly. Null when nothing was counted; what lies beyond the last bound is given as that.
 */
export function percentile(
  counts: number[],
  share: number,
  bounds: readonly number[] = COMMIT_BOUNDS,
): number | null {
  const total = counts.reduce((sum, count) => sum + count, 0);
  if (total === 0) return null;
  let below = 0;
  for (const [at, upper] of bounds.entries()) {
    const count = counts[at] ?? 0;
    if (count > 0 && below + count >= share * total) {
      const lower = at === 0 ? 0 : bounds[at - 1]!;
      return lower + ((share * total - below) / count) * (upper - lower);
    }
    below += count;
  }
  return bounds.at(-1)!;
}

/** What all nodes together do. A silent one is not counted: nobody is on it any more, as far as anybody knows. */
export function together(nodes: NodeRow[]) {
  const live = nodes.flatMap(({ silent, figures }) => (silent || !figures.sync ? [] : [figures.sync]));
  const sum = (of: (figures: SyncFigures) => number) =>
    live.reduce((total, figures) => total + of(figures), 0);
  const commits = sumByEnd(
    live.map(({ commits }) => commits),
    COMMIT_BOUNDS.length + 1,
  );
  const [p50, p99] = [percentile(commits, 0.5), percentile(commits, 0.99)];
  const edits = sumByEnd(
    live.map((figures) => figures.edits),
    REPORTS_KEPT,
  );
  return {
    connections: sum((figures) => figures.connections),
    livePages: sum((figures) => figures.livePages),
    documents: sum((figures) => figures.documents),
    boards: sum((figures) => figures.boards),
    waiting: sum((figures) => figures.waiting),
    waitingBytes: sum((figures) => figures.waitingBytes),
    epochAge: live.length > 0 ? Math.max(...live.map(({ epochAge }) => epochAge)) : null,
    suspended: live.some(({ suspended }) => suspended),
    edits: edits.map((count) => (count * 1_000) / REPORT_EVERY),
    commit:
      p50 === null || p99 === null
        ? null
        : { p50, p99, count: commits.reduce((total, count) => total + count, 0) },
    refused: refusedBy(live),
  };
}

function refusedBy(live: SyncFigures[]): { reason: string; count: number }[] {
  const counts = new Map<string, number>();
  for (const { refused } of live)
    for (const [reason, count] of Object.entries(refused))
      counts.set(reason, (counts.get(reason) ?? 0) + count);
  return [...counts]
    .filter(([, count]) => count > 0)
    .map(([reason, count]) => ({ reason, count }))
    .sort((a, b) => b.count - a.count || a.reason.localeCompare(b.reason));
}
