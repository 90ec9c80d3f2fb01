import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { openFolderStorage } from './folder.ts';
import { newBlobKey } from './storage.ts';
import { storageAcceptance } from './testing/index.ts';

const root = mkdtempSync(join(tmpdir(), 'engawa-storage-'));
let made = 0;
const folder = () => join(root, String((made += 1)));

afterAll(() => rmSync(root, { recursive: true, force: true }));

storageAcceptance('a folder', async () => openFolderStorage(folder()));

test('files are for their owner only, and no part file stays', async () => {
  const place = folder();
  const key = newBlobKey('space');
  await openFolderStorage(place).put(key, (async function* () {})());
  expect(statSync(join(place, key)).mode & 0o777).toBe(0o600);
  expect(readdirSync(join(place, 'space'))).toEqual([key.split('/')[1]]);
});
