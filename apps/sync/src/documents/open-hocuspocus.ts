import { Hocuspocus, type Configuration, type Document } from '@hocuspocus/server';
import type { Services } from '@engawa/domain';
import { createAdmit } from '../extensions/admit.ts';
import { createAnswer } from '../extensions/answer.ts';
import { authenticate } from '../extensions/authenticate.ts';
import { awareness } from '../extensions/awareness.ts';
import { carets } from '../extensions/carets.ts';
import type { LinkContext } from '../extensions/context.ts';
import { journal } from '../extensions/journal.ts';
import type { Tail } from '../extensions/tail.ts';
import { createWrite } from '../extensions/write.ts';
import type { Neighbours } from '../nodes/neighbours.ts';
import type { Snapshots } from '../snapshots/snapshots.ts';
import type { Link } from '../sockets/link.ts';
import type { OpenDocuments } from './open-documents.ts';

export interface HocuspocusParts {
  services: Services;
  documents: OpenDocuments;
  tail: Tail;
  snapshots: Snapshots;
  links: Set<Link>;
  /** Resolves when the link's person is known and let in; rejects with the reason. */
  whenKnown(link: Link): Promise<unknown>;
  /** Bytes that an item may grow to. */
  maxItem: number;
  /** Other nodes, for the moments when two hold one document. */
  neighbours: Neighbours;
}

/** Hocuspocus with our extensions: it speaks the protocol and holds the documents, we decide. */
export function openHocuspocus(parts: HocuspocusParts): Hocuspocus<LinkContext> {
  const { services, documents, tail, snapshots, links, whenKnown, maxItem, neighbours } = parts;
  const linksWhere = (holds: (link: Link) => boolean) => [...links].filter(holds);
  const linksOn = (document: Document) => linksWhere((link) => link.connection?.document === document);
  const admit = createAdmit(documents, createWrite(services, tail, maxItem), tail);
  const answer = createAnswer(documents, tail);
  const hocuspocus = new Hocuspocus<LinkContext>({
    quiet: true,
    ...NO_HOOKS,
    // The group commit gathers already.
    flushDelay: 0,
    // Of what waits before the document is open; the link counts first.
    maxUnauthenticatedQueueMessages: 4_000,
    maxUnauthenticatedQueueSize: 32 << 20,
    maxPendingDocuments: 1,
    extensions: [
      authenticate(whenKnown, (document) => ({
        take: (link, updates) => admit(link, document, updates),
        answer: (link) => answer(link, document),
      })),
      journal(services, documents, tail, (name) => linksWhere((link) => link.name === name)),
      awareness(linksOn),
      carets(neighbours, linksOn),
      {
        async afterUnloadDocument({ documentName }) {
          const open = documents.delete(documentName);
          if (open) snapshots.closed(open);
        },
      },
    ],
  });
  tail.onSettled = ({ document }) => {
    if (document.getConnectionsCount() === 0) void hocuspocus.unloadDocument(document);
  };
  return hocuspocus;
}

/** Hocuspocus' own defaults do nothing, and would each cost a promise on every message. */
const NO_HOOKS: Partial<Configuration<LinkContext>> = {
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
