import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { createServer, connect } from 'node:net';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, inject, test } from 'vitest';

// The real program, as a child, on a folder of its own. It needs the built web app (`pnpm build`).
const MAIN = join(import.meta.dirname, 'main.ts');

interface Program {
  child: ChildProcess;
  output: () => string;
  ended: Promise<number | null>;
}

let data: string;
let port: number;
let started: Program[];

beforeEach(async () => {
  data = mkdtempSync(join(tmpdir(), 'engawa-start-'));
  port = await freePort();
  started = [];
});
afterEach(async () => {
  for (const { child } of started) child.kill('SIGKILL');
  for (const pid of postmasters()) process.kill(pid, 'SIGQUIT');
  await expect.poll(postmasters).toEqual([]);
  rmSync(data, { recursive: true, force: true });
});

function run(args: string[] = [], env: Record<string, string> = {}): Program {
  const child = spawn(process.execPath, [MAIN, ...args], {
    env: { PATH: process.env.PATH, PORT: String(port), ENGAWA_DATA: data, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let text = '';
  const collect = (part: Buffer) => (text += part.toString());
  child.stdout!.on('data', collect);
  child.stderr!.on('data', collect);
  const program = {
    child,
    output: () => text,
    ended: once(child, 'close').then(([code]) => code as number | null),
  };
  started.push(program);
  return program;
}

async function ready(program: Program): Promise<Program> {
  await expect
    .poll(
      async () => {
        if (program.child.exitCode !== null) throw new Error(program.output());
        return (await readyz())?.worker ?? false;
      },
      { timeout: 90_000, interval: 50 },
    )
    .toBe(true);
  await expect.poll(program.output, { timeout: 5_000 }).toContain('is ready');
  return program;
}

async function readyz(): Promise<Record<string, boolean> | null> {
  const answer = await fetch(`http://localhost:${port}/readyz`).catch(() => null);
  return answer ? ((await answer.json()) as Record<string, boolean>) : null;
}

/** PostgreSQL servers of this folder, and every other process that was told of it. */
const postmasters = () =>
  processes((pid) => readFileSync(`/proc/${pid}/cmdline`, 'latin1').includes(`${data}/postgres`));
const programs = () =>
  processes((pid) => readFileSync(`/proc/${pid}/environ`, 'latin1').includes(`ENGAWA_DATA=${data}`));

function processes(matches: (pid: string) => boolean): number[] {
  const alive = (pid: string) => !/^\d+ \(.*\) Z/.test(readFileSync(`/proc/${pid}/stat`, 'latin1'));
  return readdirSync('/proc')
    .filter((name) => {
      try {
        return /^\d+$/.test(name) && alive(name) && matches(name);
      } catch {
        return false;
      }
    })
    .map(Number);
}

function freePort(): Promise<number> {
  return new Promise((done) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port: free } = server.address() as AddressInfo;
      server.close(() => done(free));
    });
  });
}

// Generous: what is tested is that it happens, on machines that may be busy with everything else.
describe.skipIf(process.platform !== 'linux')('the program', { timeout: 200_000 }, () => {
  test('starts whole, says where and how to set it up, and leaves nothing behind on Ctrl-C', async () => {
    const program = await ready(run());
    expect(await readyz()).toEqual({ ready: true, database: true, sync: true, web: true, worker: true });
    expect((await fetch(`http://localhost:${port}/healthz`)).status).toBe(200);
    expect(program.output()).toContain(`http://localhost:${port}/setup?token=`);
    expect(statSync(join(data, 'key')).mode & 0o777).toBe(0o600);
    expect(programs().length).toBe(2);

    const page = await fetch(`http://localhost:${port}/`);
    expect(page.status).toBeLessThan(500);
    expect(page.headers.get('x-content-type-options')).toBe('nosniff');

    // npm, the shell and the terminal each pass the same press on.
    for (const _ of [1, 2, 3]) program.child.kill('SIGINT');
    expect(await program.ended).toBe(0);
    expect(programs()).toEqual([]);
    expect(postmasters()).toEqual([]);
    expect(existsSync(join(data, 'lock'))).toBe(false);
  });

  test('an upgrade nobody knows is ended at once', async () => {
    await ready(run());
    const socket = connect(port, '127.0.0.1');
    socket.write(
      'GET /nowhere HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n',
    );
    socket.on('error', () => {});
    await once(socket, 'close');
  });

  test('a second start on the same folder is refused, and the first does not notice', async () => {
    const first = await ready(run());
    const second = run([], { PORT: String(await freePort()) });
    expect(await second.ended).toBe(1);
    expect(second.output()).toContain(`already runs on ${data}: process ${first.child.pid}`);
    expect((await readyz())?.ready).toBe(true);
  });

  test('a command beside a running program leaves its database up', async () => {
    await ready(run());
    const command = run(['reset-password', 'nobody@example.jp']);
    expect(await command.ended).toBe(1);
    expect(command.output()).toContain('Nobody has this address');
    expect(await run(['migrate']).ended).toBe(0);
    expect((await readyz())?.ready).toBe(true);
  });

  test('after kill -9 the worker ends by itself, and the next start adopts and clears what was left, and says so', async () => {
    const killed = await ready(run());
    killed.child.kill('SIGKILL');
    await killed.ended;
    await expect.poll(programs, { timeout: 15_000 }).toEqual([]);
    const [survivor] = postmasters();
    expect(survivor).toBeDefined();

    const next = await ready(run());
    expect(next.output()).toContain(`process ${killed.child.pid}) was killed: its lock was cleared`);
    expect(next.output()).toContain(
      `PostgreSQL (process ${survivor}) had outlived the last run and was adopted`,
    );
    next.child.kill('SIGTERM');
    expect(await next.ended).toBe(0);
    expect(postmasters()).toEqual([]);
  });

  test('a second Ctrl-C stops at once, PostgreSQL too', async () => {
    const program = await ready(run());
    // An unfinished request keeps the first Ctrl-C waiting.
    const socket = connect(port, '127.0.0.1').on('error', () => {});
    socket.write('POST /signin HTTP/1.1\r\nHost: localhost\r\nContent-Length: 10\r\n\r\n');
    await sleep(200);
    program.child.kill('SIGINT');
    await sleep(1_000);
    program.child.kill('SIGINT');
    expect(await program.ended).toBe(130);
    await expect.poll(postmasters, { timeout: 10_000 }).toEqual([]);
    await expect.poll(programs, { timeout: 10_000 }).toEqual([]);
  });

  test('a worker that dies is started again', async () => {
    const program = await ready(run());
    const worker = programs().find((pid) => pid !== program.child.pid)!;
    process.kill(worker, 'SIGKILL');
    await expect.poll(program.output, { timeout: 5_000 }).toContain('the worker ended; it is started again');
    await expect.poll(async () => (await readyz())?.worker, { timeout: 10_000 }).toBe(true);
    expect(programs()).not.toContain(worker);
  });

  test('a PostgreSQL that is killed under a running program is started again', async () => {
    const program = await ready(run());
    const [killed] = postmasters();
    process.kill(killed!, 'SIGKILL');
    await expect.poll(program.output, { timeout: 10_000 }).toContain('PostgreSQL ended without our asking');
    await expect.poll(async () => (await readyz())?.ready, { timeout: 30_000 }).toBe(true);
    expect(postmasters()).not.toContain(killed);
    program.child.kill('SIGINT');
    expect(await program.ended).toBe(0);
    expect(postmasters()).toEqual([]);
  });

  test('on a database of its own, parts run apart', async () => {
    const shared = {
      DATABASE_URL: inject('postgresUrl').replace(/[^/]*$/, 'postgres'),
      ENGAWA_KEY: 'ab'.repeat(32),
    };
    const program = run(['--roles', 'sync'], shared);
    await expect.poll(readyz, { timeout: 20_000 }).toEqual({ ready: true, database: true, sync: true });
    expect((await fetch(`http://localhost:${port}/`)).status).toBe(404);
    expect(postmasters()).toEqual([]);
    program.child.kill('SIGINT');
    expect(await program.ended).toBe(0);
  });

  test.each<[string, string[], Record<string, string>, string]>([
    ['a wrong port', [], { PORT: 'abc' }, 'PORT must be a port from 1 to 65535'],
    ['an unknown command', ['strat'], {}, 'There is no command "strat"'],
    ['an unknown flag', ['--lann'], {}, "Unknown option '--lann'"],
    [
      'a database that does not answer',
      [],
      { DATABASE_URL: 'postgres://u:hunter2@127.0.0.1:1/engawa' },
      'DATABASE_URL does not answer: 127.0.0.1:1/engawa',
    ],
  ])('%s stops the start with one sentence', async (_what, args, env, sentence) => {
    const program = run(args, env);
    expect(await program.ended).toBe(1);
    expect(program.output()).toContain(sentence);
    expect(program.output()).not.toMatch(/hunter2|\n\s+at /);
    expect(postmasters()).toEqual([]);
  });

  test('a port that is taken stops the start, and what was begun is stopped', async () => {
    const other = createServer().listen(port, '127.0.0.1');
    await once(other, 'listening');
    const program = run();
    expect(await program.ended).toBe(1);
    expect(program.output()).toContain(`Port ${port} is taken by another program`);
    expect(postmasters()).toEqual([]);
    expect(programs()).toEqual([]);
    other.close();
  });

  test('--help says what there is', async () => {
    const { stdout } = await new Promise<{ stdout: string }>((done) => {
      execFile(process.execPath, [MAIN, '--help'], (_error, out) => done({ stdout: out }));
    });
    expect(stdout).toContain('reset-password');
    expect(stdout).toContain('DATABASE_URL');
  });
});
