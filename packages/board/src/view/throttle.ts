const EVERY = 50;

/**
 * Lets through at most one message of each kind every 50 ms, always the newest, and never keeps the last one back.
 * `idle` ends what came before it, so it goes out at once and what waits is dropped. Points of strokes are gathered.
 */
export function createThrottle<M extends { kind: string }>(
  send: (message: M) => void,
  keyOf: (message: M) => string,
  now: () => number = () => performance.now(),
  later: (callback: () => void, delay: number) => unknown = (callback, delay) => setTimeout(callback, delay),
): (message: M) => void {
  const sent = new Map<string, number>();
  const waiting = new Map<string, M>();
  const flush = (key: string) => {
    const message = waiting.get(key);
    if (message === undefined) return;
    waiting.delete(key);
    sent.set(key, now());
    send(message);
  };
  return (message) => {
    const key = keyOf(message);
    if (key === 'idle') {
      waiting.clear();
      send(message);
      return;
    }
    const before = waiting.get(key);
    waiting.set(key, before === undefined ? message : gathered(before, message));
    if (before !== undefined) return;
    const wait = EVERY - (now() - (sent.get(key) ?? -Infinity));
    if (wait <= 0) flush(key);
    else later(() => flush(key), wait);
  };
}

/** Two messages of one kind as one: the newer, except that points are not lost. */
function gathered<M extends { kind: string }>(before: M, after: M): M {
  if (!('points' in before) || !('points' in after)) return after;
  return { ...before, points: [...(before.points as unknown[]), ...(after.points as unknown[])] };
}
