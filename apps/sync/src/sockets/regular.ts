import * as decoding from 'lib0/decoding';
import type * as Y from 'yjs';

type Decoded = ReturnType<typeof Y.decodeUpdate>;

/**
 * What is wrong with the form of a decoded update, whatever it is about; null when Yjs can have written it. Yjs reads
 * more than it writes: some of that no document that took it could ever be loaded with, some costs the square of its size.
 */
export function irregularity(update: Uint8Array, { structs, ds }: Decoded): string | null {
  const clients = new Set<number>();
  for (const { id, length } of structs) {
    // Nothing takes no room: it would stand before what the checks look at.
    if (length <= 0) return 'a struct of no length';
    clients.add(id.client);
  }
  // Of two parts of one client's Yjs takes the second, and the checks would see both.
  if (decoding.readVarUint(decoding.createDecoder(update)) !== clients.size) return 'a client in two parts';
  for (const ranges of ds.clients.values()) {
    let end = 0;
    for (const { clock, len } of ranges) {
      if (len <= 0) return 'a deletion of nothing';
      if (clock < end) return 'deletions that overlap';
      end = clock + len;
    }
  }
  return null;
}
