import {
  SYNC_CLOSE,
  afterClose,
  documentName,
  readNotice,
  storedCopyName,
  syncPath,
  trackSaved,
} from '@engawa/schema';
import type { SyncEnd } from '@engawa/schema';
import { HocuspocusProvider, WebSocketStatus } from '@hocuspocus/provider';
import type { IndexeddbPersistence } from 'y-indexeddb';
import * as Y from 'yjs';
import type { DocState } from '#lib/docs/doc-state.svelte.ts';
import { earlierCopies, forgetCopies, markUnsent } from '#lib/offline/device.ts';
import { line } from '#lib/offline/line.svelte.ts';
import { openCopy } from './browser-copy.ts';
import { OwnEdits, type Unsaved } from './own-edits.ts';
import { unsentIn } from './unsent-in.ts';

/** Long enough for a slow municipal line, short enough that nobody thinks the page is broken. */
const BLOCKED_MS = 8000;
/** Edits that come together share one message: each waits for one commit. */
const FLUSH_MS = 40;
/** Most edits are saved sooner than anybody could sign out. */
const MARK_MS = 700;

/** The server does not take what this page holds. */
const REFUSED: ReadonlySet<SyncEnd> = new Set(['refused', 'malformed', 'tooLarge', 'full']);

/** What shows the shared content: an editor, a board. Made when the content has come, and thrown away with it. */
export interface ItemView {
  setReadOnly(readOnly: boolean): void;
  /** Writes what is still in the hand: a composition that is not yet in the document. */
  letGo(): void;
  destroy(): void;
}

export interface ItemConnectionOptions {
  /** `keeps`: whether this device may hold a copy. */
  item: { id: string; generation: number; keeps: boolean };
  personId: string;
  canEdit: boolean;
  open: (doc: Y.Doc, provider: HocuspocusProvider) => ItemView;
  /** The person's own words among what is not saved, to be given back when they cannot be. */
  ownText: (doc: Y.Doc, unsaved: Unsaved) => string;
}

interface Parts {
  doc: Y.Doc;
  copy: IndexeddbPersistence | null;
  own: OwnEdits;
  saved: ReturnType<typeof trackSaved>;
  provider: HocuspocusProvider;
  view: ItemView | null;
}

/**
 * One open item: its Yjs document, the socket, the copy in this browser and what shows it, made together and thrown
 * away together. A refused write makes all of them anew: lifting it in place would leave gaps that never heal.
 */
export class ItemConnection {
  private parts: Parts | null = null;
  private stopped = false;
  private patience: ReturnType<typeof setTimeout> | undefined;
  private unsent = false;
  private marking: ReturnType<typeof setTimeout> | undefined;
  private readonly state: DocState;
  private readonly options: ItemConnectionOptions;

  constructor(state: DocState, options: ItemConnectionOptions) {
    this.state = state;
    this.options = options;
    state.readOnly = !options.canEdit;
    window.addEventListener('pagehide', this.letGo);
    window.addEventListener('online', this.backOnline);
    void this.build();
    void this.handBackEarlier();
  }

  /** Leaves the item; the browser's copy stays. */
  destroy(): void {
    this.stopped = true;
    this.tearDown();
  }

  /** Access is gone: what is one's own and unsent is kept aside, everything else is forgotten, here and on disk. */
  end(why: SyncEnd): void {
    if (this.stopped) return;
    this.stopped = true;
    this.letGo();
    const { parts } = this;
    if (parts && (parts.saved.pending > 0 || this.state.held)) this.rescue(this.ownText(parts));
    this.state.end = why;
    this.state.phase = 'ended';
    this.state.ready = false;
    // Whoever signs in again goes on with the copy; a damaged record may be mended from it.
    if (why !== 'signedOut' && why !== 'damaged') void parts?.copy?.clearData();
    this.tearDown();
  }

  private readonly letGo = () => this.parts?.view?.letGo();

  private ownText({ doc, own }: Parts): string {
    return this.options.ownText(doc, own.unsaved);
  }

  private rescue(text: string): void {
    this.state.rescued = [this.state.rescued, text].filter((part) => part !== '').join('\n');
  }

  /** What was typed here before the item began anew, and never sent, must not merge into it. */
  private async handBackEarlier(): Promise<void> {
    const { item, personId, ownText } = this.options;
    for (const copy of await earlierCopies(personId, item.id, item.generation)) {
      const text = await unsentIn(copy.name, ownText);
      // On a page that was left nobody would see it: the next one offers it.
      if (this.stopped) return;
      this.rescue(text);
      await forgetCopies([copy]);
    }
  }

  /** The network is back: at once, not when the next attempt is due. */
  private readonly backOnline = () => {
    if (this.parts && this.state.phase === 'offline') this.comeBack(this.parts.provider);
  };

  private async build(): Promise<void> {
    const { item, personId, canEdit } = this.options;
    const doc = new Y.Doc();
    const copy =
      canEdit && item.keeps
        ? openCopy(storedCopyName(personId, item.id, item.generation), doc, () => (this.state.kept = false))
        : null;
    this.state.kept = copy !== null || !canEdit;
    const own = new OwnEdits(doc, copy);
    // A browser that refuses storage (private windows) still edits.
    await Promise.race([
      (copy?.whenSynced ?? Promise.resolve()).then(() => own.load()).catch(() => {}),
      new Promise((resolve) => setTimeout(resolve, 1500)),
    ]);
    if (this.stopped) return void copy?.destroy();
    const saved = trackSaved();
    doc.on('update', (_: Uint8Array, origin: unknown) => {
      if (origin !== this.parts?.provider) saved.edited();
    });
    saved.onChange(() => this.tellSaved());
    const provider = this.connect(doc, saved.WebSocket);
    this.parts = { doc, copy, own, saved, provider, view: null };
    this.listen(provider);
    // Opened without a connection: the copy is what was last read, with what was typed since.
    if (line.away && copy && doc.store.clients.size > 0) this.show('offline');
    this.patience = setTimeout(() => {
      if (this.state.phase === 'connecting') this.state.phase = 'blocked';
    }, BLOCKED_MS);
  }

  private connect(document: Y.Doc, WebSocketPolyfill: typeof WebSocket): HocuspocusProvider {
    const { item } = this.options;
    return new HocuspocusProvider({
      url: `${location.origin.replace(/^http/, 'ws')}${syncPath(item.id, item.generation)}`,
      name: documentName(item.id, item.generation),
      document,
      token: 'cookie',
      flushDelay: FLUSH_MS,
      // `delay` is also the pause before the first attempt to come back: random, so that a restart makes no herd.
      // Whole milliseconds: given a fraction, the provider never connects and says nothing (4.8.0).
      delay: 300 + Math.floor(Math.random() * 900),
      minDelay: 300,
      maxDelay: 15_000,
      jitter: true,
      WebSocketPolyfill,
    } as ConstructorParameters<typeof HocuspocusProvider>[0]);
  }

  private listen(provider: HocuspocusProvider): void {
    provider.on('authenticated', () => this.setReadOnly(provider.authorizedScope === 'readonly'));
    provider.on('synced', () => this.show());
    provider.on('stateless', ({ payload }: { payload: string }) => this.notice(payload));
    provider.on('disconnect', () => {
      if (this.state.ready && !this.stopped) this.state.phase = 'offline';
    });
    provider.on('close', ({ event }: { event: { code: number } }) => this.closed(event.code));
  }

  private show(phase: 'live' | 'offline' = 'live'): void {
    const { parts, state } = this;
    if (this.stopped || parts === null) return;
    clearTimeout(this.patience);
    state.phase = phase;
    state.suspended = false;
    if (parts.view !== null) return;
    parts.view = this.options.open(parts.doc, parts.provider);
    state.ready = true;
  }

  private setReadOnly(readOnly: boolean): void {
    this.state.readOnly = readOnly;
    this.parts?.view?.setReadOnly(readOnly);
  }

  private notice(payload: string): void {
    const notice = readNotice(payload);
    if (notice?.kind === 'suspended') this.state.suspended = true;
    else if (notice?.kind === 'resumed') this.state.suspended = false;
    else if (notice?.kind === 'access') {
      this.setReadOnly(notice.readOnly);
      if (notice.readOnly && this.parts && this.parts.saved.state !== 'saved') this.rebuild();
    }
  }

  private closed(code: number): void {
    if (this.stopped || !this.parts) return;
    if (afterClose(code) === 'retry') {
      // Hocuspocus' own close leaves the socket open and the provider deaf until it comes back by itself.
      if (code === 1000) this.comeBack(this.parts.provider);
      return;
    }
    this.parts.provider.disconnect();
    const why =
      (Object.keys(SYNC_CLOSE) as SyncEnd[]).find((end) => SYNC_CLOSE[end].code === code) ?? 'refused';
    if (why === 'full') this.state.full = true;
    if (REFUSED.has(why)) this.rebuild();
    else this.end(why);
  }

  /** Drops the socket, whatever state it is in, and connects anew a moment later. */
  private comeBack(provider: HocuspocusProvider): void {
    const connect = () => {
      provider.off('disconnect', connect);
      if (this.parts?.provider === provider) void provider.connect();
    };
    provider.disconnect();
    setTimeout(
      () => {
        // While the old socket is still closing, `connect` does nothing; a dead line makes that long.
        if (provider.configuration.websocketProvider.status !== WebSocketStatus.Connected) connect();
        else provider.on('disconnect', connect);
      },
      300 + Math.random() * 900,
    );
  }

  /** The server will not take what this document holds: keep the person's text aside and begin anew from the server's. */
  private rebuild(): void {
    this.letGo();
    const { parts, state } = this;
    if (parts) this.rescue(this.ownText(parts));
    const cleared = parts?.copy?.clearData() ?? Promise.resolve();
    this.tearDown();
    state.ready = false;
    state.phase = 'connecting';
    state.saved = 'saved';
    // A moment, so that a document that is refused at once does not go round and round.
    void cleared.finally(() =>
      setTimeout(() => this.stopped || void this.build(), 1000 + Math.random() * 1000),
    );
  }

  private tellSaved(): void {
    const { parts, state } = this;
    if (!parts) return;
    const { state: now } = parts.saved;
    if (now === 'saved') parts.own.saved();
    this.markSoon(now !== 'saved');
    state.saved = now === 'refused' ? 'unsaved' : now;
  }

  /** So that a sign-out, which clears this device, asks first. */
  private markSoon(unsent: boolean): void {
    if (!this.parts?.copy || unsent === this.unsent) return;
    this.unsent = unsent;
    clearTimeout(this.marking);
    const { name } = this.parts.copy;
    this.marking = setTimeout(() => void markUnsent(name, this.unsent), MARK_MS);
  }

  private tearDown(): void {
    clearTimeout(this.patience);
    if (this.stopped) {
      window.removeEventListener('pagehide', this.letGo);
      window.removeEventListener('online', this.backOnline);
    }
    const { parts } = this;
    this.parts = null;
    if (parts === null) return;
    parts.view?.destroy();
    parts.provider.destroy();
    void parts.copy?.destroy();
    parts.doc.destroy();
  }
}
