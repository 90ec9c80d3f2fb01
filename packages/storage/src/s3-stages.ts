import { randomBytes } from 'node:crypto';
import { type Batches, inBatches } from './batches.ts';
import { NoSuchUpload } from './faults.ts';
import { codeOf, type Connection } from './s3-connection.ts';
import { completeParts, sendSpool, statObject } from './s3-requests.ts';
import { Spool } from './spool.ts';
import { checkKey, type Part, type Staged, type Storage } from './storage.ts';

export const MIB = 2 ** 20;
/** S3 asks for 5 MiB at least in every part but the last, and for 10,000 parts at most. */
export const SMALLEST_PART = 8 * MIB;
const MOST_PARTS = 9_000;
const TAIL = 'tail:';
/** While these are on their way the next is collected: the store spends much of its time waiting for its disk. */
const AT_ONCE = 2;

const partSizeFor = (size: number): number =>
  Math.max(SMALLEST_PART, Math.ceil(size / MOST_PARTS / MIB) * MIB);

type Stages = Pick<Storage, 'beginUpload' | 'appendUpload' | 'completeUpload' | 'abortUpload' | 'sweep'>;

/**
 * Staged uploads as S3 multipart uploads. What is too short to be a part when a body ends is kept as an object of
 * its own, the tail (its key begins with that of the blob); the next body begins with it.
 */
export function stageInBucket(connection: Connection): Stages {
  const { client, bucket, again, once } = connection;
  const forget = (key: string) => once(() => client.removeObject(bucket, key));

  return {
    async beginUpload(key) {
      checkKey(key);
      return again(() => client.initiateNewMultipartUpload(bucket, key, {}));
    },
    appendUpload: (staged, last, body) => appendParts(connection, staged, last, body),

    async completeUpload({ key, stage, size }, parts) {
      checkKey(key);
      if (parts.reduce((sum, part) => sum + part.size, 0) !== size)
        throw new Error(`The parts of ${key} are not ${size} bytes.`);
      if (size > 0) return completeParts(connection, { key, stage }, parts, true);
      await putEmpty(connection, key);
      await again(() => client.abortMultipartUpload(bucket, key, stage)).catch(() => {});
      return (await statObject(connection, key))!;
    },

    async abortUpload({ key, stage }, parts) {
      checkKey(key);
      try {
        await again(() => client.abortMultipartUpload(bucket, key, stage));
      } catch (error) {
        if (codeOf(error) !== 'NoSuchUpload') throw error;
      }
      for (const { tag } of parts) if (tag.startsWith(TAIL)) await forget(tag.slice(TAIL.length));
    },

    // MinIO lists the uploads of one object only and clears stale ones away by itself; other stores list them all.
    async sweep(before) {
      let swept = 0;
      let [afterKey, afterUpload] = ['', ''];
      for (;;) {
        const page = await again(() =>
          client.listIncompleteUploadsQuery(bucket, '', afterKey, afterUpload, ''),
        );
        for (const { key, uploadId, initiated } of page.uploads) {
          if (initiated >= before) continue;
          await once(() => client.abortMultipartUpload(bucket, key, uploadId));
          swept += 1;
        }
        if (!page.isTruncated) return swept;
        [afterKey, afterUpload] = [page.nextKeyMarker, page.nextUploadIdMarker];
      }
    },
  };
}

async function putEmpty(connection: Connection, key: string): Promise<void> {
  const spool = await Spool.open(connection.signed);
  try {
    await connection.again(() => sendSpool(connection, key, spool));
  } finally {
    await spool.close();
  }
}

/** Sends parts while the next is being collected. */
async function* appendParts(
  connection: Connection,
  staged: Staged,
  last: Part | null,
  body: AsyncIterable<Uint8Array>,
): AsyncGenerator<Part> {
  const most = partSizeFor(staged.size);
  const batches = inBatches(body);
  let tail = last?.tag.startsWith(TAIL) ? last : null;
  let n = tail ? tail.n : (last?.n ?? 0) + 1;
  let start = tail ? tail.start : last ? last.start + last.size : 0;
  const underWay: Sending[] = [];
  const isFailing = () => underWay.some(({ failed }) => failed);
  let spool: Spool | null = null;

  try {
    for (;;) {
      spool = await collect(connection, tail, batches, most, isFailing);
      // Where one has failed, what was collected after it has no place: the failure is thrown here.
      while (underWay.length >= (spool && !isFailing() ? AT_ONCE : 1)) yield await next(underWay);
      if (!spool) break;
      const { size } = spool;
      underWay.push(send(connection, staged, { n, start }, spool, most));
      spool = null;
      if (tail) {
        const replaced = tail.tag.slice(TAIL.length);
        yield await next(underWay);
        // A tail that stays behind is collected as garbage.
        await connection.client.removeObject(connection.bucket, replaced).catch(() => {});
        tail = null;
      }
      n += 1;
      start += size;
    }
    batches.rethrow();
  } finally {
    await batches.stop();
    await Promise.allSettled(underWay.map(({ part }) => part));
    await spool?.close();
  }
}

/** The first of those under way, once it is durable: parts are told in their order. */
async function next(underWay: Sending[]): Promise<Part> {
  const part = await underWay[0]!.part;
  underWay.shift();
  return part;
}

interface Sending {
  part: Promise<Part>;
  failed: boolean;
}

/** The next part from the body, begun with the tail; null when the body brings no more. */
async function collect(
  connection: Connection,
  tail: Part | null,
  batches: Batches,
  most: number,
  isFailing: () => boolean,
): Promise<Spool | null> {
  let batch = await batches.next(Math.min(MIB, most - (tail?.size ?? 0)));
  if (!batch) return null;
  const spool = await Spool.open(connection.signed);
  try {
    if (tail) await readTail(connection, tail, spool);
    while (batch) {
      await spool.write(batch.chunks);
      // A part before could not be sent: there is no use in reading on.
      if (spool.size >= most || isFailing()) break;
      batch = await batches.next(Math.min(MIB, most - spool.size));
    }
    return spool;
  } catch (error) {
    await spool.close();
    throw error;
  }
}

async function readTail({ client, bucket, again }: Connection, tail: Part, spool: Spool): Promise<void> {
  const key = tail.tag.slice(TAIL.length);
  try {
    const stream = await again(() => client.getObject(bucket, key));
    for await (const chunk of stream) await spool.write([chunk as Uint8Array]);
  } catch (error) {
    throw codeOf(error) === 'NoSuchKey' ? new NoSuchUpload(key) : error;
  }
  if (spool.size !== tail.size) throw new NoSuchUpload(key);
}

/** Full parts and the last one of the blob become parts; anything else waits as a tail. */
function send(
  connection: Connection,
  { key, stage, size }: Staged,
  { n, start }: { n: number; start: number },
  spool: Spool,
  most: number,
): Sending {
  const asPart = spool.size >= most || start + spool.size === size;
  const work = async (): Promise<Part> => {
    try {
      if (asPart) {
        const query = `uploadId=${encodeURIComponent(stage)}&partNumber=${n}`;
        const tag = await connection.again(() => sendSpool(connection, key, spool, { query }));
        return { n, start, size: spool.size, tag };
      }
      const tail = `${key}-t${randomBytes(5).toString('hex')}`;
      await connection.again(() => sendSpool(connection, tail, spool));
      return { n, start, size: spool.size, tag: TAIL + tail };
    } catch (error) {
      throw codeOf(error) === 'NoSuchUpload' ? new NoSuchUpload(key) : error;
    } finally {
      await spool.close();
    }
  };
  const sending: Sending = { part: work(), failed: false };
  sending.part.catch(() => (sending.failed = true));
  return sending;
}
