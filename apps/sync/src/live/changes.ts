import type { Sql } from '@engawa/db';
import type { Logger } from 'pino';

/** Changes of a space within this many milliseconds are one hint. */
const GATHER = 150;

/** Passes on that something in a space has changed: what every verb says at its commit, gathered. */
export function listenToChanges(sql: Sql, tell: (spaceId: string) => void, log: Logger) {
  const waiting = new Map<string, NodeJS.Timeout>();
  const hear = (spaceId: string) => {
    if (waiting.has(spaceId)) return;
    const later = () => {
      waiting.delete(spaceId);
      tell(spaceId);
    };
    waiting.set(spaceId, setTimeout(later, GATHER));
  };
  const listening = sql.listen('engawa_space', hear).catch((error) => {
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
