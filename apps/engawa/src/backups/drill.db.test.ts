import { createHash, randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openDatabase } from '@engawa/db';
import { createCtx, openFile, readDocument } from '@engawa/domain';
import { buildWorld, bytesOf, openStore, upload } from '@engawa/domain/testing';
import { openFolderStorage } from '@engawa/storage';
import { openClient, serveSync, signInAs, startTyping, textOf, until } from '@engawa/sync/testing';
import { afterAll, expect, inject, test } from 'vitest';
import { freePort, runProgram, whenReady } from '../testing/program.ts';

// The drill: a backup while people work, a restore elsewhere, and the program on it. It needs the built web app.
const world = await buildWorld();
const place = mkdtempSync(join(tmpdir(), 'engawa-drill-'));
const store = join(place, 'store');
openStore(world);
world.services.storage = openFolderStorage(store);
const { officer, space, sql } = world;
const KEY = Buffer.from(world.services.key).toString('hex');
const node = await serveSync(world.services);
const away = `drill_${randomBytes(6).toString('hex')}`;
const awayUrl = inject('postgresUrl').replace(/[^/]*$/, away);
const admin = openDatabase(inject('postgresUrl'), { max: 1 });

afterAll(async () => {
  await node.stop();
  await admin.unsafe(`drop database if exists ${away} with (force)`);
  await admin.end();
  rmSync(place, { recursive: true, force: true });
});

const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');

test(
  'backup under load, restore elsewhere: what was saved before the point is there, and is served',
  { timeout: 240_000 },
  async () => {
    const itemId = await world.item({ title: '議事メモ' });
    const page = openClient({
      url: node.url,
      itemId,
      token: await signInAs(sql, officer.id),
      flushDelay: 40,
    });
    page.type('始;');
    await page.whenSaved();
    const typist = startTyping(page, '語', 10);
    const files = new Map<string, string>();
    const uploadOne = async () => {
      const bytes = randomBytes(200_000);
      files.set(
        (await upload(officer.ctx, { spaceId: space }, `${files.size}.bin`, bytes)).id,
        sha256(bytes),
      );
    };
    await uploadOne();
    await until(() => typist.savedWords > 50, 20_000);

    const [saved, uploaded] = [typist.savedWords, new Map(files)];
    const here = { DATABASE_URL: world.databaseUrl, STORAGE_URL: `file://${store}`, ENGAWA_KEY: KEY };
    const folder = join(place, 'backup');
    const taking = runProgram(['backup', folder], { ...here, ENGAWA_DATA: join(place, 'here') });
    while (taking.child.exitCode === null) await uploadOne();
    expect(await taking.ended, taking.output()).toBe(0);
    // Administrators are told when the last one was.
    const [noted] = await world.sql<{ files: number; missing: number }[]>`select files, missing from backups`;
    expect(noted).toMatchObject({ missing: 0 });
    expect(noted!.files).toBeGreaterThanOrEqual(uploaded.size);
    const savedAfter = typist.savedWords;
    typist.stop();
    await page.whenSaved();
    const typed = page.text();
    page.stop();

    await admin.unsafe(`create database ${away} encoding 'UTF8' template template0`);
    const data = join(place, 'there');
    const there = { DATABASE_URL: awayUrl, ENGAWA_KEY: KEY, ENGAWA_DATA: data };
    const restoring = runProgram(['restore', folder], there);
    expect(await restoring.ended, restoring.output()).toBe(0);

    const port = await freePort();
    const program = runProgram([], { ...there, PORT: String(port) });
    await whenReady(program, port);
    const pool = openDatabase(awayUrl, { max: 2 });
    const token = await signInAs(pool, officer.id);
    const origin = `http://localhost:${port}`;
    const again = openClient({ url: `ws://127.0.0.1:${port}`, itemId, token, origin });
    await until(() => again.provider.synced, 20_000);
    const words = again.text().split(';').length - 2;
    expect(words).toBeGreaterThanOrEqual(saved);
    // One moment of it: what was typed up to there, and nothing in between left out.
    expect(typed.startsWith(again.text())).toBe(true);
    expect(textOf(await readDocument(pool, itemId, 1))).toBe(again.text());
    again.type('後;');
    await again.whenSaved();
    const ctx = createCtx(
      { kind: 'job', personId: officer.id, job: 'test' },
      {
        ...world.services,
        sql: pool,
        storage: openFolderStorage(join(data, 'files')),
      },
    );
    for (const [id, hash] of uploaded)
      expect(sha256(await bytesOf(await (await openFile(ctx, { id })).stream()))).toBe(hash);
    const home = await fetch(`${origin}/s/${space}`, { headers: { cookie: `engawa_session=${token}` } });
    expect(home.status).toBe(200);
    expect(await home.text()).toContain('議事メモ');
    console.log(
      `drill: ${saved} words saved before the backup began, ${words} in it, ${savedAfter} when it ended; ` +
        `${uploaded.size} of ${files.size} files before, ${(await pool`select 1 from blobs`).length} in it`,
    );
    again.stop();
    await pool.end({ timeout: 2 });
    program.child.kill('SIGINT');
    expect(await program.ended).toBe(0);
  },
);
