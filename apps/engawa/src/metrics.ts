import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Sql } from '@engawa/db';
import { waitingJobs } from '@engawa/worker/waiting-jobs';
import { collectDefaultMetrics, Gauge, Histogram, register } from 'prom-client';

collectDefaultMetrics();

const httpSeconds = new Histogram({
  name: 'engawa_http_seconds',
  help: 'From a request to the end of its answer',
  labelNames: ['method', 'place', 'status'],
  buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30],
});
const uploads = new Gauge({ name: 'engawa_uploads_in_flight', help: 'Requests that bring bytes of files' });

/** Where a request goes, as few names as there are kinds: addresses hold ids and one-time links. */
const PLACES = new Set([
  '',
  '_app',
  'account',
  'admin',
  'files',
  'hand-in',
  'healthz',
  'invite',
  'live',
  'login',
  'metrics',
  'offline',
  'readyz',
  'reset',
  's',
  'setup',
]);

/** The first part of a request's path where it is one of ours, else `other`. */
export function placeOf(request: IncomingMessage): string {
  const place = request.url?.split(/[/?]/)[1] ?? '';
  return PLACES.has(place) ? place : 'other';
}

const METHODS = new Set(['GET', 'HEAD', 'POST', 'PATCH', 'PUT', 'DELETE']);

/** Measures a request until its answer ends. */
export function measureRequest(request: IncomingMessage, response: ServerResponse): void {
  const place = placeOf(request);
  const method = METHODS.has(request.method ?? '') ? request.method! : 'other';
  const brings = place === 'files' && method === 'PATCH';
  if (brings) uploads.inc();
  const done = httpSeconds.startTimer({ method, place });
  response.once('close', () => {
    if (brings) uploads.dec();
    done({ status: `${Math.floor(response.statusCode / 100)}xx` });
  });
}

/** Has the jobs that wait for the worker asked for whenever somebody looks. */
export function countJobs(sql: Sql): void {
  register.removeSingleMetric('engawa_jobs_waiting');
  new Gauge({
    name: 'engawa_jobs_waiting',
    help: 'Jobs that are due and not begun',
    labelNames: ['job'],
    async collect() {
      const waiting = await waitingJobs(sql).catch(() => []);
      this.reset();
      for (const { job, count } of waiting) this.set({ job }, count);
    },
  });
}

/** Answers `/metrics` to whoever holds the token; without one set, there is no such page. */
export async function answerMetrics(
  request: IncomingMessage,
  response: ServerResponse,
  token: string | null,
): Promise<void> {
  if (!token) return void response.writeHead(404).end();
  const hash = (text: string) => createHash('sha256').update(text).digest();
  if (!timingSafeEqual(hash(request.headers.authorization ?? ''), hash(`Bearer ${token}`))) {
    return void response.writeHead(401, { 'www-authenticate': 'Bearer' }).end();
  }
  const text = await register.metrics();
  response.writeHead(200, { 'content-type': register.contentType, 'cache-control': 'no-store' });
  response.end(text);
}
