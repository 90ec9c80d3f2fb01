import { outcomeOf, type Outcome } from './upload-answers.ts';

const DOOR = '/files/uploads';
/** A proxy on the way may keep a request until it is whole: no more than this is at stake at once. */
const CHUNK = 64 * 2 ** 20;
/** Names the file that an upload became. */
const ITEM_HEADER = 'Engawa-Item';

export interface Job {
  file: File;
  /** Where an earlier attempt got to. */
  url: string | null;
  metadata: Record<string, string>;
  onurl: (url: string) => void;
  onprogress: (bytes: number) => void;
}

/** One attempt to bring a file up by tus, from wherever the server stands. Never throws. */
export async function transfer(job: Job, signal: AbortSignal): Promise<Outcome> {
  const tus = await import('tus-js-client').catch(() => null);
  if (signal.aborted) return { kind: 'stopped' };
  if (!tus) return { kind: 'line' };
  const outcome = await new Promise<Outcome>((resolve) => {
    const upload = new tus.Upload(job.file, {
      endpoint: DOOR,
      uploadUrl: job.url,
      metadata: job.metadata,
      chunkSize: CHUNK,
      // When and whether to try again is decided by the list, which also says so.
      retryDelays: null as never,
      storeFingerprintForResuming: false,
      onUploadUrlAvailable: () => upload.url && job.onurl(upload.url),
      onProgress: (bytes) => job.onprogress(bytes),
      onAfterResponse: (asked, answer) => {
        // tus-js-client takes any no to its question for "unknown" and begins anew; a server that is away is not a no.
        if (asked.getMethod() === 'HEAD' && answer.getStatus() >= 500) throw new Error('The server is away');
      },
      onSuccess: ({ lastResponse }) =>
        resolve({ kind: 'done', itemId: lastResponse.getHeader(ITEM_HEADER) ?? null }),
      onError: (error) => {
        const answer = error instanceof tus.DetailedError ? error.originalResponse : null;
        resolve(outcomeOf(answer?.getStatus() ?? 0, answer?.getBody() ?? ''));
      },
    });
    signal.addEventListener(
      'abort',
      () => {
        resolve({ kind: 'stopped' });
        void upload.abort();
      },
      { once: true },
    );
    upload.start();
  });
  if (outcome.kind !== 'line' || (await isReadable(job.file))) return outcome;
  return { kind: 'refused', message: null, again: false };
}

/** A file that was moved or changed after it was chosen fails like a broken line. */
async function isReadable(file: File): Promise<boolean> {
  try {
    await file.slice(0, 1).arrayBuffer();
    return true;
  } catch {
    return false;
  }
}

const headers = { 'Tus-Resumable': '1.0.0' };

/** Tells the server to throw away what has arrived. What does not get through runs out by itself. */
export async function abandon(url: string): Promise<void> {
  await fetch(url, { method: 'DELETE', headers, keepalive: true }).catch(() => {});
}

/** Bytes that have arrived; null when there is nothing to go on with any more, undefined when nobody says. */
export async function arrived(url: string): Promise<number | null | undefined> {
  const answer = await fetch(url, { method: 'HEAD', headers, cache: 'no-store' }).catch(() => null);
  if (!answer || answer.status >= 500) return undefined;
  const offset = answer.headers.get('Upload-Offset');
  return answer.ok && offset !== null ? Number(offset) : null;
}
