import { spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { keyOf } from './key.ts';
import { holderOf, takeLock } from './lock.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'engawa-lock-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

test('the second is refused and told who holds it, until the first lets go', () => {
  const lock = takeLock(folder, 'http://localhost:3000');
  expect(lock.said).toBeNull();
  expect(() => takeLock(folder, 'http://localhost:3001')).toThrow(
    `process ${process.pid}, at http://localhost:3000. Stop it first`,
  );
  lock.release();
  expect(holderOf(folder)).toBeNull();
  takeLock(folder, 'x').release();
  expect(readdirSync(folder)).toEqual([]);
});

test('the lock of a killed process is cleared and said, also when its id lives on as another process', () => {
  takeLock(folder, 'x');
  const file = join(folder, 'lock');
  const stranger = spawn('sleep', ['30']);
  writeFileSync(file, JSON.stringify({ ...JSON.parse(readFileSync(file, 'utf8')), pid: stranger.pid }));
  const lock = takeLock(folder, 'y');
  expect(lock.said).toContain(`process ${stranger.pid}`);
  lock.release();
  stranger.kill();
  writeFileSync(file, 'half a li');
  expect(takeLock(folder, 'z').said).toContain('was killed');
});

test.each(['/proc/engawa', '/proc/engawa/data', '/dev/null/data', '/dev/null'])(
  'a data folder that cannot be made ends the start with a sentence: %s',
  (impossible) => {
    for (const take of [() => takeLock(impossible, 'x'), () => keyOf(impossible)])
      expect(take).toThrow(`Nothing can be written in the data folder ${impossible}: `);
  },
);

test('a key is made once; a broken one is not replaced in silence', () => {
  const key = keyOf(folder);
  expect(key).toHaveLength(32);
  expect(keyOf(folder)).toEqual(key);
  writeFileSync(join(folder, 'key'), 'oops');
  expect(() => keyOf(folder)).toThrow('put back the one from your backup');
});

test('a data folder that cannot be one is said in a sentence', () => {
  const file = join(folder, 'file');
  writeFileSync(file, '');
  expect(() => takeLock(file, 'x')).toThrow(`${file}: a file is in its place. Give its user`);
  expect(() => takeLock(join(file, 'below'), 'x')).toThrow('a file is in its place');
});
