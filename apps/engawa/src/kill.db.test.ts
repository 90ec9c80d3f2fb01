import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openDatabase, startPostgres } from '@engawa/db';
import {
  addPerson,
  createCtx,
  createItem,
  createSetupToken,
  createSpace,
  grant,
  me,
  readDocument,
  setUp,
} from '@engawa/domain';
import { killLoop, signInAs, summaryOf, textOf, type Victim } from '@engawa/sync/testing';
import { afterAll, expect, test } from 'vitest';
import { readConfig } from './config.ts';
import { makeServices } from './provide.ts';

// The whole program as people start it, its PostgreSQL within. It needs the built web app (`pnpm build`).
const MAIN = join(import.meta.dirname, 'main.ts');
const KILLS = 20;
/** Every so often the power goes: PostgreSQL is killed with it, and recovers. */
const POWER_CUTS = 5;

const data = mkdtempSync(join(tmpdir(), 'engawa-kill-'));
const postgresFolder = join(data, 'postgres');
const children: ChildProcess[] = [];

afterAll(async () => {
  for (const child of children) child.kill('SIGKILL');
  await (await startPostgres({ folder: postgresFolder })).stop();
  rmSync(data, { recursive: true, force: true });
});

interface Program extends Victim {
  stop(): Promise<number | null>;
  output(): string;
}

test.skipIf(process.platform !== 'linux')(
  `${KILLS} × kill -9 of the program while two people type: whatever was shown as saved is there`,
  { timeout: 420_000 },
  async () => {
    const port = await freePort();
    let kills = 0;
    const start = async (): Promise<Program> => {
      const program = await startProgram(port);
      return {
        ...program,
        async kill() {
          kills += 1;
          if (kills % POWER_CUTS === 0) process.kill(postmaster(), 'SIGKILL');
          await program.kill();
        },
      };
    };
    const first = await startProgram(port);
    const { sql, itemId, people, close } = await moveIn(port);
    await first.kill();
    const url = `ws://127.0.0.1:${port}`;
    const origin = `http://localhost:${port}`;
    const report = await killLoop<Program>({
      start,
      pages: await Promise.all(
        people.map(async (id) => ({ url, itemId, origin, token: await signInAs(sql(), id) })),
      ),
      kills: KILLS,
      // The server may have gone with the program: it is started again for a look, and adopted by the next start.
      stored: async () => {
        await startPostgres({ folder: postgresFolder });
        return textOf(await readDocument(sql(), itemId, 1));
      },
    });
    console.log(summaryOf(report));
    expect(report.lost).toEqual([]);
    expect(new Set(report.texts).size).toBe(1);
    expect(report.saved).toBeGreaterThan(KILLS);
    await close();
    expect(await report.victim.stop()).toBe(0);
    await cleanSecondStart(port);
  },
);

/** After all that, a start finds nothing to clear and says nothing of it. */
async function cleanSecondStart(port: number): Promise<void> {
  const program = await startProgram(port);
  expect(program.output()).not.toMatch(/killed|left|stale|adopt/i);
  expect(await program.stop()).toBe(0);
}

/** An organisation, two of its people and an empty document that both may write. */
async function moveIn(port: number) {
  const { url } = await startPostgres({ folder: postgresFolder });
  let pool = openDatabase(url, { max: 2 });
  const config = readConfig({ ENGAWA_DATA: data, PORT: String(port) });
  const services = makeServices(config, pool);
  const nobody = createCtx({ kind: 'anonymous' }, services);
  const { personId } = await setUp(nobody, {
    token: await createSetupToken(nobody),
    organisation: '栃木県',
    organisationKana: '',
    name: '県庁 太郎',
    kana: '',
    email: 'taro@pref.example.jp',
    password: '縁側に腰かけてお茶を飲む',
  });
  const taro = createCtx({ kind: 'job', personId, job: 'test' }, services);
  const organisationId = (await me(taro)).hosts[0]!.id;
  const hanako = await addPerson(taro, {
    organisationId,
    name: '県庁 花子',
    kana: '',
    email: 'hanako@pref.example.jp',
    post: '',
  });
  const space = await createSpace(taro, { name: 'データ共有円滑化' });
  const doc = await createItem(taro, { spaceId: space.id, parentId: null, kind: 'doc', title: '議事メモ' });
  await grant(taro, { objectId: space.id, principal: { kind: 'person', id: hanako.id }, role: 'editor' });
  return {
    itemId: doc.id,
    people: [personId, hanako.id],
    // The port of the embedded server may change when it is started anew.
    sql() {
      const now = urlOf(postgresFolder, url);
      if (pool.options.port[0] !== Number(new URL(now).port)) pool = openDatabase(now, { max: 2 });
      return pool;
    },
    close: () => pool.end({ timeout: 2 }),
  };
}

function urlOf(folder: string, before: string): string {
  const url = new URL(before);
  url.port = readFileSync(join(folder, 'data/postmaster.pid'), 'utf8').split('\n')[3]!.trim();
  return url.href;
}

function postmaster(): number {
  return Number(readFileSync(join(postgresFolder, 'data/postmaster.pid'), 'utf8').split('\n')[0]);
}

async function startProgram(port: number): Promise<Program> {
  const child = spawn(process.execPath, [MAIN], {
    env: { PATH: process.env.PATH, PORT: String(port), ENGAWA_DATA: data, LOG_LEVEL: 'warn' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  children.push(child);
  let output = '';
  child.stdout.on('data', (part: Buffer) => (output += part.toString()));
  child.stderr.on('data', (part: Buffer) => (output += part.toString()));
  const ended = once(child, 'exit').then(([code]) => code as number | null);
  const answers = () =>
    fetch(`http://localhost:${port}/readyz`).then(
      (answer) => answer.ok,
      () => false,
    );
  await expect
    .poll(
      async () => {
        if (child.exitCode !== null) throw new Error(output);
        return answers();
      },
      { timeout: 90_000, interval: 50 },
    )
    .toBe(true);
  return {
    output: () => output,
    async kill() {
      child.kill('SIGKILL');
      await ended;
    },
    async stop() {
      child.kill('SIGINT');
      return ended;
    },
  };
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  return port;
}
