import { expect, test } from 'vitest';
import * as Y from 'yjs';
import { liveKind } from '../documents/kinds.ts';
import { chanceOf, eachCase } from './testing/chance.ts';
import { craftedUpdate } from './testing/craft.ts';
import { editBoard, editDocument } from './testing/edits.ts';
import { judge, readOut, unsoundness } from './testing/sound.ts';

const KINDS = [
  ['doc', editDocument],
  ['board', editBoard],
] as const;

test.each(KINDS)(
  'whatever is made by hand: a %s takes nothing that it could not be read with, ever after',
  { timeout: 600_000 },
  async (kind, edit) => {
    const live = liveKind(kind)!;
    const start = new Y.Doc();
    live.nameRoots(start);
    for (let edits = 0; edits < 60; edits += 1) edit(start, chanceOf(edits));
    const state = Y.encodeStateAsUpdate(start);
    const seen = { irregular: 0, known: 0, gap: 0, refused: 0, taken: 0, unreadable: 0 };
    await eachCase(1_000, (chance) => {
      const doc = new Y.Doc();
      live.nameRoots(doc);
      Y.applyUpdate(doc, state);
      // One stands on the other: a type that was refused is nobody's parent.
      for (let left = 2; left > 0; left -= 1) {
        const update = craftedUpdate(chance, doc);
        let decoded;
        try {
          decoded = Y.decodeUpdate(update);
        } catch {
          seen.unreadable += 1;
          continue;
        }
        const judged = judge(doc, live, { update, structs: decoded.structs, deletes: decoded.ds });
        seen[judged] += 1;
        if (judged !== 'taken') continue;
        Y.applyUpdate(doc, update);
        expect(unsoundness(doc)).toBeNull();
      }
      const fresh = new Y.Doc();
      live.nameRoots(fresh);
      Y.applyUpdate(fresh, Y.encodeStateAsUpdate(doc));
      expect(unsoundness(fresh)).toBeNull();
      expect(readOut(fresh, kind)).toBe(readOut(doc, kind));
      doc.destroy();
      fresh.destroy();
    });
    // A fuzz of which nothing passes, or everything, tries nothing.
    for (const verdict of ['irregular', 'gap', 'refused', 'taken'] as const)
      expect(seen[verdict], JSON.stringify(seen)).toBeGreaterThan(5);
  },
);
