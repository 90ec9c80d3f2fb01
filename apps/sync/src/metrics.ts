import { Counter, Gauge, Histogram } from 'prom-client';

/** What one node is asked when somebody looks. */
export interface NodeFigures {
  /** Sockets of live items. */
  connections(): number;
  /** Documents and boards in memory. */
  items(): number;
  /** Edits on their way into the journal. */
  pending(): number;
  /** Pages that listen to live rooms. */
  livePages(): number;
  /** Milliseconds since the database last said which access epochs hold. */
  epochAge(): number;
}

const nodes = new Set<NodeFigures>();

function gauge(name: string, help: string, of: (figures: NodeFigures[]) => number): void {
  new Gauge({
    name,
    help,
    collect() {
      this.set(of([...nodes]));
    },
  });
}
const sum = (of: (figures: NodeFigures) => number) => (figures: NodeFigures[]) =>
  figures.reduce((total, node) => total + of(node), 0);

gauge(
  'engawa_sync_connections',
  'Open sockets of live items',
  sum((node) => node.connections()),
);
gauge(
  'engawa_sync_items',
  'Live items in memory',
  sum((node) => node.items()),
);
gauge(
  'engawa_journal_pending',
  'Edits on their way into the journal',
  sum((node) => node.pending()),
);
gauge(
  'engawa_live_pages',
  'Pages that listen to live rooms',
  sum((node) => node.livePages()),
);
gauge(
  'engawa_access_epoch_age_seconds',
  'Since access epochs were last confirmed; connections are suspended at 3',
  (figures) => Math.max(0, ...figures.map((node) => node.epochAge() / 1_000)),
);

/** How long an edit takes until it is durable, group commit included. */
export const commitSeconds = new Histogram({
  name: 'engawa_commit_seconds',
  help: 'From an edit to its durable commit',
  buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5],
});

/** Connections of live items that the server ended, by the names of SYNC_CLOSE. */
export const endedTotal = new Counter({
  name: 'engawa_sync_ended_total',
  help: 'Connections that the server ended: malformed, tooLarge, refused, tooMany and behind are frames it refused',
  labelNames: ['reason'],
});

/** Counts this node in; returns how to take it out again. */
export function countNode(figures: NodeFigures): () => void {
  nodes.add(figures);
  return () => void nodes.delete(figures);
}
