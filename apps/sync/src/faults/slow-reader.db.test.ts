import { readDocument } from '@engawa/domain';
import { buildWorld } from '@engawa/domain/testing';
import { afterAll, expect, test } from 'vitest';
import type * as Y from 'yjs';
import { openClient, until } from '../testing/client.ts';
import { faultsIn, NONE, openCrowd, rowOf } from '../testing/crowd.ts';
import { reportFault } from '../testing/faults.ts';
import { serveSync } from '../testing/serve.ts';
import { signInAs } from '../testing/sessions.ts';

const world = await buildWorld();
const { sql } = world;
const node = await serveSync(world.services);
const PASTED = 3 << 16;

afterAll(() => node.stop());

test(
  'one who types does not read while much is pasted: let go without holding up anybody, and nothing is lost',
  { timeout: 180_000 },
  async () => {
    const itemId = await world.item();
    const token = await signInAs(sql, world.officer.id);
    const seat = { url: node.url, itemId, kind: 'doc' as const, token };
    const crowd = await openCrowd({
      seats: [seat, seat],
      stored: () => readDocument(sql, itemId, 1),
      pace: 'test',
    });
    const [slow] = crowd.pages;
    const paster = openClient({ ...seat });
    await until(() => paster.text() !== '', 30_000);
    const began = performance.now();
    slow!.socket()!.pause();
    // Pasted and taken away again: much goes over the line, and the document stays small.
    const paragraph = (paster.doc.getXmlFragment('content').get(0) as Y.XmlElement).get(0) as Y.XmlText;
    let pasted = 0;
    while ((await node.sockets()) === 3) {
      const at = paragraph.length;
      paragraph.insert(at, 'あ'.repeat(PASTED / 3));
      paragraph.delete(at, PASTED / 3);
      pasted += PASTED;
      await paster.whenSaved(60_000);
      expect(pasted, 'bytes kept for somebody who reads nothing').toBeLessThan(128 << 20);
    }
    // Its end of the line learns of it only now.
    slow!.socket()!.resume();
    const told = await crowd.recovered(began);
    paster.stop();
    const verdict = await crowd.finish([node.url]);
    console.log(`let go after ${Math.round(pasted / 2 ** 20)} MB`);
    reportFault(rowOf('slow reader, until it is let go and back', verdict, [told]));
    expect(faultsIn(verdict)).toEqual(NONE);
  },
);
