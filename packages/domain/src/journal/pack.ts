import { crc32 } from 'node:zlib';
import * as decoding from 'lib0/decoding';
import * as encoding from 'lib0/encoding';

/** One edit as it stands in a journal row: a Yjs update (V1) and the person who made it. */
export interface Edit {
  author: string;
  update: Uint8Array;
}

const FORMAT = 1;

/** Packs what one flush writes for one item: format, count, then for each edit 16 bytes of author and the update. */
export function pack(edits: Edit[]): Uint8Array {
  const encoder = encoding.createEncoder();
  encoding.writeVarUint(encoder, FORMAT);
  encoding.writeVarUint(encoder, edits.length);
  for (const { author, update } of edits) {
    encoding.writeUint8Array(encoder, Buffer.from(author.replaceAll('-', ''), 'hex'));
    encoding.writeVarUint8Array(encoder, update);
  }
  return encoding.toUint8Array(encoder);
}

/** Reads a row back; null when its bytes are not those that were written. */
export function unpack(packed: Uint8Array, checksum: number): Edit[] | null {
  if (checksumOf(packed) !== checksum) return null;
  const decoder = decoding.createDecoder(packed);
  const format = decoding.readVarUint(decoder);
  if (format !== FORMAT) return null;
  return Array.from({ length: decoding.readVarUint(decoder) }, () => ({
    author: asId(decoding.readUint8Array(decoder, 16)),
    update: decoding.readVarUint8Array(decoder),
  }));
}

/** CRC-32, as stored beside the bytes. */
export function checksumOf(bytes: Uint8Array): number {
  return crc32(bytes);
}

function asId(bytes: Uint8Array): string {
  return Buffer.from(bytes)
    .toString('hex')
    .replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}
