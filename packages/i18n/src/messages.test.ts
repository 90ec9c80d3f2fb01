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

test('say fills in what is given and leaves the rest visible', () => {
  expect(say('ja', 'guest_of', { organisation: '𠮷野町' })).toContain('𠮷野町のゲスト');
  expect(say('en', 'guest_of')).toContain('{organisation}');
});
