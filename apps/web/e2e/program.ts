import { spawn, type ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startPostgres } from '@engawa/db';
import { SMTPServer } from 'smtp-server';
import type { Instance } from './instance.ts';

const MAIN = new URL('../../engawa/src/main.ts', import.meta.url).pathname;
const READY_MS = 60_000;

/**
 * Playwright's global setup: starts the real program as people would, on a database and a mail server of its own,
 * and leaves its address for the tests. Returns the teardown.
 */
export default async function startProgram(): Promise<() => Promise<void>> {
  const folder = await mkdtemp(join(tmpdir(), 'engawa-e2e-'));
  const mails = join(folder, 'mails');
  await mkdir(mails);
  const postgres = await startPostgres({ folder: join(folder, 'pg') });
  const smtp = await startMailServer(mails);
  const port = await freePort();
  const origin = `http://localhost:${port}`;
  const key = randomBytes(32).toString('hex');
  const program = spawn(process.execPath, [MAIN, 'start'], {
    env: {
      ...process.env,
      PORT: String(port),
      ORIGIN: origin,
      DATABASE_URL: postgres.url,
      SMTP_URL: `smtp://127.0.0.1:${smtp.port}`,
      ENGAWA_DATA: join(folder, 'data'),
      ENGAWA_KEY: key,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const output = collect(program);
  const setupLink = await ready(origin, program, output);
  const instance: Instance = { origin, setupLink, mails, databaseUrl: postgres.url, key, folder };
  process.env.ENGAWA_E2E = JSON.stringify(instance);
  await writeFile(join(folder, 'instance.json'), JSON.stringify(instance));

  return async () => {
    await stop(program);
    smtp.close();
    await postgres.stop();
    if (process.env.KEEP_E2E) await writeFile(join(tmpdir(), 'engawa-e2e-output.txt'), output.join(''));
    await rm(folder, { recursive: true, force: true });
  };
}

/** A real SMTP server that keeps each message as a file, in the order of arrival. */
async function startMailServer(folder: string): Promise<{ port: number; close(): void }> {
  let count = 0;
  const server = new SMTPServer({
    disabledCommands: ['AUTH', 'STARTTLS'],
    onData(stream, _session, done) {
      const parts: Buffer[] = [];
      stream.on('data', (part: Buffer) => parts.push(part));
      stream.on('end', () => {
        count += 1;
        const name = join(folder, `${String(count).padStart(4, '0')}.eml`);
        writeFile(name, Buffer.concat(parts)).then(() => done(), done);
      });
    },
  });
  const port = await freePort();
  await new Promise<void>((listening) => server.listen(port, '127.0.0.1', listening));
  return { port, close: () => server.close() };
}

function collect(program: ChildProcess): string[] {
  const output: string[] = [];
  program.stdout?.on('data', (part: Buffer) => output.push(String(part)));
  program.stderr?.on('data', (part: Buffer) => output.push(String(part)));
  return output;
}

/** Resolves with the set-up link once the program answers and has printed it. */
async function ready(origin: string, program: ChildProcess, output: string[]): Promise<string> {
  const end = Date.now() + READY_MS;
  while (Date.now() < end) {
    if (program.exitCode !== null) break;
    const answer = await fetch(`${origin}/readyz`).catch(() => null);
    const link = /https?:\/\/\S+\/setup\?token=\S+(?=\s)/.exec(output.join(''))?.[0];
    if (answer?.ok && link) return link;
    await new Promise((done) => setTimeout(done, 200));
  }
  program.kill('SIGKILL');
  throw new Error(`The program did not become ready:\n${output.join('')}`);
}

async function stop(program: ChildProcess): Promise<void> {
  if (program.exitCode !== null) return;
  const gone = new Promise((done) => program.once('exit', done));
  program.kill('SIGINT');
  const force = setTimeout(() => program.kill('SIGKILL'), 15_000);
  await gone;
  clearTimeout(force);
}

function freePort(): Promise<number> {
  return new Promise((done, failed) => {
    const server = createServer();
    server.once('error', failed);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => done(typeof address === 'object' && address ? address.port : 0));
    });
  });
}
