import type { Appended } from '@engawa/domain';
import type { Document } from '@hocuspocus/server';
import type { Stored } from './stored.ts';

/** A loaded document and how much of its journal it holds. */
export interface OpenDocument {
  /** Empty as long as there is `stored`: `whole` gives it with its content. */
  readonly document: Document;
  stored: Stored | null;
  readonly itemId: string;
  readonly generation: number;
  /** Every row up to here is in the document. */
  seq: number;
  /** When the journal was last read for it, by `performance.now()` at the beginning. */
  readAt: number;
  /** Rows beyond `seq` that pages here wrote into, and how many edits of each the document has not. */
  readonly mine: Map<number, number>;
  /** Appends on their way: the document may not be unloaded. */
  pending: number;
  /** Updates that are durable, and what applies them. */
  arrived: { updates: Uint8Array[]; applied: Promise<void> | null };
  /** Whose the client ids are, as far as they were asked for. */
  readonly leases: Map<number, string>;
  /** Bytes it takes at the most: what it was opened with, and every edit since, merged or not. */
  bytes: number;
  /** Rows and bytes since the newest snapshot. */
  tail: { rows: number; bytes: number };
}

/** The documents of this node, by Hocuspocus name. */
export class OpenDocuments {
  readonly #byName = new Map<string, OpenDocument>();

  open(
    document: Document,
    at: Pick<OpenDocument, 'itemId' | 'generation' | 'seq' | 'readAt' | 'bytes' | 'tail' | 'stored'>,
  ): OpenDocument {
    const open = {
      document,
      ...at,
      mine: new Map<number, number>(),
      pending: 0,
      arrived: { updates: [], applied: null },
      leases: new Map<number, string>(),
    };
    this.#byName.set(document.name, open);
    return open;
  }

  get(name: string): OpenDocument | undefined {
    return this.#byName.get(name);
  }

  /** The state of exactly this document: a name may meanwhile stand for a newer one. */
  of(document: Document): OpenDocument | undefined {
    const open = this.#byName.get(document.name);
    return open?.document === document ? open : undefined;
  }

  delete(name: string): OpenDocument | undefined {
    const open = this.#byName.get(name);
    this.#byName.delete(name);
    return open;
  }

  all(): OpenDocument[] {
    return [...this.#byName.values()];
  }
}

/** The document with its content. */
export function whole(open: OpenDocument): Document {
  open.stored?.fill(open.document);
  open.stored = null;
  return open.document;
}

/**
 * The document has `count` edits of a row that pages here wrote. A verb of this process may have written into the same
 * row: then it is read like any other's.
 */
export function wroteInto(open: OpenDocument, { seq, edits }: Appended, count: number): void {
  if (seq <= open.seq) return;
  open.mine.set(seq, (open.mine.get(seq) ?? edits) - count);
  while (open.mine.get(open.seq + 1) === 0) open.mine.delete(++open.seq);
}
