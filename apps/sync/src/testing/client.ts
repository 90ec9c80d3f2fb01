import { HocuspocusProvider } from '@hocuspocus/provider';
import {
  documentName,
  readNotice,
  syncPath,
  trackSaved,
  type SavedTracker,
  type SyncNotice,
} from '@engawa/schema';
import { WebSocket } from 'ws';
import * as Y from 'yjs';
import { sheet, type Paper } from './paper.ts';

export interface TestClientOptions {
  /** `ws://127.0.0.1:3400` */
  url: string;
  itemId: string;
  generation?: number;
  /** The session token, or null for none. */
  token: string | null;
  origin?: string;
  cookie?: string;
  doc?: Y.Doc;
  /** What kind of item it is; a document, when it is not said. */
  paper?: Paper;
  /** Milliseconds in which the provider gathers keystrokes; pages use 40. */
  flushDelay?: number;
  /** How long it waits before it comes back: as the app's pages do, or hardly, which is what tests want that wait for it. */
  pace?: 'page' | 'test';
  /** Milliseconds without a word from the server after which it comes back by itself; the provider's own are 30 000. */
  patience?: number | undefined;
}

/** A page as the browser would be: provider, document, and what it was told. */
export interface TestClient {
  readonly doc: Y.Doc;
  readonly provider: HocuspocusProvider;
  readonly saved: SavedTracker;
  readonly notices: SyncNotice[];
  readonly closes: { code: number; reason: string }[];
  /** The socket it has now. */
  socket(): WebSocket | null;
  /** Types into the only paragraph, which it makes when there is none; on a board, makes a note. */
  type(text: string, at?: number): void;
  text(): string;
  /** Resolves when everything typed is durable. */
  whenSaved(ms?: number): Promise<void>;
  stop(): void;
}

const PACES = {
  /** As in the web app, `lib/live/item-connection.ts`. */
  page: () => ({ delay: 300 + Math.floor(Math.random() * 900), minDelay: 300, maxDelay: 15_000 }),
  test: () => ({ delay: 100 + Math.floor(Math.random() * 100), minDelay: 100, maxDelay: 400 }),
};

/** Opens an item as a page does, over a real socket. */
export function openClient(options: TestClientOptions): TestClient {
  const { url, itemId, generation = 1, token, origin = 'http://localhost:3000', paper = sheet } = options;
  const doc = options.doc ?? new Y.Doc();
  const headers = { origin, cookie: options.cookie ?? (token ? `engawa_session=${token}` : '') };
  class Socket extends WebSocket {
    constructor(address: string | URL) {
      super(address, { headers });
      // A page that leaves before it was connected is nobody's error.
      this.on('error', () => {});
    }
  }
  const saved = trackSaved(Socket as unknown as typeof globalThis.WebSocket);
  const notices: SyncNotice[] = [];
  const closes: { code: number; reason: string }[] = [];
  doc.on('update', (_update, from) => from !== provider && saved.edited());
  const provider = new HocuspocusProvider({
    url: `${url}${syncPath(itemId, generation)}`,
    name: documentName(itemId, generation),
    document: doc,
    token: 'cookie',
    flushDelay: options.flushDelay ?? false,
    ...PACES[options.pace ?? 'test'](),
    ...(options.patience ? { messageReconnectTimeout: options.patience } : {}),
    WebSocketPolyfill: saved.WebSocket,
    onStateless({ payload }) {
      const notice = readNotice(payload);
      if (notice) notices.push(notice);
    },
    onClose({ event }) {
      closes.push({ code: event.code, reason: event.reason });
    },
  } as ConstructorParameters<typeof HocuspocusProvider>[0]);
  return {
    doc,
    provider,
    saved,
    notices,
    closes,
    socket: () => provider.configuration.websocketProvider.webSocket as unknown as WebSocket | null,
    type: (text, at) => paper.write(doc, text, at),
    text: () => paper.read(doc),
    whenSaved: (ms = 5_000) =>
      until(
        () => saved.state === 'saved',
        ms,
        () => `not saved: ${saved.state}`,
      ),
    stop() {
      provider.destroy();
    },
  };
}

/** The text of every paragraph, as plain text. */
export const textOf = (doc: Y.Doc): string => sheet.read(doc);

/** Resolves when it holds; else throws what `say` says. */
export async function until(
  holds: () => unknown,
  ms = 5_000,
  say: () => string = () => 'it never happened',
): Promise<void> {
  const end = Date.now() + ms;
  while (!(await holds())) {
    if (Date.now() > end) throw new Error(`${say()} (${ms} ms)`);
    await new Promise((done) => setTimeout(done, 5));
  }
}
