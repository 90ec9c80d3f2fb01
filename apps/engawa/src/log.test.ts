import { stripVTControlCharacters } from 'node:util';
import { expect, test } from 'vitest';
import { prettyLine } from './log.ts';

test('a line for people: time, level, who, what, details; a stack below', () => {
  const line = {
    level: 50,
    time: '2026-11-20T05:00:00Z',
    name: 'worker',
    msg: 'it failed',
    pid: 7,
    err: { stack: 'Error: x\n  at y' },
  };
  expect(stripVTControlCharacters(prettyLine(JSON.stringify(line)))).toMatch(
    /^\d\d:\d\d:\d\d error worker {2}it failed pid=7\nError: x\n {2}at y\n$/,
  );
});
