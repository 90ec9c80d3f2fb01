import type { IndexeddbPersistence } from 'y-indexeddb';
import * as Y from 'yjs';

const KEY = 'own';

/** From which clock on a client's edits are this person's and not known to be saved. */
export type Unsaved = ReadonlyMap<number, number>;

/**
 * Which edits in a document are this person's and not known to be saved. Kept in the browser's copy too, so that
 * what was typed offline yesterday is still known as one's own today.
 */
export class OwnEdits {
  private readonly since = new Map<number, number>();
  private readonly doc: Y.Doc;
  private readonly copy: IndexeddbPersistence | null;

  constructor(doc: Y.Doc, copy: IndexeddbPersistence | null) {
    this.doc = doc;
    this.copy = copy;
    this.since.set(doc.clientID, 0);
  }

  get unsaved(): Unsaved {
    return this.since;
  }

  async load(): Promise<void> {
    const stored: unknown = await this.copy?.get(KEY);
    const known = typeof stored === 'string' ? (JSON.parse(stored) as [number, number][]) : [];
    for (const [client, clock] of known) this.since.set(client, clock);
    await this.keep();
  }

  /** Everything typed so far is on the server. */
  saved(): void {
    for (const client of this.since.keys()) {
      const clock = Y.getState(this.doc.store, client);
      if (client === this.doc.clientID) this.since.set(client, clock);
      else this.since.delete(client);
    }
    void this.keep();
  }

  private async keep(): Promise<void> {
    // A copy that was taken away holds no edits either.
    await this.copy?.set(KEY, JSON.stringify([...this.since])).catch(() => {});
  }
}
