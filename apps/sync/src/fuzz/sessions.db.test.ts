import { afterAll, expect, test } from 'vitest';
import { openDatabase } from '@engawa/db';
import { readDocument } from '@engawa/domain';
import { buildWorld } from '@engawa/domain/testing';
import { afterClose } from '@engawa/schema';
import * as Y from 'yjs';
import { openClient, until, type TestClient } from '../testing/client.ts';
import { serveSync, type TestNode } from '../testing/serve.ts';
import { signInAs } from '../testing/sessions.ts';
import { eachCase, type Chance } from './testing/chance.ts';
import { editBoard, editDocument, type Edit } from './testing/edits.ts';
import { readOut, unsoundness } from './testing/sound.ts';

const world = await buildWorld();
const { services, sql } = world;
const other = openDatabase(world.databaseUrl, { max: 6 });
const nodes = [await serveSync(services), await serveSync({ ...services, sql: other })];
const people = [world.officer.id, world.clerk.id, world.stranger.id];
const tokens = await Promise.all(people.map((id) => signInAs(sql, id)));

afterAll(async () => {
  await Promise.all(nodes.map((node) => node.stop()));
  await other.end();
});

/** In one session. */
const STEPS = 250;

/** Somebody with one page, which comes, goes, and moves from node to node with what it holds. */
class Participant {
  readonly doc = new Y.Doc();
  readonly closes: number[] = [];
  readonly #itemId: string;
  readonly #token: string;
  #page: TestClient | null = null;

  constructor(itemId: string, token: string) {
    this.#itemId = itemId;
    this.#token = token;
  }

  get online(): boolean {
    return this.#page !== null;
  }

  come(node: TestNode): TestClient {
    this.#page ??= openClient({ url: node.url, itemId: this.#itemId, token: this.#token, doc: this.doc });
    return this.#page;
  }

  /** Whatever was on its way when it goes may have arrived, or not. */
  go(): void {
    this.closes.push(...(this.#page?.closes ?? []).map(({ code }) => code));
    this.#page?.stop();
    this.#page = null;
  }
}

/** One thing that happens to somebody. */
async function step(everybody: Participant[], edit: Edit, chance: Chance): Promise<void> {
  const one = chance.pick(everybody);
  if (!chance.often(0.08)) {
    for (let edits = 1 + chance.int(3); edits > 0; edits -= 1) edit(one.doc, chance);
  } else if (one.online) one.go();
  else one.come(chance.pick(nodes));
  if (chance.often(0.4)) await new Promise((done) => setTimeout(done, chance.int(12)));
}

/**
 * What everybody must have alike. Deletions are not compared: Yjs itself takes away marks that do nothing when edits
 * meet, in each replica, and says so to nobody who has done the same.
 */
const vectorOf = (doc: Y.Doc) =>
  JSON.stringify([...Y.decodeStateVector(Y.encodeStateVector(doc))].sort((a, b) => a[0] - b[0]));

test.each([
  ['doc', editDocument],
  ['board', editBoard],
] as const)(
  'five on one %s, on two nodes, coming and going: in the end everybody has the same, and so has the journal',
  { timeout: 3_600_000 },
  async (kind, edit) => {
    await eachCase(1, async (chance) => {
      const itemId = await world.item({ kind });
      for (const id of people.slice(1)) await world.give(id, itemId, 'editor');
      const everybody = [0, 1, 2, 0, 1].map((who) => new Participant(itemId, tokens[who]!));
      everybody.forEach((one, index) => one.come(nodes[index % 2]!));
      for (let done = 0; done < STEPS; done += 1) await step(everybody, edit, chance);
      const pages = everybody.map((one, index) => one.come(nodes[index % 2]!));
      // Before its first socket a page knows nothing that is not saved.
      await until(
        () => pages.every(({ provider, saved }) => provider.synced && saved.state === 'saved'),
        60_000,
      );
      // Who opens it now, on either node, and whoever reads the journal has what everybody has.
      const late = nodes.map((node) => openClient({ url: node.url, itemId, token: tokens[0]! }));
      const stored = await readDocument(sql, itemId, 1);
      const docs = [...everybody, ...late].map(({ doc }) => doc);
      const wanted = [vectorOf(stored), readOut(stored, kind)].join();
      const differing = () => docs.filter((doc) => [vectorOf(doc), readOut(doc, kind)].join() !== wanted);
      await until(
        () => docs.every((doc) => vectorOf(doc) === vectorOf(stored)),
        60_000,
        () => `${differing().length} lack something`,
      );
      await until(
        () => differing().length === 0,
        10_000,
        () => `${differing().length} differ`,
      );
      expect(readOut(stored, kind).length).toBeGreaterThan(100);
      expect(unsoundness(stored)).toBeNull();
      for (const doc of docs) expect(unsoundness(doc)).toBeNull();
      for (const page of late) page.stop();
      for (const one of everybody) one.go();
      for (const one of everybody)
        expect(one.closes.filter((code) => afterClose(code) === 'stop')).toEqual([]);
    });
  },
);
