import { codeOf, type Connection } from './s3-connection.ts';
import { KeyTaken, NoSuchUpload, StorageUnavailable } from './faults.ts';
import type { Spool } from './spool.ts';
import type { Part, Stat } from './storage.ts';

const ONLY_NEW = { 'if-none-match': '*' };

export interface PutOptions {
  query?: string;
  /** Refuses to write over an object that is there. */
  onlyNew?: boolean;
}

/** Sends a spool as an object, or as a part of one. Returns the store's tag for it. */
export async function sendSpool(
  { client, bucket }: Connection,
  key: string,
  spool: Spool,
  { query, onlyNew }: PutOptions = {},
): Promise<string> {
  const headers = { 'content-length': String(spool.size), ...(onlyNew ? ONLY_NEW : {}) };
  const request = { method: 'PUT', bucketName: bucket, objectName: key, query: query ?? '', headers };
  const body = spool.size > 0 ? spool.read() : Buffer.alloc(0);
  try {
    const response = await client.makeRequestStreamAsync(request, body, spool.sha256(), [200], '');
    response.resume();
    return String(response.headers.etag ?? '').replaceAll('"', '');
  } finally {
    if (!Buffer.isBuffer(body)) body.destroy();
  }
}

export async function statObject({ client, bucket, again }: Connection, key: string): Promise<Stat | null> {
  try {
    const { size, lastModified } = await again(() => client.statObject(bucket, key));
    return { size, modified: lastModified };
  } catch (error) {
    if (codeOf(error) === 'NotFound' || codeOf(error) === 'NoSuchKey') return null;
    throw error;
  }
}

/**
 * Turns the parts into the object. Its answer is the one that must not be misread when it is lost: then the object
 * itself is asked for. `owned`: nobody else writes under this key, so what lies there is ours.
 */
export async function completeParts(
  connection: Connection,
  { key, stage }: { key: string; stage: string },
  parts: readonly Part[],
  owned: boolean,
): Promise<Stat> {
  const size = parts.reduce((sum, part) => sum + part.size, 0);
  const whole = async () => {
    const stat = await statObject(connection, key);
    return stat?.size === size ? stat : null;
  };
  try {
    const ask = owned ? connection.again : connection.once;
    await ask(() => requestComplete(connection, key, stage, parts));
  } catch (error) {
    if (codeOf(error) === 'PreconditionFailed' && !owned) throw new KeyTaken(key);
    const done = await whole();
    if (done) return done;
    if (codeOf(error) === 'NoSuchUpload') throw new NoSuchUpload(key);
    if (codeOf(error) === 'PreconditionFailed') throw new KeyTaken(key);
    throw error;
  }
  const stat = await whole();
  if (!stat) throw new StorageUnavailable(`it says that ${key} is complete and does not have it.`);
  return stat;
}

async function requestComplete(
  { client, bucket }: Connection,
  key: string,
  stage: string,
  parts: readonly Part[],
): Promise<void> {
  const list = parts.map(({ n, tag }) => `<Part><PartNumber>${n}</PartNumber><ETag>${tag}</ETag></Part>`);
  const xml = `<CompleteMultipartUpload xmlns="http://s3.amazonaws.com/doc/2006-03-01/">${list.join('')}</CompleteMultipartUpload>`;
  const query = `uploadId=${encodeURIComponent(stage)}`;
  const request = { method: 'POST', bucketName: bucket, objectName: key, query, headers: { ...ONLY_NEW } };
  const response = await client.makeRequestAsync(request, xml);
  let text = '';
  for await (const chunk of response) text += String(chunk);
  // The answer is 200 before the work is done; what went wrong then stands in its body.
  const code = /<Error>[\s\S]*<Code>([^<]*)<\/Code>/.exec(text)?.[1];
  if (code) throw Object.assign(new Error(`Completing failed: ${code}`), { code });
  if (!text.includes('CompleteMultipartUploadResult'))
    throw new StorageUnavailable('its answer to completing an upload was cut off.');
}
