import { EngawaError, parse } from '@engawa/schema';
import type { Logger } from 'pino';
import type { LiveSocket } from './live-socket.ts';

/** Requests of one page within ten seconds. */
const MAX_REQUESTS = 100;
const CALM = 10_000;

type Answer = { ok: true } | { ok: false; code: string };
type Schema = Parameters<typeof parse>[0];

/** Answers one kind of request: checked input in, what the answer says beside `ok` out. Throws `EngawaError`. */
export type Serve = <const S extends Schema>(
  event: 'watch' | 'unwatch' | 'board:join' | 'board:leave' | 'board:follow',
  schema: S,
  act: (input: ReturnType<typeof parse<S>>) => Promise<object | void>,
) => void;

/** The requests of one page. Who asks too often is let go. */
export function serveRequests(socket: LiveSocket, log: Logger): Serve {
  let requests = 0;
  const calm = setInterval(() => (requests = 0), CALM);
  socket.on('disconnect', () => clearInterval(calm));
  return (event, schema, act) => {
    socket.on(event, (input: unknown, answer?: unknown) => {
      const reply = typeof answer === 'function' ? (answer as (result: Answer) => void) : () => {};
      if ((requests += 1) > MAX_REQUESTS) return void socket.disconnect(true);
      void attempt(async () => act(parse(schema, input)), log).then(reply);
    });
  };
}

async function attempt(act: () => Promise<object | void>, log: Logger): Promise<Answer> {
  try {
    return { ok: true, ...(await act()) };
  } catch (error) {
    if (error instanceof EngawaError) return { ok: false, code: error.code };
    log.warn({ err: error }, 'a live request failed');
    return { ok: false, code: 'unavailable' };
  }
}
