import { createHash, type Hash, randomBytes } from 'node:crypto';
import { type FileHandle, open, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { onDisk, writeAll } from './files-on-disk.ts';

const CHUNK = 2 ** 18;

/**
 * The part that is being collected: an object store wants its length and hash before its first byte, and a part is
 * too large to keep one in memory for everybody who uploads. A file without a name: it goes with the process.
 */
export class Spool {
  readonly #file: FileHandle;
  readonly #hash: Hash | null;
  size = 0;

  private constructor(file: FileHandle, hashed: boolean) {
    this.#file = file;
    this.#hash = hashed ? createHash('sha256') : null;
  }

  /** `hashed`: whether `sha256` will be asked for. */
  static async open(hashed: boolean): Promise<Spool> {
    const path = join(tmpdir(), `engawa-part-${randomBytes(8).toString('hex')}`);
    return onDisk(async () => {
      const file = await open(path, 'wx+', 0o600);
      await rm(path);
      return new Spool(file, hashed);
    });
  }

  async write(chunks: Uint8Array[]): Promise<void> {
    if (this.#hash) for (const chunk of chunks) this.#hash.update(chunk);
    this.size = await onDisk(() => writeAll(this.#file, chunks, this.size));
  }

  /** Empty where none was asked for. */
  sha256(): string {
    return this.#hash?.copy().digest('hex') ?? '';
  }

  /** The bytes from the start; may be asked for again when sending failed. (A stream of the handle's own would close it.) */
  read(): Readable {
    const [file, size] = [this.#file, this.size];
    async function* chunks(): AsyncGenerator<Buffer> {
      for (let at = 0; at < size;) {
        const { buffer, bytesRead } = await file.read(Buffer.allocUnsafe(Math.min(CHUNK, size - at)), {
          position: at,
        });
        if (bytesRead === 0) throw new Error('The collected part is shorter than it was.');
        at += bytesRead;
        yield buffer.subarray(0, bytesRead);
      }
    }
    return Readable.from(chunks(), { objectMode: false, highWaterMark: CHUNK });
  }

  async close(): Promise<void> {
    await this.#file.close().catch(() => {});
  }
}
