import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { readDocument } from '@engawa/domain';
import { buildWorld } from '@engawa/domain/testing';
import { openClient, signInAs, startTyping, textOf, until } from '@engawa/sync/testing';
import { afterAll, expect, test } from 'vitest';
import { freePort, runProgram, whenReady, type Program } from '../testing/program.ts';

// A deploy: the version before serves, while the next one brings the database up to date. It needs the built web app.
const world = await buildWorld();
const { sql } = world;
const place = mkdtempSync(join(tmpdir(), 'engawa-migrating-'));
let program: Program | null = null;
afterAll(() => {
  // Where the test failed, it still runs.
  program?.child.kill('SIGKILL');
  rmSync(place, { recursive: true, force: true });
});

const MIGRATIONS = new URL('../migrations/', import.meta.resolve('@engawa/db'));
/** What the next version brings: each takes a lock on a table that people write to, or is made beside them. */
const NEXT = {
  '9001_expand.sql': `alter table items add column colour text not null default '';
    alter table sessions add column device text;
    create table plans (id uuid primary key, item_id uuid not null references items (id) on delete cascade);
    create index on plans (item_id);`,
  '9002_index.sql': `-- outside a transaction
    create index concurrently if not exists journal_rows_by_at on journal_rows (at);`,
  '9003_journal.sql': `alter table journal_rows add column node uuid;
    alter table journal_heads add column note text;
    alter table ledger add constraint known check (verb <> '') not valid;`,
};

/** Applies them from a process of its own, as a newer program does at its start. Returns the names applied. */
async function migrateNext(): Promise<string[]> {
  const folder = join(place, 'migrations');
  cpSync(MIGRATIONS, folder, { recursive: true });
  for (const [name, text] of Object.entries(NEXT)) writeFileSync(join(folder, name), text);
  const code = `const { migrate, openDatabase } = await import(${JSON.stringify(import.meta.resolve('@engawa/db'))});
    const sql = openDatabase(${JSON.stringify(world.databaseUrl)}, { max: 2 });
    const folder = new URL(${JSON.stringify(pathToFileURL(`${folder}/`).href)});
    console.log(JSON.stringify(await migrate(sql, { folder })));
    await sql.end();`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', code], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const output: Buffer[] = [];
  child.stdout.on('data', (part: Buffer) => output.push(part));
  const [exit] = await once(child, 'close');
  expect(exit).toBe(0);
  return JSON.parse(Buffer.concat(output).toString()) as string[];
}

/** Asks for a page again and again; everything but 200 is kept. */
function reading(url: string, cookie: string) {
  const failed: string[] = [];
  let read = 0;
  let stopped = false;
  const done = (async () => {
    while (!stopped) {
      const status = await fetch(url, { headers: { cookie }, redirect: 'manual' }).then(
        (answer) => answer.text().then(() => answer.status),
        (error: Error) => error.message,
      );
      if (status === 200) read += 1;
      else failed.push(`${url}: ${status}`);
    }
  })();
  return {
    failed,
    read: () => read,
    stop: () => {
      stopped = true;
      return done;
    },
  };
}

test(
  'two people type and pages are read while the next version migrates: nothing fails and nothing is lost',
  { timeout: 300_000 },
  async () => {
    const port = await freePort();
    const origin = `http://localhost:${port}`;
    program = runProgram(['--roles', 'web,sync'], {
      DATABASE_URL: world.databaseUrl,
      STORAGE_URL: `file://${join(place, 'files')}`,
      ENGAWA_KEY: 'ab'.repeat(32),
      ENGAWA_DATA: join(place, 'data'),
      ORIGIN: origin,
      PORT: String(port),
    });
    await whenReady(program, port);
    const itemId = await world.item();
    await world.give(world.clerk.id, itemId, 'editor');
    const tokens = await Promise.all([world.officer, world.clerk].map(({ id }) => signInAs(sql, id)));
    const url = `ws://127.0.0.1:${port}`;
    const clients = tokens.map((token) => openClient({ url, itemId, token, origin, pace: 'page' }));
    const typists = clients.map((client, at) => startTyping(client, at === 0 ? 'あ' : 'い'));
    const pages = [`/s/${world.space}`, `/s/${world.space}/doc/${itemId}`].map((path) =>
      reading(origin + path, `engawa_session=${tokens[0]}`),
    );
    await until(() => typists.every(({ savedWords }) => savedWords > 20), 60_000);
    await until(() => pages.every((page) => page.read() > 0), 60_000);

    expect(await migrateNext()).toEqual(Object.keys(NEXT));

    const after = performance.now();
    const before = pages.map((page) => page.read());
    await until(() => typists.every((typist) => typist.savedSince(after)), 60_000);
    await until(() => pages.every((page, at) => page.read() > before[at]! + 1), 60_000);
    for (const typist of typists) typist.stop();
    await Promise.all(pages.map((page) => page.stop()));
    await Promise.all(clients.map((client) => client.whenSaved(30_000)));

    expect(pages.flatMap((page) => page.failed)).toEqual([]);
    expect(clients.flatMap((client) => client.closes)).toEqual([]);
    const text = textOf(await readDocument(sql, itemId, 1));
    for (const typist of typists) {
      expect(typist.missing(text, typist.typedWords)).toEqual([]);
    }
    for (const client of clients) client.stop();
    program.child.kill('SIGTERM');
    expect(await program.ended, program.output()).toBe(0);
  },
);
