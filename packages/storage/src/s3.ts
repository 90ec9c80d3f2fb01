import { createHash } from 'node:crypto';
import { PassThrough, type Readable } from 'node:stream';
import { type Batches, inBatches } from './batches.ts';
import { KeyTaken, NoSuchBlob, StorageUnavailable } from './faults.ts';
import { codeOf, connect, type Connection, type S3Options, storeFault } from './s3-connection.ts';
import { completeParts, sendSpool, statObject } from './s3-requests.ts';
import { MIB, SMALLEST_PART, stageInBucket } from './s3-stages.ts';
import { Spool } from './spool.ts';
import { checkKey, checkRange, isKey, type Part, type Storage, type Stored } from './storage.ts';

/** `put` does not know how much will come, so its parts are larger than those of an upload. */
const PUT_PART = 2 * SMALLEST_PART;

/** Blobs in a bucket of MinIO, by `s3://key:secret@host:port/bucket[?tls=1]`. Browsers never talk to it. */
export function openS3Storage(url: string, options: S3Options = {}): Storage {
  const connection = connect(url, options);
  const { client, bucket, again } = connection;

  return {
    ready: () =>
      again(async () => {
        if (await client.bucketExists(bucket)) return;
        await client.makeBucket(bucket).catch((error: unknown) => {
          if (!['BucketAlreadyOwnedByYou', 'BucketAlreadyExists'].includes(codeOf(error) ?? '')) throw error;
        });
      }),
    put: async (key, body) => putStream(connection, checkKey(key), body),

    async get(key, range) {
      checkKey(key);
      const { start, end } = range ?? { start: 0, end: undefined };
      checkRange({ start, end });
      try {
        const length = end === undefined ? 0 : end - start + 1;
        const response = await again(() => client.getPartialObject(bucket, key, start, length));
        return guarded(response as Readable & { complete: boolean });
      } catch (error) {
        if (codeOf(error) === 'NoSuchKey') throw new NoSuchBlob(key);
        if (codeOf(error) === 'InvalidRange')
          throw new RangeError(`Bytes from ${start} lie outside the blob.`);
        throw error;
      }
    },

    stat: async (key) => statObject(connection, checkKey(key)),

    async copy(from, to) {
      checkKey(from);
      if (await statObject(connection, checkKey(to))) throw new KeyTaken(to);
      try {
        await again(() => client.copyObject(bucket, to, `/${bucket}/${from}`));
      } catch (error) {
        throw codeOf(error) === 'NoSuchKey' ? new NoSuchBlob(from) : error;
      }
    },

    async delete(key) {
      checkKey(key);
      await again(() => client.removeObject(bucket, key));
    },

    async *list(prefix) {
      try {
        for await (const { name } of client.listObjectsV2(bucket, prefix, true)) if (isKey(name)) yield name;
      } catch (error) {
        throw storeFault(error);
      }
    },

    ...stageInBucket(connection),
  };
}

async function putStream(
  connection: Connection,
  key: string,
  body: AsyncIterable<Uint8Array>,
): Promise<Stored> {
  const hash = createHash('sha256');
  const batches = inBatches(body);
  let size = 0;
  let open: { stage: string; parts: Part[] } | null = null;
  try {
    for (;;) {
      const spool = await fill(connection, batches, (chunk) => hash.update(chunk));
      try {
        batches.rethrow();
        if (!open && spool.size < PUT_PART) await putWhole(connection, key, spool);
        else if (spool.size > 0) {
          open ??= { stage: await connection.again(() => begin(connection, key)), parts: [] };
          open.parts.push(await putPart(connection, key, open, spool, size));
        }
      } finally {
        await spool.close();
      }
      size += spool.size;
      if (spool.size < PUT_PART) break;
    }
    if (open) await completeParts(connection, { key, stage: open.stage }, open.parts, false);
    return { size, sha256: hash.digest('hex') };
  } catch (error) {
    // What cannot be cleared away now is cleared away by the store later.
    if (open)
      await connection.client.abortMultipartUpload(connection.bucket, key, open.stage).catch(() => {});
    throw error;
  } finally {
    await batches.stop();
  }
}

const begin = ({ client, bucket }: Connection, key: string) =>
  client.initiateNewMultipartUpload(bucket, key, {});

async function fill(
  connection: Connection,
  batches: Batches,
  see: (chunk: Uint8Array) => void,
): Promise<Spool> {
  const spool = await Spool.open(connection.signed);
  try {
    while (spool.size < PUT_PART) {
      const batch = await batches.next(Math.min(MIB, PUT_PART - spool.size));
      if (!batch) break;
      batch.chunks.forEach(see);
      await spool.write(batch.chunks);
    }
    return spool;
  } catch (error) {
    await spool.close();
    throw error;
  }
}

async function putPart(
  connection: Connection,
  key: string,
  { stage, parts }: { stage: string; parts: Part[] },
  spool: Spool,
  start: number,
): Promise<Part> {
  const n = parts.length + 1;
  const query = `uploadId=${encodeURIComponent(stage)}&partNumber=${n}`;
  const tag = await connection.again(() => sendSpool(connection, key, spool, { query }));
  return { n, start, size: spool.size, tag };
}

/** Sent once: a second sending could not tell its own object from that of somebody else. */
async function putWhole(connection: Connection, key: string, spool: Spool): Promise<void> {
  try {
    await connection.once(() => sendSpool(connection, key, spool, { onlyNew: true }));
  } catch (error) {
    throw codeOf(error) === 'PreconditionFailed' ? new KeyTaken(key) : error;
  }
}

/** A response that breaks off must not look like a whole one, and its error is one of the port's. */
function guarded(response: Readable & { complete: boolean }): Readable {
  const out = new PassThrough({ highWaterMark: MIB / 4 });
  response.on('error', (error) => out.destroy(storeFault(error) as Error));
  response.on('close', () => {
    if (!response.complete) out.destroy(new StorageUnavailable('its answer was cut off.'));
  });
  out.on('close', () => response.destroy());
  return response.pipe(out);
}
