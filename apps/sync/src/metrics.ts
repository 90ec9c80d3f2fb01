import { COMMIT_BOUNDS, REPORT_EVERY, REPORTS_KEPT, type SyncEnd, type SyncFigures } from '@engawa/schema';
import { Counter, Gauge, Histogram } from 'prom-client';

/** What one node is asked when somebody looks. */
export interface NodeGauges {
  /** Sockets of live items. */
  connections(): number;
  /** Different items that sockets are open for, by kind. */
  open(): { documents: number; boards: number };
  /** Documents and boards in memory. */
  items(): number;
  /** Edits, and bytes, on their way into the journal. */
  pending(): number;
  pendingBytes(): number;
  /** Pages that listen to live rooms. */
  livePages(): number;
  /** Milliseconds since the database last said which access epochs hold. */
  epochAge(): number;
  suspended(): boolean;
}

const nodes = new Set<NodeGauges>();

function gauge(name: string, help: string, of: (node: NodeGauges) => number, fold: 'sum' | 'max'): void {
  new Gauge({
    name,
    help,
    collect() {
      const values = [...nodes].map(of);
      this.set(fold === 'max' ? Math.max(0, ...values) : values.reduce((sum, value) => sum + value, 0));
    },
  });
}
gauge('engawa_sync_connections', 'Open sockets of live items', (node) => node.connections(), 'sum');
gauge('engawa_sync_items', 'Live items in memory', (node) => node.items(), 'sum');
gauge(
  'engawa_journal_pending',
  'Edits on their way into the journal (queue depth)',
  (node) => node.pending(),
  'sum',
);
gauge(
  'engawa_journal_pending_bytes',
  'Bytes on their way into the journal; appends beyond 64 MiB are refused',
  (node) => node.pendingBytes(),
  'sum',
);
gauge('engawa_live_pages', 'Pages that listen to live rooms', (node) => node.livePages(), 'sum');
gauge(
  'engawa_access_epoch_age_seconds',
  'Since access epochs were last confirmed; connections are suspended at 3',
  (node) => node.epochAge() / 1_000,
  'max',
);

/** How long an edit takes until it is durable, group commit included. */
export const commitSeconds = new Histogram({
  name: 'engawa_commit_seconds',
  help: 'From an edit to its durable commit',
  buckets: [...COMMIT_BOUNDS],
});

/** Edits that are durable; several may share a commit. */
export const editsTotal = new Counter({ name: 'engawa_edits_total', help: 'Edits made durable' });

/** Connections of live items that the server ended, by the names of SYNC_CLOSE. */
const endedTotal = new Counter({
  name: 'engawa_sync_ended_total',
  help: 'Connections that the server ended, by the names of SYNC_CLOSE',
  labelNames: ['reason'],
});

const refusedFrames = new Counter({
  name: 'engawa_sync_refused_frames_total',
  help: 'Frames that were refused: malformed, too large, too many, for an item that is full, content or client ids no page of ours sends, edits that miss others, edits by readers, carets and hands on boards that were left out',
  labelNames: ['reason'],
});

const refusedSockets = new Counter({
  name: 'engawa_sync_refused_sockets_total',
  help: 'Sockets that were refused before they opened: 403 another origin, 404 no such address, 503 draining or crowded',
  labelNames: ['status'],
});

/** Ends of a connection that are the refusal of a frame. */
const REFUSALS: readonly (SyncEnd | 'readOnly')[] = [
  'malformed',
  'tooLarge',
  'full',
  'refused',
  'tooMany',
  'behind',
  'readOnly',
];

/** Counts the end of a connection; where a frame was the cause, that as well. */
export function countEnd(reason: SyncEnd): void {
  endedTotal.inc({ reason });
  if (REFUSALS.includes(reason)) refusedFrames.inc({ reason });
}

/** Counts an edit that was not applied because its person may only read; the connection stays. */
export const countReadOnly = (): void => refusedFrames.inc({ reason: 'readOnly' });

/** Counts a frame that was left out, and whose connection stays. */
export const countRefusedFrame = (reason: 'caret' | 'hand'): void => refusedFrames.inc({ reason });

export const countRefusedSocket = (status: number): void => refusedSockets.inc({ status });

/** Counts this node in; returns how to take it out again. */
export function countNode(gauges: NodeGauges): () => void {
  nodes.add(gauges);
  return () => void nodes.delete(gauges);
}

/** Reads counters at each report and remembers what came between. */
export class Reports {
  #edits: number[] = [];
  #editsBefore: number | null = null;
  #commits: number[][] = [];

  /** The figures of this process now. Call it every REPORT_EVERY. */
  async next(): Promise<SyncFigures> {
    const edits = (await editsTotal.get()).values[0]?.value ?? 0;
    this.#edits = [...this.#edits, edits - (this.#editsBefore ?? edits)].slice(-REPORTS_KEPT);
    this.#editsBefore = edits;
    // One minute, and the count from which it began.
    this.#commits = [...this.#commits, await commitCounts()].slice(-(60_000 / REPORT_EVERY) - 1);
    const [first, last] = [this.#commits[0]!, this.#commits.at(-1)!];
    const all = [...nodes];
    const sum = (of: (node: NodeGauges) => number) => all.reduce((total, node) => total + of(node), 0);
    return {
      connections: sum((node) => node.connections()),
      livePages: sum((node) => node.livePages()),
      documents: sum((node) => node.open().documents),
      boards: sum((node) => node.open().boards),
      loaded: sum((node) => node.items()),
      waiting: sum((node) => node.pending()),
      waitingBytes: sum((node) => node.pendingBytes()),
      epochAge: Math.max(0, ...all.map((node) => node.epochAge())),
      suspended: all.some((node) => node.suspended()),
      edits: this.#edits,
      commits: last.map((count, at) => count - first[at]!),
      refused: await refusals(),
    };
  }
}

/** Commits within each bound alone, and those beyond the last. */
async function commitCounts(): Promise<number[]> {
  const { values } = await commitSeconds.get();
  const upTo = new Map(values.map(({ labels, value }) => [String(labels.le ?? ''), value]));
  const cumulative = [...COMMIT_BOUNDS.map(String), '+Inf'].map((bound) => upTo.get(bound) ?? 0);
  return cumulative.map((count, at) => count - (cumulative[at - 1] ?? 0));
}

async function refusals(): Promise<Record<string, number>> {
  const { values } = await refusedFrames.get();
  return Object.fromEntries(values.map(({ labels, value }) => [String(labels.reason), value]));
}
