import { execFileSync, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';
import { join } from 'node:path';
import { until } from '@engawa/sync/testing';

const CADDYFILE = join(import.meta.dirname, '../../../../infra/Caddyfile');

export const CADDY = (() => {
  try {
    execFileSync('caddy', ['version'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
})();

export interface ProxyOptions {
  port: number;
  web: number;
  sync: number[];
  /** Caddy's own files. */
  folder: string;
}

export interface Proxy {
  name: string;
  /** `http://localhost:<port>` */
  url: string;
  stop(): Promise<void>;
}

/** The one address before the parts: Caddy with the Caddyfile of `infra/`, or a small one that hashes as it does. */
export async function startProxy(options: ProxyOptions): Promise<Proxy> {
  const proxy = await (CADDY ? startCaddy(options) : startSmall(options));
  await until(async () => {
    const answer = await fetch(`${proxy.url}/healthz`).catch(() => null);
    return answer?.ok;
  }, 30_000);
  return proxy;
}

async function startCaddy({ port, web, sync, folder }: ProxyOptions): Promise<Proxy> {
  const url = `http://localhost:${port}`;
  const child = spawn('caddy', ['run', '--config', CADDYFILE, '--adapter', 'caddyfile'], {
    env: {
      PATH: process.env['PATH'],
      XDG_DATA_HOME: folder,
      XDG_CONFIG_HOME: folder,
      SITE: url,
      WEB: `127.0.0.1:${web}`,
      SYNC: sync.map((at) => `127.0.0.1:${at}`).join(' '),
    },
    stdio: 'ignore',
  });
  process.once('exit', () => child.kill('SIGKILL'));
  const gone = once(child, 'exit');
  return {
    name: 'Caddy',
    url,
    async stop() {
      child.kill('SIGKILL');
      await gone;
    },
  };
}

/** Reads the first line of each connection, and passes the connection on whole: by the item's hash, or the next node. */
async function startSmall({ port, web, sync }: ProxyOptions): Promise<Proxy> {
  const open = new Set<Socket>();
  const server = createServer((near) => {
    open.add(near.on('error', () => {}).on('close', () => open.delete(near)));
    near.once('data', (head: Buffer) => {
      near.pause();
      const path = head.toString('latin1').split(' ')[1] ?? '/';
      if (path === '/metrics') return void near.end('HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n');
      // One request a connection: each is routed anew.
      const text = head.toString('latin1');
      const kept = /\r\nupgrade:/i.test(text)
        ? text
        : text.replace(/\r\nconnection:[^\r]*/i, '').replace('\r\n', '\r\nConnection: close\r\n');
      pass(
        near,
        Buffer.from(kept, 'latin1'),
        path.startsWith('/sync/') || path.startsWith('/live') ? ranked(sync, path) : [web],
      );
    });
  });
  await new Promise<void>((done) => server.listen(port, 'localhost', done));
  return {
    name: 'a proxy of the test',
    url: `http://localhost:${port}`,
    async stop() {
      for (const socket of open) socket.destroy();
      await new Promise((done) => server.close(done));
    },
  };
}

/** Rendezvous hashing, which Caddy uses too: without a node, only what was on it moves. */
function ranked(nodes: number[], path: string): number[] {
  const weight = (node: number) =>
    createHash('sha256')
      .update(`${node} ${path.startsWith('/live') ? '' : path}`)
      .digest('hex');
  return nodes.toSorted((a, b) => (weight(a) < weight(b) ? 1 : -1));
}

function pass(near: Socket, head: Buffer, [first, ...others]: number[]): void {
  if (first === undefined) return void near.destroy();
  const far = connect(first, '127.0.0.1');
  let connected = false;
  far.once('connect', () => {
    connected = true;
    far.write(head);
    near.pipe(far).pipe(near);
  });
  far.once('error', () => (connected ? near.destroy() : pass(near, head, others)));
  far.once('close', () => connected && near.destroy());
  near.once('close', () => far.destroy());
}
