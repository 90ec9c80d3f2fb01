import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import * as Y from 'yjs';
import { liveKind } from '../documents/kinds.ts';
import { MalformedFrame, readFrame, type Frame } from '../sockets/frames.ts';
import { anAttack, type Target } from './testing/attacks.ts';
import { eachCase } from './testing/chance.ts';
import { judge, readOut, unsoundness } from './testing/sound.ts';

const OPEN = { open: true, whole: true };

/** What two pages sent in a real session; `ENGAWA_FUZZ_RECORD=<folder> pnpm test:db apps/sync/src/fuzz` writes it anew. */
function recordedTarget(kind: 'doc' | 'board'): Target {
  const path = new URL(`./testing/recorded-${kind}.json`, import.meta.url);
  const { name, frames: texts } = JSON.parse(readFileSync(path, 'utf8')) as {
    name: string;
    frames: string[];
  };
  const frames = texts.map((text) => new Uint8Array(Buffer.from(text, 'base64')));
  const doc = new Y.Doc();
  liveKind(kind)!.nameRoots(doc);
  for (const bytes of frames) {
    const frame = readFrame(bytes, name, OPEN);
    if (frame.kind === 'update') Y.applyUpdate(doc, frame.update);
  }
  return { kind, name, frames, doc };
}

/** The frame, or null when it is refused in the one way that there is. */
function readSafely(bytes: Uint8Array, name: string, stage: typeof OPEN): Frame | null {
  try {
    return readFrame(bytes, name, stage);
  } catch (error) {
    expect(error).toBeInstanceOf(MalformedFrame);
    return null;
  }
}

test.each(['doc', 'board'] as const)(
  'whatever becomes of the frames of a %s: refused, or good for ever',
  { timeout: 3_600_000 },
  async (kind) => {
    const target = recordedTarget(kind);
    const live = liveKind(kind)!;
    const { name } = target;
    const state = Y.encodeStateAsUpdate(target.doc);
    expect(unsoundness(target.doc)).toBeNull();
    expect(readOut(target.doc, kind).length).toBeGreaterThan(200);
    const seen = { read: 0, refused: 0, taken: 0 };
    await eachCase(2_500, (chance) => {
      const bytes = anAttack(target, chance);
      if (typeof bytes === 'string') return;
      const stage = chance.often(0.9) ? OPEN : { open: chance.often(0.5), whole: chance.often(0.5) };
      const frame = readSafely(bytes, name, stage);
      seen[frame ? 'read' : 'refused'] += 1;
      if (frame?.kind !== 'update' || judge(target.doc, live, frame) !== 'taken') return;
      seen.taken += 1;
      const doc = new Y.Doc();
      live.nameRoots(doc);
      Y.applyUpdate(doc, state);
      Y.applyUpdate(doc, frame.update);
      expect(unsoundness(doc)).toBeNull();
      readOut(doc, kind);
      doc.destroy();
    });
    for (const count of Object.values(seen)) expect(count, JSON.stringify(seen)).toBeGreaterThan(20);
  },
);
