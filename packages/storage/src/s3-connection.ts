import http from 'node:http';
import https from 'node:https';
import { setTimeout as sleep } from 'node:timers/promises';
import { Client } from 'minio';
import { isStorageFault, StorageFull, StorageUnavailable } from './faults.ts';

export interface S3Options {
  /** A store that says nothing for so long is taken for gone. Milliseconds. */
  patience?: number;
  /** How often a request that may be repeated is sent in all. */
  attempts?: number;
}

export interface Connection {
  client: Client;
  bucket: string;
  /** Whether bodies are signed: on plain http. */
  signed: boolean;
  /** Runs one exchange and translates what it throws. */
  once<T>(work: () => Promise<T>): Promise<T>;
  /** The same for what may safely be asked again: the store gets a moment to come back. */
  again<T>(work: () => Promise<T>): Promise<T>;
}

/** Connects by `s3://key:secret@host:port/bucket[?tls=1][&region=…]`. Nothing is sent yet. */
export function connect(url: string, { patience = 30_000, attempts = 3 }: S3Options = {}): Connection {
  const { protocol, hostname, port, username, password, pathname, searchParams } = new URL(url);
  const bucket = pathname.slice(1);
  if (
    protocol !== 's3:' ||
    !hostname ||
    !username ||
    !password ||
    !/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/.test(bucket)
  )
    throw new Error('A file store is named like s3://key:secret@host:9000/bucket, with ?tls=1 for https.');
  const tls = searchParams.get('tls') === '1';
  const agent = { keepAlive: true, maxSockets: 256 };
  const client = new Client({
    endPoint: hostname,
    port: port ? Number(port) : tls ? 443 : 9000,
    useSSL: tls,
    accessKey: decodeURIComponent(username),
    secretKey: decodeURIComponent(password),
    region: searchParams.get('region') ?? 'us-east-1',
    transport: patient(tls ? https : http, patience),
    transportAgent: tls ? new https.Agent(agent) : new http.Agent(agent),
    // Its own retries would send a stream a second time that is already used up.
    retryOptions: { disableRetry: true },
  });

  const once = async <T>(work: () => Promise<T>): Promise<T> => {
    try {
      return await work();
    } catch (error) {
      throw storeFault(error);
    }
  };
  const again = async <T>(work: () => Promise<T>): Promise<T> => {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await once(work);
      } catch (error) {
        if (!(error instanceof StorageUnavailable) || attempt >= attempts) throw error;
        if (REFUSED.includes(codeOf(error.cause) ?? '')) throw error;
        await sleep(200 * 4 ** (attempt - 1));
      }
    }
  };
  return { client, bucket, signed: !tls, once, again };
}

/** Ends requests on which nothing moves, unless it is our own reader who takes a while. */
function patient(base: typeof http | typeof https, patience: number): Pick<typeof http, 'request'> {
  const request = (options: http.RequestOptions, callback: (response: http.IncomingMessage) => void) => {
    let response: http.IncomingMessage | null = null;
    const sent = base.request(options, (answer) => {
      response = answer;
      // Nobody reads the body of these; unread it would hold its connection for ever.
      if (answer.statusCode === 503 || answer.statusCode === 500) answer.resume();
      callback(answer);
    });
    sent.setTimeout(patience, () => {
      if (response && response.readableLength > 0) return;
      const silence = new StorageUnavailable(`nothing came for ${patience / 1000} s.`);
      response?.destroy(silence);
      sent.destroy(silence);
    });
    return sent;
  };
  return { request } as Pick<typeof http, 'request'>;
}

const FULL = ['XMinioStorageFull', 'XMinioAdminBucketQuotaExceeded', 'QuotaExceeded', 'InsufficientStorage'];
/** Answers that the adapter itself understands. */
const MEANT = ['NoSuchKey', 'NotFound', 'NoSuchUpload', 'InvalidRange', 'PreconditionFailed', 'InvalidPart'];

const REFUSED = ['AccessDenied', 'InvalidAccessKeyId', 'SignatureDoesNotMatch'];

export const codeOf = (error: unknown): string | undefined => (error as { code?: string } | null)?.code;

/** What the store or the network says, in the words of the port; answers that are meant pass as they are. */
export function storeFault(error: unknown): unknown {
  const code = codeOf(error);
  if (isStorageFault(error) || (code && MEANT.includes(code))) return error;
  if (code && FULL.includes(code)) return new StorageFull(error);
  return new StorageUnavailable((error as Error)?.message || code || 'it failed without a word', error);
}
