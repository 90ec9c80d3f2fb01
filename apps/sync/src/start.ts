import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { Hocuspocus, type Configuration } from '@hocuspocus/server';
import { drainJournal, type Services } from '@engawa/domain';
import type { Logger } from 'pino';
import { OpenDocuments } from './documents/open-documents.ts';
import { authenticate } from './extensions/authenticate.ts';
import { awareness } from './extensions/awareness.ts';
import { Epochs } from './extensions/epochs.ts';
import { journal } from './extensions/journal.ts';
import { Tail } from './extensions/tail.ts';
import { endOf } from './sockets/identify.ts';
import type { Link } from './sockets/link.ts';
import { createUpgrade } from './sockets/upgrade.ts';

export interface SyncOptions {
  services: Services;
  log: Logger;
  /** Whether pages of this origin may open sockets. */
  allowedOrigins: (origin: string) => boolean;
  /** A name for this node in the log. */
  node: string;
}

export interface Sync {
  /** Takes the upgrade when it is ours; false leaves it to others. */
  handleUpgrade(request: IncomingMessage, socket: Duplex, head: Buffer): boolean;
  /** Serves `/live` on this server. */
  attachLive(server: Server): void;
  /** Takes no more connections, writes down what is on its way, closes every socket with 1012. */
  drain(): Promise<void>;
  /** Whether the database answers, and nothing is being drained. */
  ready(): boolean;
}

/** Hocuspocus' own defaults do nothing, and would each cost a promise on every message. */
const NO_HOOKS: Partial<Configuration> = {
  onConfigure: undefined,
  onConnect: undefined,
  connected: undefined,
  beforeHandleMessage: undefined,
  afterHandleMessage: undefined,
  beforeHandleAwareness: undefined,
  beforeSync: undefined,
  beforeBroadcastStateless: undefined,
  onStateless: undefined,
  onChange: undefined,
  onCreateDocument: undefined,
  onLoadDocument: undefined,
  onStoreDocument: undefined,
  afterStoreDocument: undefined,
  onAwarenessUpdate: undefined,
  onDisconnect: undefined,
};

/** Live documents at `/sync/<item>` and live spaces at `/live`, on servers that somebody else runs. */
export function startSync({ services, log: parent, allowedOrigins, node }: SyncOptions): Sync {
  const log = parent.child({ part: 'sync', node });
  const links = new Set<Link>();
  const documents = new OpenDocuments();
  const tail = new Tail(services.sql, documents, log);
  const epochs = new Epochs(services, () => links, log);
  const known = new WeakMap<Link, Promise<void>>();
  let draining = false;

  const hocuspocus = new Hocuspocus({
    quiet: true,
    ...NO_HOOKS,
    flushDelay: 0,
    // Of what waits before the document is open; the link counts first.
    maxUnauthenticatedQueueMessages: 4_000,
    maxUnauthenticatedQueueSize: 32 << 20,
    maxPendingDocuments: 1,
    extensions: [
      authenticate((link) => known.get(link) ?? Promise.reject(new Error('unknown link'))),
      journal(services, documents, tail, (name) => [...links].filter((link) => link.name === name)),
      awareness((document) => [...links].filter((link) => link.connection?.document === document)),
      {
        async afterUnloadDocument({ documentName }) {
          documents.delete(documentName);
        },
      },
    ],
  });
  tail.onSettled = (open) => {
    if (open.document.getConnectionsCount() === 0) void hocuspocus.unloadDocument(open.document);
  };

  const upgrade = createUpgrade({
    log,
    allowedOrigins,
    origin: services.origin,
    accepts: () => !draining,
    open(link, request) {
      links.add(link);
      const admitted = epochs.admit(link);
      known.set(link, admitted);
      admitted.catch((error) => link.end(endOf(error), String(error)));
      link.attach(hocuspocus.handleConnection(link, request, { link }), () => links.delete(link));
    },
  });

  const started = Promise.all([tail.start(), epochs.start()]).catch((error) =>
    log.error({ err: error }, 'sync cannot listen'),
  );

  return {
    handleUpgrade: upgrade,
    attachLive() {},
    ready: () => !draining && !epochs.suspended,
    async drain() {
      draining = true;
      await started;
      await drainJournal(services);
      for (const link of links) link.end('restart');
      await closed(links);
      await Promise.all([tail.stop(), epochs.stop()]);
      await drainJournal(services);
    },
  };
}

async function closed(links: Set<Link>): Promise<void> {
  const end = Date.now() + 3_000;
  while (links.size > 0 && Date.now() < end) await new Promise((done) => setTimeout(done, 20));
}
