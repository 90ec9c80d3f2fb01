// Runs in a worker thread: parsing what strangers send must neither block nor bring down the program.
import { fileTypeFromBuffer } from 'file-type';
import { answering } from '../thread.ts';

answering(async (bytes: Uint8Array): Promise<string | null> => {
  const found = await fileTypeFromBuffer(bytes);
  return found?.mime ?? null;
});
