// Runs in a worker thread: parsing what strangers send must neither block nor bring down the program.
import { parentPort } from 'node:worker_threads';
import { fileTypeFromBuffer } from 'file-type';

parentPort!.on('message', async ({ id, bytes }: { id: number; bytes: Uint8Array }) => {
  const found = await fileTypeFromBuffer(bytes).catch(() => undefined);
  parentPort!.postMessage({ id, mime: found?.mime ?? null });
});
