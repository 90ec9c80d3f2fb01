import { expect, test } from 'vitest';
import { readDocument } from '@engawa/domain';
import { buildWorld } from '@engawa/domain/testing';
import { openClient, textOf, until, type TestClient } from './testing/client.ts';
import { signInAs } from './testing/sessions.ts';
import { spawnNode } from './testing/spawn.ts';
import { startTyping } from './testing/typist.ts';

const KILLS = 20;
const PORT = 3412;

const world = await buildWorld();
const { sql } = world;

test(
  `${KILLS} × kill -9 while two people type: whatever was shown as saved is there`,
  { timeout: 120_000 },
  async () => {
    const itemId = await world.item();
    await world.give(world.clerk.id, itemId, 'editor');
    let node = await spawnNode({ databaseUrl: world.databaseUrl, port: PORT });
    const url = `ws://127.0.0.1:${PORT}`;
    const pages = [
      openClient({ url, itemId, flushDelay: 40, token: await signInAs(sql, world.officer.id) }),
      openClient({ url, itemId, flushDelay: 40, token: await signInAs(sql, world.clerk.id) }),
    ];
    await pages[0]!.whenSaved(10_000);
    const typists = pages.map((page, index) => startTyping(page, index === 0 ? '県' : '町'));
    const recoveries: number[] = [];
    for (let kill = 0; kill < KILLS; kill += 1) {
      await new Promise((done) => setTimeout(done, 200 + Math.random() * 500));
      await node.kill();
      const down = performance.now();
      const stored = textOf(await readDocument(sql, itemId, 1));
      for (const typist of typists) expect(typist.missing(stored)).toEqual([]);
      node = await spawnNode({ databaseUrl: world.databaseUrl, port: PORT });
      await Promise.all(typists.map((typist) => until(() => typist.savedSince(down), 20_000)));
      recoveries.push(performance.now() - down);
    }
    for (const typist of typists) typist.stop();
    await Promise.all(pages.map((page) => page.whenSaved(10_000)));
    await until(() => pages[0]!.text() === pages[1]!.text());
    const stored = textOf(await readDocument(sql, itemId, 1));
    expect(pages[0]!.text()).toBe(stored);
    for (const typist of typists) expect(typist.missing(stored)).toEqual([]);
    report(
      pages,
      typists.map((typist) => typist.savedWords),
      recoveries,
    );
    expect(await node.stop()).toBe(0);
    for (const page of pages) page.stop();
  },
);

function report(pages: TestClient[], saved: number[], recoveries: number[]): void {
  const sorted = recoveries.toSorted((a, b) => a - b);
  const at = (share: number) => Math.round(sorted[Math.floor((sorted.length - 1) * share)]!);
  const words = saved.reduce((sum, count) => sum + count, 0);
  console.log(
    `kills ${KILLS}, words shown as saved ${words}, lost 0, until saved again p50 ${at(0.5)} ms, max ${at(1)} ms, reconnects ${pages.map((page) => page.closes.length).join(' + ')}`,
  );
}
