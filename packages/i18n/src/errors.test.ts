import { globSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import en from '../messages/en.json' with { type: 'json' };
import ja from '../messages/ja.json' with { type: 'json' };

// A code without a sentence reaches people as 「うまくいきませんでした」, which tells nobody what to do. The codes are read
// from the sources of everything that throws, so that a new one cannot be forgotten.

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));
const ROOMS = ['packages/schema/src', 'packages/domain/src', 'apps/sync/src', 'packages/editor/src/markdown'];
const CODE = "'([a-z_]+(?:\\.[a-z_]+)*)'";

/** `new Conflict('items.kept', …)`, and `super(503, 'journal.unavailable', …)` of an error's own class. */
const THROWN = [
  new RegExp(
    `new (?:NotFound|Forbidden|Invalid|Conflict|Unauthenticated|Gone|TooMany|Unavailable)\\(\\s*${CODE}`,
    'g',
  ),
  new RegExp(`super\\(\\s*(?:\\d{3},\\s*)?${CODE}`, 'g'),
  new RegExp(`constructor\\(code = ${CODE}`, 'g'),
];
/** The message of a Valibot check is the code: `v.maxLength(200, 'query.too_long')`, also at the end of a longer call. */
const CHECKED = [/\bv\.\w+\([^']*'([a-z_]+\.[a-z_]+)',?\s*\)/g, /,\s*'([a-z_]+\.[a-z_]+)',?\s*\)/g];
/** `line('title', 200)` makes three codes. */
const LINES = /\b(line|optionalLine|paragraph)\('([a-z_]+)'/g;
const OF_LINES: Record<string, string[]> = {
  line: ['empty', 'too_long', 'broken'],
  optionalLine: ['too_long', 'broken'],
  paragraph: ['too_long', 'broken'],
};
/** Made of two parts in the source. */
const COMPOSED = ['invitation.expired', 'invitation.used', 'invitation.withdrawn'];

function sourcesIn(room: string): string[] {
  return globSync('**/*.ts', { cwd: ROOT + room })
    .filter((name) => !/\.test\.ts$|(^|\/)testing\//.test(name))
    .map((name) => readFileSync(`${ROOT}${room}/${name}`, 'utf8'));
}

function codes(): string[] {
  const found = new Set(COMPOSED);
  const add = (text: string, patterns: RegExp[]): void => {
    for (const pattern of patterns) for (const [, code] of text.matchAll(pattern)) if (code) found.add(code);
  };
  for (const room of ROOMS) {
    for (const text of sourcesIn(room)) {
      add(text, THROWN);
      // Elsewhere a name with a dot in quotes is a verb of the ledger.
      if (room === 'packages/schema/src') add(text, CHECKED);
      for (const [, kind, prefix] of text.matchAll(LINES))
        for (const end of OF_LINES[kind ?? ''] ?? []) found.add(`${prefix}.${end}`);
    }
  }
  return [...found].sort();
}

test('the codes are found', () => {
  expect(codes()).toEqual(
    expect.arrayContaining([
      'forbidden',
      'items.too_deep',
      'journal.unavailable',
      'password.too_short',
      'title.too_long',
    ]),
  );
});

test('every code that is thrown has a sentence in both languages', () => {
  const without = (messages: object): string[] =>
    codes().filter((code) => !(`errors_${code.replaceAll('.', '_')}` in messages));
  expect(without(ja)).toEqual([]);
  expect(without(en)).toEqual([]);
});
