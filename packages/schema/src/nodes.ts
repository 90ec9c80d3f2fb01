/** Upper bounds in seconds by which commits are counted; slower ones stand beyond the last. */
export const COMMIT_BOUNDS = [
  0.001, 0.002, 0.003, 0.005, 0.0075, 0.01, 0.015, 0.02, 0.03, 0.05, 0.075, 0.1, 0.15, 0.2, 0.3, 0.5, 0.75, 1,
  1.5, 2, 3, 5, 10, 30,
] as const;

/** Milliseconds between two reports of a process. */
export const REPORT_EVERY = 5_000;
/** Reports of which a process remembers how many edits it saved: five minutes. */
export const REPORTS_KEPT = 60;
/** Milliseconds without a report after which a process counts as silent. */
export const SILENT_AFTER = 20_000;

/** What a process says of its file store. */
export interface StoreState {
  well: boolean;
  ms: number;
  at: string;
}

/** The numbers of one process at one moment; no names, titles or addresses. */
export interface NodeFigures {
  /** Resident memory in bytes. */
  memory: number;
  /** Share of one processor since the last report, 0 to n. */
  processor: number;
  /** Only where documents and boards are served. */
  sync?: SyncFigures;
  /** Only where pages are served. */
  store?: StoreState | null;
  /** Jobs that are due and not begun, by name; only where the worker is. */
  jobs?: Record<string, number>;
}

export interface SyncFigures {
  /** Open sockets of documents and boards, and pages that hear of news. */
  connections: number;
  livePages: number;
  /** Different ones that somebody has open. */
  documents: number;
  boards: number;
  /** Live items in memory: those that are open, and those that were a moment ago. */
  loaded: number;
  /** Edits, and bytes, on their way into the journal. */
  waiting: number;
  waitingBytes: number;
  /** Milliseconds since the database last said which access epochs hold. */
  epochAge: number;
  suspended: boolean;
  /** Edits made durable in each of the last REPORTS_KEPT intervals, oldest first. */
  edits: number[];
  /** Commits of the last minute by COMMIT_BOUNDS, one more for those beyond. */
  commits: number[];
  /** Frames refused since the process began, by reason. */
  refused: Record<string, number>;
}

/** One process, as it last reported. */
export interface NodeRow {
  id: string;
  host: string;
  roles: string[];
  version: string;
  beganAt: Date;
  seenAt: Date;
  /** It has not reported for a while: it was killed, or cannot reach the database. */
  silent: boolean;
  figures: NodeFigures;
}

/** The installation in numbers, over all its processes. */
export interface Installation {
  /** The database's clock. */
  at: Date;
  nodes: NodeRow[];
  connections: number;
  livePages: number;
  documents: number;
  boards: number;
  waiting: number;
  waitingBytes: number;
  /** Of the node that is furthest behind, in milliseconds; null where nothing is served live. */
  epochAge: number | null;
  suspended: boolean;
  /** Edits saved a second: by report, oldest first. */
  edits: number[];
  /** Seconds until an edit was durable, over the last minute; null when there was none. */
  commit: { p50: number; p99: number; count: number } | null;
  /** Frames refused, by reason, most first. */
  refused: { reason: string; count: number }[];
  database: { ms: number; version: string; bytes: number };
  store: StoreState | null;
  worker: {
    running: boolean;
    /** Jobs that wait, by name. */
    jobs: { job: string; count: number }[];
    /** Events that no job has looked at yet, and how long the oldest has waited, in seconds. */
    events: number;
    eventsSince: number;
  };
  backup: { point: Date; files: number; bytes: number; missing: number } | null;
}
