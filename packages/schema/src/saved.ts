/**
 * Whether everything typed here is durable on the server, told from the frames themselves.
 *
 * `HocuspocusProvider.unsyncedChanges` does not say so after a reconnect: it begins again at 1 while the acks of
 * the edits queued offline arrive one by one, and shows 0 before the first of them is written (seen with 4.8.0).
 */
export type SavedState = 'saved' | 'saving' | 'unsaved' | 'refused';

export interface SavedTracker {
  /** `saving`: on its way. `unsaved`: no connection. `refused`: the server said no to an edit of this document. */
  readonly state: SavedState;
  /** Edits not known to be durable; 0 exactly when `state` is `saved`. */
  readonly pending: number;
  /** A local edit: `doc.on('update', (_, origin) => origin !== provider && tracker.edited())`, registered BEFORE the provider is made. */
  edited(): void;
  /** Give this to the provider as `WebSocketPolyfill`. */
  readonly WebSocket: typeof WebSocket;
  /** Hears of every change of `state` or `pending`. Returns the way to stop. */
  onChange(listen: (tracker: SavedTracker) => void): () => void;
}

const SYNC = 0;
const SYNC_STATUS = 8;
const STEP_TWO = 1;
const UPDATE = 2;

/** Makes a tracker for one Yjs document. The server acks each step 2 and each update once, in order. */
export function trackSaved(Base: typeof WebSocket = WebSocket): SavedTracker {
  const listeners = new Set<(tracker: SavedTracker) => void>();
  let edits = 0;
  let saved = 0;
  let refused = false;
  /** The socket in use; frames and ends of those before it say nothing any more. */
  let current: WebSocket | null = null;
  /** For each frame on its way, how many edits it and those before it cover. */
  let onTheWay: number[] = [];
  let greeted = false;

  const tell = () => listeners.forEach((listen) => listen(tracker));

  function sent(data: unknown) {
    const kind = frameKind(data);
    if (kind !== STEP_TWO && kind !== UPDATE) return;
    // Step 2 holds everything the server lacks. An update sent before it proves nothing about what was typed offline.
    if (kind === STEP_TWO) greeted = true;
    onTheWay.push(greeted ? edits : 0);
  }

  function received(data: unknown) {
    const status = frameStatus(data);
    if (status === null) return;
    const covered = onTheWay.shift() ?? 0;
    if (status) saved = Math.max(saved, covered);
    else refused = true;
    tell();
  }

  function use(socket: WebSocket | null) {
    current = socket;
    greeted = false;
    onTheWay = [];
    // The first socket has to prove that what the browser had stored is on the server too.
    if (socket && edits === 0) edits = 1;
    tell();
  }

  const line: Line = { use, sent, received, isCurrent: (socket) => socket === current };
  const tracker: SavedTracker = {
    get state() {
      if (refused) return 'refused';
      if (edits === saved) return 'saved';
      return current ? 'saving' : 'unsaved';
    },
    get pending() {
      return edits - saved;
    },
    edited() {
      edits += 1;
      tell();
    },
    WebSocket: trackedSocket(Base, line),
    onChange(listen) {
      listeners.add(listen);
      return () => listeners.delete(listen);
    },
  };
  return tracker;
}

interface Line {
  use(socket: WebSocket | null): void;
  sent(data: unknown): void;
  received(data: unknown): void;
  isCurrent(socket: WebSocket): boolean;
}

/** A WebSocket that tells what goes over it. */
function trackedSocket(Base: typeof WebSocket, line: Line): typeof WebSocket {
  return class extends Base {
    constructor(url: string | URL, protocols?: string | string[]) {
      super(url, protocols);
      this.addEventListener('open', () => line.use(this));
      this.addEventListener('close', () => line.isCurrent(this) && line.use(null));
      this.addEventListener('message', (event) => line.isCurrent(this) && line.received(event.data));
    }

    override send(data: Parameters<WebSocket['send']>[0]): void {
      super.send(data);
      if (line.isCurrent(this)) line.sent(data);
    }
  };
}

/** The kind of a sync frame (0 step 1, 1 step 2, 2 update), or null for any other frame. */
function frameKind(data: unknown): number | null {
  const read = reader(data);
  return read?.address() && read.number() === SYNC ? read.number() : null;
}

/** What a SyncStatus frame says, or null for any other frame. */
function frameStatus(data: unknown): boolean | null {
  const read = reader(data);
  return read?.address() && read.number() === SYNC_STATUS ? read.number() === 1 : null;
}

/** lib0's variable-length numbers: seven bits a byte, the lowest first. */
function reader(data: unknown) {
  const bytes = data instanceof Uint8Array ? data : data instanceof ArrayBuffer ? new Uint8Array(data) : null;
  if (!bytes) return null;
  let at = 0;
  const number = () => {
    let value = 0;
    for (let unit = 1; ; unit *= 128) {
      const byte = bytes[at++] ?? 0;
      value += (byte & 127) * unit;
      if (byte < 128) return value;
    }
  };
  const address = () => {
    const length = number();
    at += length;
    return at <= bytes.length;
  };
  return { number, address };
}
