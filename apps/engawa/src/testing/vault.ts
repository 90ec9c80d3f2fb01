import { mkdtempSync, readdirSync, readlinkSync, rmSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildWorld, type TestPerson, type World } from '@engawa/domain/testing';
import { signInAs } from '@engawa/sync/testing';
import { afterAll } from 'vitest';
import { readConfig } from '../config.ts';
import { start } from '../start.ts';
import { metadataOf, TUS } from './tus.ts';

export { metadataOf, TUS };

/** What is asked of a door of the vault, besides its address. */
export interface Ask {
  method?: string;
  headers?: Record<string, string>;
  signal?: AbortSignal;
  body?: Uint8Array | string | ReadableStream<Uint8Array>;
  /** Whose cookie is sent; null: nobody's. The officer's unless said. */
  as?: TestPerson | null;
}

export interface Vault {
  world: World;
  origin: string;
  ask(path: string, ask?: Ask): Promise<Response>;
  /** The officer's, for requests made by hand. */
  cookie(): { cookie: string };
  /** How many files of the store this process has open. */
  openFiles(): number;
  /** Opens an upload as a tus client would. Metadata in clear. */
  create(size: number | string, metadata: Record<string, string>, ask?: Ask): Promise<Response>;
  send(location: string, offset: number, body: Ask['body'], ask?: Ask): Promise<Response>;
  /** Uploads in one chunk and gives the id of the file. */
  upload(name: string, bytes: Uint8Array | string, metadata?: Record<string, string>): Promise<string>;
}

const OCTETS = { 'content-type': 'application/offset+octet-stream' };

/** The built program in this process, pages only, on a world of its own; its store is a folder unless one is named. */
export async function startVault(storageUrl?: string): Promise<Vault> {
  const world = await buildWorld();
  const data = mkdtempSync(join(tmpdir(), 'engawa-vault-'));
  const port = await freePort();
  const env = {
    PORT: String(port),
    ENGAWA_DATA: data,
    DATABASE_URL: world.databaseUrl,
    ENGAWA_KEY: 'ab'.repeat(32),
    STORAGE_URL: storageUrl ?? `file://${join(data, 'files')}`,
    LOG_LEVEL: 'silent',
  };
  const program = await start(readConfig(env, { roles: 'web' }), 'built');
  afterAll(async () => {
    await program.stop();
    rmSync(data, { recursive: true, force: true });
  });
  const origin = `http://localhost:${port}`;
  const cookies = new Map<string, string>();
  for (const person of [world.officer, world.clerk, world.stranger])
    cookies.set(person.id, `engawa_session=${await signInAs(world.sql, person.id)}`);

  const ask = (path: string, { as = world.officer, headers, ...rest }: Ask = {}) =>
    fetch(new URL(path, origin), {
      redirect: 'manual',
      ...rest,
      ...({ duplex: 'half' } as object),
      headers: { origin, ...(as ? { cookie: cookies.get(as.id)! } : {}), ...headers },
    } as RequestInit);
  const create = (size: number | string, metadata: Record<string, string>, given: Ask = {}) =>
    ask('/files/uploads', {
      method: 'POST',
      ...given,
      headers: {
        ...TUS,
        'upload-length': String(size),
        'upload-metadata': metadataOf({ spaceId: world.space, ...metadata }),
        ...given.headers,
      },
    });
  const send = (location: string, offset: number, body: Ask['body'], given: Ask = {}) =>
    ask(location, {
      method: 'PATCH',
      body,
      ...given,
      headers: { ...TUS, ...OCTETS, 'upload-offset': String(offset), ...given.headers },
    });
  return {
    world,
    origin,
    ask,
    cookie: () => ({ cookie: cookies.get(world.officer.id)! }),
    openFiles: () => openIn(data),
    create,
    send,
    async upload(name, bytes, metadata = {}) {
      const size = Buffer.byteLength(bytes);
      const created = await create(size, { filename: name, ...metadata });
      if (created.status !== 201) throw new Error(await created.text());
      if (size === 0) return created.headers.get('engawa-item')!;
      const sent = await send(created.headers.get('location')!, 0, bytes);
      if (sent.status !== 204) throw new Error(await sent.text());
      return sent.headers.get('engawa-item')!;
    },
  };
}

function freePort(): Promise<number> {
  return new Promise((done) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => done(port));
    });
  });
}

function openIn(folder: string): number {
  const targets = readdirSync('/proc/self/fd').map((fd) => {
    try {
      return readlinkSync(`/proc/self/fd/${fd}`);
    } catch {
      return '';
    }
  });
  return targets.filter((target) => target.startsWith(join(folder, 'files'))).length;
}
