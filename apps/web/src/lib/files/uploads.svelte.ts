import type { ItemRow, OnClash } from '@engawa/schema';
import type { Outcome } from './upload-answers.ts';
import { UploadFolders, type UploadPlace } from './upload-folders.ts';
import { arrived } from './upload-line.ts';
import { holdName, runningElsewhere } from './upload-locks.ts';
import { type Kept, UploadMemory } from './upload-memory.ts';
import { secondsLeft } from './upload-pace.ts';
import { type Incoming } from './upload-sources.ts';
import { type Batch, type Phase, Upload } from './upload.svelte.ts';

/** Files that go at once: enough to fill a line, few enough that each is seen to move. */
const AT_ONCE = 3;
const TALLY_MS = 250;

const RUNNING: readonly Phase[] = ['sending', 'waiting'];
const OPEN: readonly Phase[] = ['queued', 'sending', 'waiting', 'asking'];

/** The whole list in numbers. */
export interface Tally {
  files: number;
  bytes: number;
  sent: number;
  running: number;
  /** Not over, and going on by themselves or by an answer. */
  open: number;
  waiting: number;
  paused: number;
  asleep: number;
  failed: number;
  done: number;
  speed: number;
  left: number | null;
}

const NOTHING: Tally = {
  files: 0,
  bytes: 0,
  sent: 0,
  running: 0,
  open: 0,
  waiting: 0,
  paused: 0,
  asleep: 0,
  failed: 0,
  done: 0,
  speed: 0,
  left: null,
};

export type Answer = OnClash | 'skip';

/**
 * Everything that this page brings up. It lives beside the pages, so that walking about in the app stops nothing, and
 * it keeps a line for every file until a person sends it away.
 */
class Uploads {
  list = $state.raw<readonly Upload[]>([]);
  tally = $state.raw<Tally>(NOTHING);
  /** Files found so far in folders that are still being read; null when none is. */
  reading = $state<number | null>(null);
  /** Those whose name is taken, in the order in which they are asked about. */
  asking = $state.raw<readonly Upload[]>([]);
  /** A person put the question off; it is asked again from the list. */
  askedLater = $state(false);

  #memory: UploadMemory | null = null;
  #tallied: ReturnType<typeof setTimeout> | undefined;

  /** Begins for a signed-in person, with what they left unfinished in this browser. Returns the end. */
  open(personId: string): () => void {
    const memory = (this.#memory = new UploadMemory(personId, localStorage));
    void this.#remember(memory);
    const warn = (event: BeforeUnloadEvent): void => {
      if (this.list.some(({ phase }) => OPEN.includes(phase))) event.preventDefault();
    };
    addEventListener('beforeunload', warn);
    return () => {
      removeEventListener('beforeunload', warn);
      for (const upload of this.list) if (RUNNING.includes(upload.phase)) upload.stop('paused');
      this.list = [];
      this.#now();
      if (this.#memory === memory) this.#memory = null;
    };
  }

  /** Signing out: nothing of it stays in this browser. */
  forget(): void {
    this.#memory?.forget();
  }

  /** Brings in what was chosen, dropped or pasted. `rows`: what the page shows, for folders that are there already. */
  async add(
    incoming: Iterable<Incoming> | AsyncIterable<Incoming>,
    place: UploadPlace,
    { rows = [], itemId = null }: { rows?: readonly ItemRow[]; itemId?: string | null } = {},
  ): Promise<void> {
    const batch: Batch = { place, folders: new UploadFolders(place, rows), rule: 'ask' };
    let some: Upload[] = [];
    this.reading ??= 0;
    try {
      for await (const { file, path } of incoming) {
        this.reading += 1;
        if (!file) await batch.folders.of(path).catch(() => {});
        else if (!this.#wakeFor(file, batch)) some.push(new Upload(file, batch, path, itemId));
        if (some.length >= 100) [some] = [[], this.#take(some)];
      }
    } finally {
      this.#take(some);
      this.reading = null;
    }
  }

  #take(some: Upload[]): void {
    if (some.length === 0) return;
    this.list = [...this.list, ...some];
    this.#pump();
  }

  #pump(): void {
    let running = this.list.filter(({ phase }) => RUNNING.includes(phase)).length;
    for (const upload of this.list) {
      if (running >= AT_ONCE) break;
      if (upload.phase !== 'queued') continue;
      running += 1;
      void this.#run(upload);
    }
    this.#now();
  }

  async #run(upload: Upload): Promise<void> {
    const outcome = await upload.run(
      (url) => this.#memory?.keep(keptOf(upload, url)),
      () => this.#soon(),
    );
    this.#settle(upload, outcome);
    if (outcome.kind !== 'stopped') this.#pump();
  }

  #settle(upload: Upload, outcome: Outcome): void {
    if (outcome.kind === 'done') {
      upload.result = outcome.itemId;
      upload.phase = 'done';
      this.#over(upload);
    } else if (outcome.kind === 'taken') {
      upload.clash = outcome.clash;
      const { rule } = upload.batch;
      if (rule === 'skip') upload.phase = 'skipped';
      else if (rule === 'keep_both' || (rule === 'new_version' && outcome.clash.canReplace)) {
        upload.onClash = rule;
        upload.phase = 'queued';
      } else upload.phase = 'asking';
    } else if (outcome.kind !== 'stopped') {
      upload.reason = outcome.kind === 'refused' ? outcome : { message: null, again: true };
      upload.phase = 'failed';
    }
  }

  /** What to do with a name that is taken; `all`: with every other of the same batch too. */
  answer(upload: Upload, answer: Answer, all: boolean): void {
    if (all) upload.batch.rule = answer;
    const meant = this.list.filter(
      (other) => other === upload || (all && other.batch === upload.batch && other.phase !== 'done'),
    );
    for (const other of meant) {
      if (other.phase !== 'asking') {
        if (answer !== 'skip' && other.phase === 'queued') other.onClash = answer;
        continue;
      }
      if (answer === 'skip') other.phase = 'skipped';
      else if (answer === 'keep_both' || other.clash?.canReplace) {
        other.onClash = answer;
        other.phase = 'queued';
      }
    }
    this.#pump();
  }

  /** Asks about this one now. */
  ask(upload: Upload): void {
    this.askedLater = false;
    this.asking = [upload, ...this.asking.filter((other) => other !== upload)];
  }

  pause(upload: Upload): void {
    upload.stop('paused');
    this.#pump();
  }

  /** Goes on after a pause, or tries again after a failure. */
  resume(upload: Upload): void {
    if (!upload.file) return;
    upload.phase = 'queued';
    this.#pump();
  }

  pauseAll(): void {
    for (const upload of this.list)
      if (upload.phase === 'queued' || RUNNING.includes(upload.phase)) upload.stop('paused');
    this.#now();
  }

  resumeAll(): void {
    for (const upload of this.list) if (upload.phase === 'paused') upload.phase = 'queued';
    this.#pump();
  }

  cancel(upload: Upload): void {
    upload.discard();
    this.#over(upload);
    this.dismiss(upload);
  }

  cancelAll(): void {
    for (const upload of this.list.filter(({ phase }) => phase !== 'done')) {
      upload.discard();
      this.#over(upload);
    }
    this.dismissAll();
  }

  /** Takes a line out of the list that is over. */
  dismiss(upload: Upload): void {
    this.list = this.list.filter((other) => other !== upload);
    this.#pump();
  }

  /** Empties the list of what is over: done, failed, skipped. What may still go on stays. */
  dismissAll(): void {
    const over = (upload: Upload): boolean => ['done', 'failed', 'skipped'].includes(upload.phase);
    for (const upload of this.list) if (upload.phase === 'failed') this.#over(upload);
    this.list = this.list.filter((upload) => !over(upload));
    this.#pump();
  }

  /**
   * The file of an upload that a reload put to sleep. False when it is another file; one that has changed since goes up
   * from its beginning.
   */
  wake(upload: Upload, file: File): boolean {
    if (file.name.normalize('NFC') !== upload.name.normalize('NFC')) return false;
    const kept = this.#memory?.all().find(({ url }) => url === upload.url);
    const same = file.size === upload.size && (!kept || kept.modified === file.lastModified);
    if (!same) {
      this.cancel(upload);
      void this.add([{ file, path: [] }], upload.batch.place);
      return true;
    }
    upload.file = file;
    this.resume(upload);
    return true;
  }

  #wakeFor(file: File, { place }: Batch): boolean {
    const kept = this.#memory
      ?.all()
      .find(
        (one) =>
          one.name === file.name &&
          one.size === file.size &&
          one.modified === file.lastModified &&
          one.spaceId === place.spaceId,
      );
    const upload = this.list.find((one) => one.phase === 'asleep' && one.url === kept?.url);
    return upload !== undefined && upload.parentId === place.parentId && this.wake(upload, file);
  }

  async #remember(memory: UploadMemory): Promise<void> {
    const running = await runningElsewhere();
    for (const kept of memory.all()) {
      if (running.has(kept.url)) continue;
      const sent = await arrived(kept.url);
      if (this.#memory !== memory) return;
      if (sent === null || sent === kept.size) memory.drop(kept.url);
      else this.#take([sleeping(kept, sent ?? 0)]);
    }
  }

  #over(upload: Upload): void {
    if (upload.url) this.#memory?.drop(upload.url);
  }

  #soon(): void {
    this.#tallied ??= setTimeout(() => this.#now(), TALLY_MS);
  }

  #now(): void {
    clearTimeout(this.#tallied);
    this.#tallied = undefined;
    const asking = this.list.filter(({ phase }) => phase === 'asking');
    // In the order in which they came up, but for one that somebody asked for.
    this.asking = [
      ...this.asking.filter((one) => asking.includes(one)),
      ...asking.filter((one) => !this.asking.includes(one)),
    ];
    if (this.asking.length === 0) this.askedLater = false;
    this.tally = tallyOf(this.list);
  }
}

function tallyOf(list: readonly Upload[]): Tally {
  const tally = { ...NOTHING };
  const now = performance.now();
  let [rest, known] = [0, true];
  for (const { phase, size, sent, pace } of list) {
    if (phase === 'skipped') continue;
    tally.files += 1;
    tally.bytes += size;
    tally.sent += sent;
    if (OPEN.includes(phase)) tally.open += 1;
    if (RUNNING.includes(phase)) tally.running += 1;
    if (
      phase === 'done' ||
      phase === 'failed' ||
      phase === 'paused' ||
      phase === 'waiting' ||
      phase === 'asleep'
    )
      tally[phase] += 1;
    if (phase === 'sending') tally.speed += pace.speed(now);
    if (phase === 'waiting') known = false;
    if (OPEN.includes(phase)) rest += size - sent;
  }
  tally.left = known ? secondsLeft(rest, tally.speed) : null;
  return tally;
}

function keptOf(upload: Upload, url: string): Kept {
  const { name, size, file, parentId, batch } = upload;
  holdName(url);
  return {
    url,
    name,
    size,
    modified: file?.lastModified ?? 0,
    spaceId: batch.place.spaceId,
    parentId,
    where: upload.path.at(-1) ?? batch.place.name,
    at: Date.now(),
  };
}

function sleeping({ url, name, size, spaceId, parentId, where }: Kept, sent: number): Upload {
  const place = { spaceId, parentId, name: where, folders: false };
  const upload = new Upload({ name, size }, { place, folders: new UploadFolders(place, []), rule: 'ask' });
  upload.url = url;
  upload.sent = sent;
  upload.phase = 'asleep';
  return upload;
}

export const uploads = new Uploads();
