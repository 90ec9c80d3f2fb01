import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { warmDatabase } from '@engawa/db';
import { drainJournal, traced, waitingBytes, type Services } from '@engawa/domain';
import type { Logger } from 'pino';
import { admit, heldLink } from './access/admission.ts';
import { Epochs } from './access/epochs.ts';
import { endOf } from './access/identify.ts';
import { openHocuspocus } from './documents/open-hocuspocus.ts';
import { OpenDocuments } from './documents/open-documents.ts';
import { MAX_ITEM } from './extensions/room.ts';
import { Tail } from './extensions/tail.ts';
import { countNode, type NodeGauges } from './metrics.ts';
import { startLive, type Live } from './live/start-live.ts';
import { Snapshots } from './snapshots/snapshots.ts';
import type { Link } from './sockets/link.ts';
import { createUpgrade } from './sockets/upgrade.ts';

export interface SyncOptions {
  services: Services;
  log: Logger;
  /** Whether pages of this origin may open sockets. */
  allowedOrigins: (origin: string) => boolean;
  /** A name for this node in the log. */
  node: string;
  /** Where nodes meet for carets and presence; null when this is the only one. */
  valkeyUrl?: string | null;
  /** Bytes that a live item may grow to. */
  maxItem?: number;
}

export interface Sync {
  /** Takes the upgrade when it is ours; false leaves it to others. */
  handleUpgrade(request: IncomingMessage, socket: Duplex, head: Buffer): boolean;
  /** Serves `/live` on this server. */
  attachLive(server: Server): void;
  /** Takes no more connections, closes every socket with 1012, and waits until what was being written is written. */
  drain(): Promise<void>;
  /** Whether the database answers, and nothing is being drained. */
  ready(): boolean;
}

/** Milliseconds that each step of a drain may take. */
const DRAIN = 3_000;

/** Live documents at `/sync/<item>` and live spaces at `/live`, on servers that somebody else runs. */
export function startSync(options: SyncOptions): Sync {
  const { services, log: parent, allowedOrigins, node, valkeyUrl, maxItem = MAX_ITEM } = options;
  const log = parent.child({ part: 'sync', node });
  const links = new Set<Link>();
  const documents = new OpenDocuments();
  const tail = new Tail(services.sql, documents, log);
  const live = startLive(services, allowedOrigins, log, valkeyUrl);
  const held = () => [...links].flatMap((link) => heldLink(services, link) ?? []);
  const epochs = new Epochs(services.sql, () => [...held(), ...live.held()], log);
  const known = new WeakMap<Link, Promise<unknown>>();
  const snapshots = new Snapshots(services.sql, documents, log);
  let draining = false;

  const whenKnown = (link: Link) => known.get(link) ?? Promise.reject(new Error('unknown link'));
  const hocuspocus = openHocuspocus({
    services,
    documents,
    tail,
    snapshots,
    links,
    whenKnown,
    maxItem,
    neighbours: live.neighbours,
  });

  const upgrade = createUpgrade({
    log,
    allowedOrigins,
    origin: services.origin,
    accepts: () => !draining,
    async open(link, request) {
      links.add(link);
      const asked = traced('sync.connect', { 'engawa.itemId': link.itemId }, () => admit(services, link));
      const admitted = asked.then(() => epochs.suspended && link.suspend());
      known.set(link, admitted);
      link.attach(hocuspocus.handleConnection(link, request, { link }), () => links.delete(link));
      await admitted.catch((error) => link.end(endOf(error), String(error)));
    },
  });

  snapshots.start();
  const uncount = countNode(gaugesOf(services, links, documents, live, epochs));
  // After a deploy everybody comes back at once. Nobody depends on it: what is not open yet opens when it is asked.
  warmDatabase(services.sql).catch((error) => log.debug({ err: error }, 'the pool could not be opened'));
  const started = Promise.all([tail.start(), epochs.start()]).catch((error) =>
    log.error({ err: error }, 'sync cannot listen'),
  );

  return {
    handleUpgrade: upgrade,
    attachLive: live.attach,
    ready: () => !draining && !epochs.suspended,
    async drain() {
      draining = true;
      uncount();
      // What is being written stays written; what was not acked, its client brings again elsewhere.
      for (const link of links) link.end('restart');
      await within(DRAIN, closed(links));
      await within(DRAIN, drainJournal(services));
      await within(
        DRAIN,
        started.then(() => Promise.all([tail.stop(), epochs.stop(), live.stop(), snapshots.stop()])),
      );
    },
  };
}

function gaugesOf(
  services: Services,
  links: Set<Link>,
  documents: OpenDocuments,
  live: Live,
  epochs: Epochs,
): NodeGauges {
  return {
    connections: () => links.size,
    open: () => openNow(links),
    pendingBytes: () => waitingBytes(services),
    suspended: () => epochs.suspended,
    items: () => documents.all().length,
    pending: () => documents.all().reduce((sum, open) => sum + open.pending, 0),
    livePages: live.pages,
    epochAge: () => epochs.age,
  };
}

/** What people have before them: different items with a socket. */
function openNow(links: Set<Link>): { documents: number; boards: number } {
  const names = { doc: new Set<string>(), board: new Set<string>() };
  for (const { identity, name } of links) if (identity) names[identity.kind.name].add(name);
  return { documents: names.doc.size, boards: names.board.size };
}

async function closed(links: Set<Link>): Promise<void> {
  while (links.size > 0) await new Promise((done) => setTimeout(done, 20));
}

/** Shutting down must end, also when the database is away: what was not written is still with its client. */
async function within(ms: number, work: Promise<unknown>): Promise<void> {
  await Promise.race([work, new Promise((done) => setTimeout(done, ms).unref())]);
}
