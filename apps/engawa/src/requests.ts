import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Logger } from 'pino';
import type { Config } from './config.ts';
import { measureRequest } from './metrics.ts';
import { ADDRESS, HOST, PROTOCOL } from './web.ts';

/** For everything that pages do not send themselves: files, errors, health. */
const HEADERS = {
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'referrer-policy': 'same-origin',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
};

type Settings = Pick<Config, 'origin' | 'origins' | 'proxies'>;

/** Prepares a request for the pages: default headers, and the address it really came to and from. False refuses it. */
export function admit(request: IncomingMessage, response: ServerResponse, config: Settings): boolean {
  for (const [name, value] of Object.entries(HEADERS)) response.setHeader(name, value);
  const origin = originOf(request, config);
  if (!origin) {
    response.writeHead(421, { 'content-type': 'text/plain; charset=utf-8' });
    response.end(`Open ${config.origin}, or start Engawa with ORIGIN set to the address you use.\n`);
    return false;
  }
  const { protocol, host } = new URL(origin);
  request.headers[PROTOCOL] = protocol.slice(0, -1);
  request.headers[HOST] = host;
  request.headers[ADDRESS] = addressOf(request, config.proxies);
  return true;
}

/** With one address that is the one; with several (no ORIGIN set), the one the visitor used. */
function originOf(request: IncomingMessage, { origin, origins }: Settings): string | undefined {
  if (origins.length === 1) return origin;
  const used = `http://${request.headers.host}`;
  return URL.canParse(used) ? origins.find((known) => known === new URL(used).origin) : undefined;
}

/** Where the request came from: what the outermost proxy of ours saw, not what the visitor claims. */
export function addressOf(request: IncomingMessage, proxies: number): string {
  const claimed = `${request.headers['x-forwarded-for'] ?? ''}`.split(',').map((part) => part.trim());
  const seen = proxies > 0 ? claimed.at(-proxies) : undefined;
  return seen || request.socket.remoteAddress || '';
}

/** Logs the end of a request. Never its address: paths and queries hold one-time links. */
export function logRequest(request: IncomingMessage, response: ServerResponse, log: Logger): void {
  const began = performance.now();
  measureRequest(request, response);
  response.once('close', () => {
    const { statusCode: status } = response;
    const place = request.url?.split(/[/?]/)[1] ?? '';
    const line = {
      method: request.method,
      place,
      status,
      ms: Math.round(performance.now() - began),
      id: response.getHeader('x-request-id'),
    };
    if (status >= 500) log.error(line, 'request failed');
    else log.debug(line, 'request');
  });
}
