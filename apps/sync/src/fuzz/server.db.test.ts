import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { readDocument } from '@engawa/domain';
import { buildWorld } from '@engawa/domain/testing';
import { documentName } from '@engawa/schema';
import { register } from 'prom-client';
import * as Y from 'yjs';
import { openClient, until, type TestClient } from '../testing/client.ts';
import { notes, sheet } from '../testing/paper.ts';
import { openRaw, type Raw } from '../testing/raw.ts';
import { serveSync } from '../testing/serve.ts';
import { signInAs } from '../testing/sessions.ts';
import { anAttack, isNamed, type Target } from './testing/attacks.ts';
import { chanceOf, eachCase } from './testing/chance.ts';
import { editBoard, editDocument } from './testing/edits.ts';
import { heapUsed } from './testing/heap.ts';
import { recorded } from './testing/record.ts';
import { readOut, unsoundness } from './testing/sound.ts';

const world = await buildWorld();
const { services, sql } = world;
const node = await serveSync(services);
const people = [world.officer.id, world.clerk.id, world.stranger.id];
const [officer, clerk, attacker] = await Promise.all(people.map((id) => signInAs(sql, id)));

afterAll(() => node.stop());

async function refused(): Promise<number> {
  const metric = await register.getSingleMetric('engawa_sync_refused_frames_total')!.get();
  return metric.values.reduce((sum, { value }) => sum + value, 0);
}

/** Two who work on it, and what they send while they do. */
async function targetOf(kind: 'doc' | 'board') {
  const itemId = await world.item({ kind });
  for (const id of people.slice(1)) await world.give(id, itemId, 'editor');
  const name = documentName(itemId, 1);
  const paper = kind === 'doc' ? sheet : notes;
  const witnesses: TestClient[] = [];
  const frames = await recorded(name, async () => {
    for (const token of [officer!, clerk!])
      witnesses.push(openClient({ url: node.url, itemId, token, paper }));
    await Promise.all(witnesses.map((one) => one.whenSaved()));
    witnesses[0]!.type('始');
    await until(() => witnesses[1]!.text() !== '');
    for (let edits = 0; edits < 40; edits += 1)
      (kind === 'doc' ? editDocument : editBoard)(witnesses[edits % 2]!.doc, chanceOf(edits));
    witnesses[0]!.provider.setAwarenessField('cursor', null);
    await Promise.all(witnesses.map((one) => one.whenSaved()));
  });
  const folder = process.env['ENGAWA_FUZZ_RECORD'];
  if (folder)
    writeFileSync(
      join(folder, `recorded-${kind}.json`),
      JSON.stringify({ name, frames: frames.map(asText) }),
    );
  const target: Target = { kind, name, frames, doc: witnesses[0]!.doc };
  return { itemId, target, witnesses };
}

async function entered(itemId: string, greets: boolean): Promise<Raw> {
  const raw = openRaw({ url: node.url, itemId, token: attacker! });
  await raw.whenOpen();
  if (!greets) return raw;
  raw.greet();
  await until(() => raw.received.length >= 3 || raw.closed, 20_000);
  return raw;
}

/** Waits until the server has dealt with everything that was sent: it acks what is known already. */
async function answered(raw: Raw, name: string): Promise<void> {
  const before = raw.received.length;
  raw.send(name, 0, 2, Y.encodeStateAsUpdate(new Y.Doc()));
  await until(() => raw.closed || raw.received.length > before, 20_000);
}

const asText = (frame: Uint8Array) => Buffer.from(frame).toString('base64');

const equal = (docs: Y.Doc[]) =>
  new Set(docs.map((doc) => Buffer.from(Y.encodeStateVector(doc)).toString('hex'))).size === 1;

test.each(['doc', 'board'] as const)(
  'hundreds of bad frames at a %s: each ends its own connection at the most, and two others go on working',
  { timeout: 3_600_000 },
  async (kind) => {
    const { itemId, target, witnesses } = await targetOf(kind);
    const [before, sockets] = [await refused(), await node.sockets()];
    const ends = new Map<number, number>();
    const opened: Raw[] = [];
    let raw: Raw | null = null;
    const heap = heapUsed();
    await eachCase(70, async (chance, index) => {
      if (!raw || raw.closed || raw.ws.readyState !== raw.ws.OPEN) {
        raw = await entered(itemId, !chance.often(0.1));
        opened.push(raw);
      }
      raw.ws.send(anAttack(target, chance));
      await answered(raw, target.name);
      if (index % 25 !== 0) return;
      const [one, other] = witnesses as [TestClient, TestClient];
      one.type(`${index};`);
      await one.whenSaved(20_000);
      await until(() => other.text().includes(`${index};`), 20_000);
    });
    for (const one of opened) {
      one.ws.close();
      await until(() => one.closed, 20_000);
      ends.set(one.closed!.code, (ends.get(one.closed!.code) ?? 0) + 1);
      expect(isNamed(one.closed!.code), JSON.stringify(one.closed)).toBe(true);
    }
    await until(async () => (await node.sockets()) === sockets, 20_000);
    for (const witness of witnesses) {
      expect(witness.closes).toEqual([]);
      await witness.whenSaved(20_000);
    }
    const stored = await readDocument(sql, itemId, 1);
    await until(() => equal([stored, ...witnesses.map(({ doc }) => doc)]), 20_000);
    expect(unsoundness(stored)).toBeNull();
    for (const witness of witnesses) expect(readOut(witness.doc, kind)).toBe(readOut(stored, kind));
    expect((await refused()) - before).toBeGreaterThan(opened.length / 4);
    expect(opened.length).toBeGreaterThan(20);
    expect(heapUsed() - heap).toBeLessThan(64 << 20);
    console.log(
      `${kind}: ${opened.length} connections, ended by ${JSON.stringify(Object.fromEntries(ends))}`,
    );
    for (const witness of witnesses) witness.stop();
  },
);
