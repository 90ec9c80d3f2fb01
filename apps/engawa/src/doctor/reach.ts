import type { Sql } from '@engawa/db';
import { newId, SYNC_CLOSE, syncPath } from '@engawa/schema';
import { WebSocket } from 'ws';
import { type Finding, since, well, why, wrong } from './finding.ts';

const PATIENCE = 8_000;

/** Whether people reach pages and sockets at the public address, through whatever stands before it. */
export async function lookAtOrigin(origin: string): Promise<Finding[]> {
  const began = performance.now();
  try {
    const answer = await fetch(`${origin}/readyz`, {
      signal: AbortSignal.timeout(PATIENCE),
      redirect: 'manual',
    });
    if (answer.status >= 300 && answer.status < 400)
      return [wrong('doctor_origin_moved', { origin, where: whereTo(answer, origin) })];
    const said = await healthOf(answer);
    if (!said && (answer.ok || answer.status === 404)) return [wrong('doctor_origin_foreign', { origin })];
    if (!answer.ok) return [wrong('doctor_origin_unready', { origin, why: saidBy(said, answer.status) })];
  } catch (error) {
    return [wrong('doctor_origin_away', { origin, why: why(error) })];
  }
  return [well('doctor_origin_ok', { origin, ms: since(began) }), await lookAtSockets(origin)];
}

type Health = Record<string, boolean>;

/** What an Engawa says of itself; null when what answers is none. */
async function healthOf(answer: Response): Promise<Health | null> {
  const health: unknown = await answer.json().catch(() => null);
  const own = typeof health === 'object' && health !== null && 'ready' in health;
  return own ? (health as Health) : null;
}

function saidBy(health: Health | null, status: number): string {
  const not = Object.entries(health ?? {})
    .filter(([part, ready]) => part !== 'ready' && !ready)
    .map(([part]) => part);
  return not.length > 0 ? not.join(', ') : `HTTP ${status}`;
}

function whereTo(answer: Response, origin: string): string {
  const location = answer.headers.get('location') ?? '';
  return URL.canParse(location, origin) ? new URL(location, origin).origin : location;
}

/** Asks for a document without saying who asks: a socket that is closed with our own words went all the way. */
async function lookAtSockets(origin: string): Promise<Finding> {
  const began = performance.now();
  const socket = new WebSocket(`${origin.replace(/^http/, 'ws')}${syncPath(newId(), 1)}`, {
    origin,
    handshakeTimeout: PATIENCE,
  });
  const ended = new Promise<number | Error>((done) => {
    socket.once('close', done);
    socket.once('error', done);
    setTimeout(done, PATIENCE, new Error(`nothing within ${PATIENCE / 1_000} s`)).unref();
  });
  const end = await ended;
  socket.on('error', () => {});
  socket.terminate();
  if (end === SYNC_CLOSE.signedOut.code) return well('doctor_sockets_ok', { origin, ms: since(began) });
  return wrong('doctor_sockets_blocked', {
    origin,
    why: end instanceof Error ? why(end) : `close code ${end}`,
  });
}

/** The worker keeps connections of its own, and numbers the ledger within seconds. */
export async function lookAtWorker(sql: Sql): Promise<Finding> {
  const [row] = await sql<{ alive: boolean; count: number }[]>`
    select exists (select from pg_stat_activity
        where application_name = 'engawa jobs' and datname = current_database()) as alive,
      (select count(*)::int from ledger where pos is null and at < now() - interval '1 minute') as count`;
  if (!row!.alive) return wrong('doctor_worker_gone');
  return row!.count > 0 ? wrong('doctor_worker_behind', { count: row!.count }) : well('doctor_worker_ok');
}
