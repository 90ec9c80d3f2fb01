import type { Sql } from '@engawa/db';
import type { Logger } from 'pino';

/** Changes of a space within this many milliseconds are one hint. */
const GATHER = 150;

/** After LISTEN was away, everybody is told within this many milliseconds: not all at once, since all will ask. */
const SPREAD = 2_000;

interface Spaces {
  /** Those that pages here look at. */
  watched(): Iterable<string>;
  /** Something in it has changed. */
  tell(spaceId: string): void;
}

/**
 * Passes on that something in a space has changed: what every verb says at its commit, gathered. What was said while
 * nobody listened is not said again, so then every space that is looked at may have changed.
 */
export function listenToChanges(sql: Sql, { watched, tell }: Spaces, log: Logger) {
  const waiting = new Map<string, NodeJS.Timeout>();
  const tellIn = (ms: number, spaceId: string) => {
    if (waiting.has(spaceId)) return;
    const later = () => {
      waiting.delete(spaceId);
      tell(spaceId);
    };
    waiting.set(spaceId, setTimeout(later, ms));
  };
  const hear = (spaceId: string) => tellIn(GATHER, spaceId);
  // Called whenever LISTEN stands, also again after a lost connection.
  const heard = () => {
    for (const spaceId of watched()) tellIn(GATHER + Math.random() * SPREAD, spaceId);
  };
  const listening = sql.listen('engawa_space', hear, heard).catch((error) => {
    log.error({ err: error }, 'changes of spaces cannot be heard');
    return null;
  });
  return {
    async stop() {
      for (const timer of waiting.values()) clearTimeout(timer);
      await (await listening)?.unlisten().catch(() => {});
    },
  };
}
