import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '@engawa/sync/testing';
import { runProgram, whenReady, type Program } from './program.ts';
import { startProxy, type Proxy } from './proxy.ts';

export type Role = 'web' | 'sync' | 'worker';

/** One of the parts, as a process of its own. It keeps its address when it is started again. */
export interface Part {
  role: Role;
  port: number;
  program: Program;
  /** `ws://127.0.0.1:<port>`, past the proxy. */
  url: string;
}

export interface PartsOptions {
  databaseUrl: string;
  key: Uint8Array;
  valkeyUrl?: string | undefined;
  env?: Record<string, string>;
}

/** The parts as infra/compose.yaml runs them: web, two sync nodes and a worker on one database, behind one address. */
export interface Parts {
  proxy: Proxy;
  web: Part;
  worker: Part;
  sync: Part[];
  /** The files of all parts, each below `<role>-<port>`; the store is `files`. */
  folder: string;
  /** SIGKILL to it and its children; resolves when it is gone. */
  kill(part: Part): Promise<unknown>;
  /** Starts it anew, and resolves when it is ready. */
  again(part: Part): Promise<void>;
  stop(): Promise<void>;
}

export async function startParts({ databaseUrl, key, valkeyUrl, env }: PartsOptions): Promise<Parts> {
  const folder = mkdtempSync(join(tmpdir(), 'engawa-parts-'));
  const front = await freePort();
  const common = {
    ...(valkeyUrl ? { VALKEY_URL: valkeyUrl } : {}),
    DATABASE_URL: databaseUrl,
    STORAGE_URL: `file://${join(folder, 'files')}`,
    ENGAWA_KEY: Buffer.from(key).toString('hex'),
    ORIGIN: `http://localhost:${front}`,
    PROXIES: '1',
    ...env,
  };
  const run = (role: Role, port: number) =>
    runProgram([role], { ...common, PORT: String(port), ENGAWA_DATA: join(folder, `${role}-${port}`) });
  const begin = async (role: Role): Promise<Part> => {
    const port = await freePort();
    const part = { role, port, program: run(role, port), url: `ws://127.0.0.1:${port}` };
    await whenReady(part.program, port);
    return part;
  };
  // The first brings the database up to date, the others find it so.
  const web = await begin('web');
  const [worker, ...sync] = await Promise.all([begin('worker'), begin('sync'), begin('sync')]);
  const all = [web, worker, ...sync];
  const proxy = await startProxy({
    port: front,
    web: web.port,
    sync: sync.map(({ port }) => port),
    folder: join(folder, 'caddy'),
  });
  return {
    proxy,
    web,
    worker,
    sync,
    folder,
    kill: ({ program }) => program.kill(),
    async again(part) {
      part.program = run(part.role, part.port);
      await whenReady(part.program, part.port);
    },
    async stop() {
      await Promise.all(all.map(({ program }) => program.kill()));
      await Promise.all(all.map(({ program }) => program.ended));
      await proxy.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
