import { OutgoingMessage, type Document } from '@hocuspocus/server';
import { applyLoaded, type Wire } from '@engawa/domain';
import * as encoding from 'lib0/encoding';
import { messageYjsSyncStep1, messageYjsSyncStep2 } from 'y-protocols/sync';
import { JOURNAL_ORIGIN } from './origin.ts';

/** The state vector of a page that has nothing. */
const NOTHING = Uint8Array.of(0);

/** Whether a page has nothing yet, by its state vector. */
export const hasNothing = (vector: Uint8Array): boolean => vector.length === 1 && vector[0] === 0;

/** An item as bytes: who opens it is sent these, and no document is made of them before somebody writes. */
export class Stored {
  /** The messages for a page that has nothing: what it has, please; this is all; and this came after. */
  readonly answer: readonly Uint8Array[];
  readonly #updates: Uint8Array[];

  constructor(name: string, { state, tail }: Wire) {
    const asked = syncMessage(name, messageYjsSyncStep1, NOTHING);
    const whole = syncMessage(name, messageYjsSyncStep2, state);
    const after = tail && new OutgoingMessage(name).createSyncMessage().writeUpdate(tail).toUint8Array();
    this.answer = after ? [asked, whole, after] : [asked, whole];
    // The same bytes, not a second copy of them.
    const own = whole.subarray(whole.byteLength - state.byteLength);
    this.#updates = tail ? [own, tail] : [own];
  }

  /** Makes the document of them. The pages that are open have it already, so that it is not broadcast. */
  fill(document: Document): void {
    document.flush();
    const { connections } = document;
    document.connections = new Map();
    try {
      applyLoaded(document, { state: null, tail: this.#updates }, JOURNAL_ORIGIN);
      document.flush();
    } finally {
      document.connections = connections;
    }
  }
}

function syncMessage(name: string, step: number, payload: Uint8Array): Uint8Array {
  const { encoder } = new OutgoingMessage(name).createSyncMessage();
  encoding.writeVarUint(encoder, step);
  encoding.writeVarUint(encoder, payload.byteLength);
  return Buffer.concat([encoding.toUint8Array(encoder), payload]);
}
