import type { IncomingMessage, ServerResponse } from 'node:http';

/** What pages and forms send. */
const MOST = 4 * 2 ** 20;
/** All of a small body has to be here within this time, in milliseconds. */
const WHOLE_MS = 120_000;
/** An upload may take days, but something has to arrive. */
const IDLE_MS = 60_000;
/** How long what nobody wants any more is still taken in, so that the client gets to read why. */
const LINGER_MS = 3_000;

/** Exactly: what a dot or an escape in it would lead to is another door. */
const UPLOAD = /^\/files\/uploads\/[\w-]+(\?|$)/;

const isUpload = ({ method, url = '' }: IncomingMessage): boolean => method === 'PATCH' && UPLOAD.test(url);

/**
 * Bounds what a request may send, in size and in time: uploads only by silence. False has refused it. Node's own
 * limit is on the whole request and would end every upload over a slow line; SvelteKit's has one size for all doors.
 */
export function admitBody(request: IncomingMessage, response: ServerResponse): boolean {
  const { 'content-length': length, 'transfer-encoding': coding } = request.headers;
  const upload = isUpload(request);
  if (!length && !coding) return true;
  if (!upload && coding) return refuse(response, 411, 'Say how long the body is.');
  if (!upload && Number(length) > MOST) return refuse(response, 413, 'That is too large for this address.');
  const timer = upload ? watch(request) : setTimeout(() => end(request), WHOLE_MS);
  timer.unref();
  request.once('end', () => clearInterval(timer));
  response.once('close', () => clearInterval(timer));
  response.once('finish', () => {
    if (!request.complete) setTimeout(() => end(request), LINGER_MS).unref();
  });
  return true;
}

function refuse(response: ServerResponse, status: number, why: string): false {
  response.writeHead(status, { 'content-type': 'text/plain; charset=utf-8', connection: 'close' });
  response.end(`${why}\n`);
  return false;
}

/** A body that we ourselves have paused, because the store is slow, is not silent. */
function watch(request: IncomingMessage): NodeJS.Timeout {
  let seen = -1;
  return setInterval(() => {
    const { bytesRead } = request.socket;
    if (bytesRead === seen && !request.isPaused()) end(request);
    seen = bytesRead;
  }, IDLE_MS);
}

function end(request: IncomingMessage): void {
  if (!request.complete) request.socket.destroy();
}
