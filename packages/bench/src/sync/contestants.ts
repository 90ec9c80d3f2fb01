import { spawn, type ChildProcess } from 'node:child_process';
import { connect, createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { documentName, sessionCookieName, syncPath } from '@engawa/schema';
import type { Edited } from './edits.ts';
import type { Place } from './page.ts';
import type { World } from './world.ts';

export type Name =
  'engawa' | 'engawa, no journal' | 'hocuspocus' | 'y-websocket' | 'ws relay' | 'corked relay';

/** One of those compared: how it is started, and where its documents are. */
export interface Contestant {
  name: Name;
  /** Answers the handshake and holds documents; relays do not. */
  holdsDocuments: boolean;
  command: string[];
  env: Record<string, string>;
  /** Places of documents nobody has opened yet. */
  places(port: number, count: number, edited?: Edited): Promise<Place[]>;
}

const here = (file: string) => join(import.meta.dirname, 'servers', file);
let rooms = 0;

/** Everybody, in the order of the table. `peers`: the `node_modules` that `installPeers` gave. */
export function contestants(world: World, peers: string): Contestant[] {
  const cookie = sessionCookieName('http://localhost:3000');
  const ours = async (port: number, count: number, edited: Edited = 'doc'): Promise<Place[]> =>
    (await world.items(count, edited)).map((id) => ({
      port,
      path: syncPath(id, 1),
      headers: { origin: 'http://localhost:3000' },
      cookies: world.tokens.map((token) => `${cookie}=${token}`),
      dialect: 'named',
      name: documentName(id, 1),
      edited,
      answers: true,
    }));
  const room =
    (dialect: Place['dialect'], answers: boolean) =>
    async (port: number, count: number, edited: Edited = 'doc'): Promise<Place[]> =>
      Array.from({ length: count }, () => {
        const name = `room-${process.pid}-${(rooms += 1)}`;
        return { port, path: `/${name}`, dialect, name, edited, answers };
      });
  const engawa = { holdsDocuments: true, command: [here('engawa.ts')], places: ours };
  const relay = { holdsDocuments: false, command: [here('relay.ts')], places: room('plain', false) };
  return [
    { name: 'engawa', ...engawa, env: { DATABASE_URL: world.engawaUrl } },
    { name: 'engawa, no journal', ...engawa, env: { DATABASE_URL: world.engawaUrl, JOURNAL: 'off' } },
    {
      name: 'hocuspocus',
      holdsDocuments: true,
      command: [here('hocuspocus.ts')],
      env: { DATABASE_URL: world.hocuspocusUrl, PEERS: peers },
      places: room('named', true),
    },
    {
      name: 'y-websocket',
      holdsDocuments: true,
      command: [join(peers, '@y/websocket-server/src/server.js')],
      env: { HOST: '127.0.0.1' },
      places: room('plain', true),
    },
    { name: 'ws relay', ...relay, env: {} },
    { name: 'corked relay', ...relay, env: { CORK: '1' } },
  ];
}

export interface Usage {
  cpu: NodeJS.CpuUsage;
  memory: NodeJS.MemoryUsage;
}

/** A server that runs in a process of its own. */
export interface Running {
  port: number;
  usage(collect?: boolean): Promise<Usage>;
  stop(): Promise<void>;
}

/**
 * Starts one; resolves when it takes connections. It ends with this process, however this one ends. `BENCH_PROFILE`
 * names a folder for CPU profiles of all that are started.
 */
export async function start({
  name,
  command,
  env,
}: Pick<Contestant, 'name' | 'command' | 'env'>): Promise<Running> {
  const port = await freePort();
  const folder = process.env['BENCH_PROFILE'];
  const flags = folder ? ['--cpu-prof', '--cpu-prof-dir', join(folder, name.replace(/\W+/g, '-'))] : [];
  const child = spawn(process.execPath, [...flags, '--import', here('probe.ts'), ...command], {
    env: { ...process.env, NODE_ENV: 'production', NODE_OPTIONS: '', ...env, PORT: String(port) },
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  const gone = new Promise<void>((done) => child.once('exit', () => done()));
  const stop = async () => {
    // A profile is written by a process that ends by itself, when the probe has lost us.
    if (folder && child.connected) child.disconnect();
    else child.kill('SIGKILL');
    await gone;
  };
  for (let tries = 0; !(await listens(port)); tries += 1) {
    if (child.exitCode !== null || tries > 1_200) {
      await stop();
      throw new Error(`${name} does not start`);
    }
    await sleep(50);
  }
  return { port, usage: (collect = false) => ask(child, collect), stop };
}

function ask(child: ChildProcess, collect: boolean): Promise<Usage> {
  return new Promise((done, fail) => {
    const ended = () => fail(new Error('The server has ended'));
    child.once('exit', ended);
    child.once('message', (usage) => {
      child.off('exit', ended);
      done(usage as Usage);
    });
    child.send(collect ? 'collect' : 'usage', (error) => error && fail(error));
  });
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const { port } = server.address() as AddressInfo;
  await new Promise((done) => server.close(done));
  return port;
}

function listens(port: number): Promise<boolean> {
  return new Promise((done) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('connect', () => done(true)).once('error', () => done(false));
    socket.once('connect', () => socket.destroy());
  });
}
