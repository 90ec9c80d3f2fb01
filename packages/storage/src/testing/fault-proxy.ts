import { createServer, type IncomingMessage, request, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

/** What the way to the store does to a request. `after`: bytes that still pass. */
export type Fault =
  | { kind: 'status'; status: number; body?: string }
  | { kind: 'cut-request'; after: number }
  | { kind: 'cut-response'; after: number }
  | { kind: 'lost-answer' }
  | { kind: 'silence' }
  | { kind: 'slow'; ms: number };

export interface FaultProxy {
  /** `127.0.0.1:<port>`. */
  host: string;
  /** Decides for each request; null lets it pass. */
  fault: (request: { method: string; url: string }) => Fault | null;
  seen: string[];
  close(): Promise<void>;
}

/** An HTTP proxy in front of a store that breaks what it is told to break. */
export async function startFaultProxy(target: string, port = 0): Promise<FaultProxy> {
  const proxy: FaultProxy = { host: '', fault: () => null, seen: [], close: async () => {} };
  const server = createServer((incoming, outgoing) => {
    const method = incoming.method ?? '';
    const url = incoming.url ?? '';
    proxy.seen.push(`${method} ${url}`);
    pass(target, incoming, outgoing, proxy.fault({ method, url })).catch(() => outgoing.destroy());
  });
  await new Promise<void>((done) => server.listen(port, '127.0.0.1', done));
  proxy.host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  proxy.close = () => closeServer(server);
  return proxy;
}

async function pass(
  target: string,
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  fault: Fault | null,
): Promise<void> {
  outgoing.on('error', () => {});
  incoming.on('error', () => {});
  if (fault?.kind === 'silence') return void incoming.resume();
  if (fault?.kind === 'status') {
    incoming.resume();
    outgoing.writeHead(fault.status).end(fault.body);
    return;
  }
  const [hostname, port] = target.split(':');
  const { method, url, headers } = incoming;
  const upstream = request({ hostname, port, method, path: url, headers, agent: false });
  upstream.on('error', () => outgoing.destroy());
  upstream.on('response', (response) => {
    if (fault?.kind === 'lost-answer') {
      response.resume();
      response.on('end', () => outgoing.destroy());
      return;
    }
    outgoing.writeHead(response.statusCode!, response.headers);
    const most = fault?.kind === 'cut-response' ? fault.after : Infinity;
    relay(response, outgoing, most, fault?.kind === 'slow' ? fault.ms : 0).catch(() => outgoing.destroy());
  });
  const most = fault?.kind === 'cut-request' ? fault.after : Infinity;
  await relay(incoming, upstream, most, 0).catch(() => {
    upstream.destroy();
    outgoing.destroy();
  });
}

async function relay(
  from: IncomingMessage,
  to: NodeJS.WritableStream & { destroy(): unknown },
  most: number,
  ms: number,
): Promise<void> {
  let passed = 0;
  for await (const chunk of from as AsyncIterable<Buffer>) {
    if (passed + chunk.byteLength > most) {
      to.write(chunk.subarray(0, most - passed));
      await sleep(20);
      throw new Error('cut');
    }
    passed += chunk.byteLength;
    if (ms > 0) await sleep(ms);
    if (!to.write(chunk)) await new Promise((done) => to.once('drain', done));
  }
  to.end();
}

function closeServer(server: Server): Promise<void> {
  return new Promise((done) => {
    server.close(() => done());
    server.closeAllConnections();
  });
}
