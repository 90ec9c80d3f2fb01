import { globSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import en from '../messages/en.json' with { type: 'json' };
import ja from '../messages/ja.json' with { type: 'json' };
import { say } from './say.ts';

const placeholders = (text: string): string[] => (text.match(/\{\w+\}/g) ?? []).sort();

test('English says everything Japanese says', () => {
  expect(Object.keys(en).sort()).toEqual(Object.keys(ja).sort());
});

test('no message is empty, and both languages use the same placeholders', () => {
  for (const [key, text] of Object.entries(ja)) {
    // Plain strings only: `say` knows placeholders, not Paraglide's variants.
    expect(text, key).toBeTypeOf('string');
    expect(text.trim(), key).not.toBe('');
    const english = (en as Record<string, string>)[key] ?? '';
    expect(english.trim(), key).not.toBe('');
    expect(placeholders(english), key).toEqual(placeholders(text));
  }
});

test('every message is said somewhere', () => {
  const root = fileURLToPath(new URL('../../../', import.meta.url));
  const sources = globSync('{apps,packages}/*/src/**/*.{ts,svelte}', { cwd: root })
    .filter((name) => !/\.test\.ts$|\/paraglide\//.test(name))
    .map((name) => readFileSync(root + name, 'utf8'))
    .join('\n');
  const said = new Set(
    [...sources.matchAll(/\bm\.(\w+)|['"`](\w+)['"`]/g)].map((found) => found[1] ?? found[2]),
  );
  // Put together where they are said: `errors_${code}`, `mail_${kind}_text`.
  const made = [...sources.matchAll(/`([a-z]+_)\$\{[^}]+\}(\w*)`/g)].map(
    ([, start, end]) => new RegExp(`^${start}\\w+${end}$`),
  );
  const silent = Object.keys(ja).filter(
    (key) => key !== '$schema' && !said.has(key) && !made.some((pattern) => pattern.test(key)),
  );
  expect(silent).toEqual([]);
});

test('say fills in what is given and leaves the rest visible', () => {
  expect(say('ja', 'guest_of', { organisation: '𠮷野町' })).toContain('𠮷野町のゲスト');
  expect(say('en', 'guest_of')).toContain('{organisation}');
});
