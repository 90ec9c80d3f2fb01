import type { OnClash } from '@engawa/schema';
import type { Clash, Outcome } from './upload-answers.ts';
import type { UploadFolders, UploadPlace } from './upload-folders.ts';
import { abandon, transfer } from './upload-line.ts';
import { Pace } from './upload-pace.ts';

/**
 * `asleep`: begun before a reload, and waits for the file. `waiting`: the line or the server is away, it goes on by
 * itself. `asking`: the name is taken, and a person decides.
 */
export type Phase =
  'queued' | 'sending' | 'waiting' | 'asking' | 'paused' | 'asleep' | 'failed' | 'skipped' | 'done';

/** Files that came in together: one answer may hold for all of them. */
export interface Batch {
  place: UploadPlace;
  folders: UploadFolders;
  rule: OnClash | 'skip';
}

/** Redraws a second are enough for a bar. */
const PROGRESS_MS = 200;
const FIRST_WAIT = 1_000;
const MOST_WAIT = 30_000;
/** A server that answers, and cannot, is left alone after so many times. */
const MOST_TRIES = 6;
const MOST_LOSSES = 2;

let count = 0;

/** One file on its way up. */
export class Upload {
  readonly id = `upload-${(count += 1)}`;
  readonly name: string;
  readonly size: number;
  readonly path: readonly string[];
  readonly batch: Batch;
  /** The file that gets a new version; null for a new file. */
  readonly itemId: string | null;
  file: File | null;
  url: string | null = null;
  /** The folder that it goes into, once that is there. */
  parentId: string | null;
  onClash: OnClash;
  clash: Clash | null = null;
  readonly pace = new Pace();

  phase = $state<Phase>('queued');
  /** Bytes that have gone. */
  sent = $state(0);
  /** Why it failed, in the server's words; null when there are none. */
  reason = $state.raw<{ message: string | null; again: boolean } | null>(null);
  /** Waits for a server that answers, rather than for the line. */
  held = $state.raw<string | null>(null);
  /** The file it became. */
  result = $state.raw<string | null>(null);

  #stop: AbortController | null = null;
  #drawn = 0;

  constructor(
    file: File | { name: string; size: number },
    batch: Batch,
    path: readonly string[] = [],
    itemId: string | null = null,
  ) {
    this.file = file instanceof File ? file : null;
    this.name = file.name;
    this.size = file.size;
    this.batch = batch;
    this.path = path;
    this.itemId = itemId;
    this.parentId = batch.place.parentId;
    this.onClash = batch.rule === 'skip' ? 'ask' : batch.rule;
  }

  /** Goes on until it is done, asks, fails or is stopped. Never throws. */
  async run(onurl: (url: string) => void, onmove: () => void): Promise<Outcome> {
    this.#stop?.abort();
    const stop = (this.#stop = new AbortController());
    this.phase = 'sending';
    this.reason = null;
    let losses = 0;
    for (let tries = 0; ; tries += 1) {
      const before = this.sent;
      const outcome = await this.#attempt(stop.signal, onurl, onmove);
      if (stop.signal.aborted) return { kind: 'stopped' };
      if (outcome.kind === 'lost' && losses < MOST_LOSSES) {
        losses += 1;
        [this.url, this.sent] = [null, 0];
        continue;
      }
      if (outcome.kind !== 'line' && outcome.kind !== 'later') return outcome;
      if (this.sent > before) tries = 0;
      if (outcome.kind === 'later' && tries + 1 >= MOST_TRIES)
        return { kind: 'refused', message: outcome.message, again: true };
      this.held = outcome.kind === 'later' ? outcome.message : null;
      this.phase = 'waiting';
      onmove();
      await pause(Math.min(FIRST_WAIT * 2 ** tries, MOST_WAIT), stop.signal);
      if (stop.signal.aborted) return { kind: 'stopped' };
      this.phase = 'sending';
    }
  }

  async #attempt(signal: AbortSignal, onurl: (url: string) => void, onmove: () => void): Promise<Outcome> {
    const { file, url } = this;
    if (!file) return { kind: 'stopped' };
    const { place, folders } = this.batch;
    try {
      if (!url) this.parentId = await folders.of(this.path);
    } catch (error) {
      const { body, status } = error as { body?: App.Error; status?: number };
      if (!status || status >= 500) return { kind: 'line' };
      return { kind: 'refused', message: body?.message ?? null, again: true };
    }
    const { name, itemId, onClash, parentId } = this;
    const metadata = {
      filename: name,
      filetype: file.type,
      spaceId: place.spaceId,
      onClash,
      ...(parentId && { parentId }),
      ...(itemId && { itemId }),
    };
    this.pace.forget();
    const onprogress = (bytes: number): void => this.#progress(bytes, signal, onmove);
    const outcome = await transfer(
      { file, url, metadata, onurl: (at) => onurl((this.url = at)), onprogress },
      signal,
    );
    if (outcome.kind === 'done') this.sent = this.size;
    return outcome;
  }

  #progress(bytes: number, signal: AbortSignal, onmove: () => void): void {
    const now = performance.now();
    if (signal.aborted || (now - this.#drawn < PROGRESS_MS && bytes < this.size)) return;
    this.#drawn = now;
    this.sent = bytes;
    this.pace.note(bytes, now);
    onmove();
  }

  /** Stops sending; what has arrived stays there. */
  stop(phase: Phase): void {
    this.#stop?.abort();
    this.#stop = null;
    this.pace.forget();
    this.phase = phase;
  }

  /** Stops, and has the server throw away what has arrived. */
  discard(): void {
    this.stop('skipped');
    if (this.url) void abandon(this.url);
  }
}

/** Waits, times 0.5 to 1.5 so that not everybody comes back at once; less when the browser hears that the line is back. */
function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((done) => {
    const timer = setTimeout(end, ms * (0.5 + Math.random()));
    addEventListener('online', end);
    signal.addEventListener('abort', end);
    function end(): void {
      clearTimeout(timer);
      removeEventListener('online', end);
      signal.removeEventListener('abort', end);
      done();
    }
  });
}
