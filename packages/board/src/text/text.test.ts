import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { graphemes } from './graphemes.ts';
import { mayBegin, mayEnd } from './kinsoku.ts';
import { createTextCache, layText } from './layout.ts';
import { estimate } from './measure.ts';
import { wrap } from './wrap.ts';

describe('setting Japanese', () => {
  test.each([
    ['これは、縁側です。', 4, ['これは、', '縁側で', 'す。']],
    ['「縁側」で会う', 4, ['「縁側」', 'で会う']],
    ['あいう「えお」', 4, ['あいう', '「えお」']],
    ['コーヒー', 2, ['コー', 'ヒー']],
    ['Tokyo Metropolitan', 6, ['Tokyo', 'Metropolitan']],
    ['一\n\n二', 5, ['一', '', '二']],
  ])('%s in %i', (text, width, lines) => {
    expect(wrap(text, width, (letter) => (/[ -~]/.test(letter) ? 0.5 : 1))).toEqual(lines);
  });

  test('nothing is lost, no line is too wide, no letter is cut, no line begins or ends with what may not', () => {
    const letters = fc.array(
      fc.constantFrom(
        ...['あ', '漢', '、', '。', '「', '」', 'ー', 'ッ', 'a', 'B', '7', ' ', '👨‍👩‍👧', '🇯🇵', 'が', '葛󠄀', '\n'],
      ),
      { maxLength: 60 },
    );
    fc.assert(
      fc.property(letters, fc.integer({ min: 3, max: 12 }), (list, width) => {
        const text = list.join('');
        const lines = wrap(text, width, estimate);
        const bare = (words: string) => words.replaceAll(/[ \n]/g, '');
        expect(bare(lines.join(''))).toBe(bare(text));
        for (const line of lines) {
          const sum = graphemes(line).reduce((all, letter) => all + estimate(letter), 0);
          expect(sum).toBeLessThanOrEqual(width + 1e-9);
          expect(line.isWellFormed()).toBe(true);
        }
      }),
    );
  });

  test('a hundred kinsoku letters in a row are cut all the same', () => {
    expect(wrap('ー'.repeat(100), 10, estimate)).toHaveLength(10);
    expect([mayBegin('。'), mayEnd('（'), mayBegin('あ')]).toEqual([false, false, true]);
  });

  test('letters as readers see them', () => {
    expect(graphemes('がa👨‍👩‍👧🇯🇵')).toEqual(['が', 'a', '👨‍👩‍👧', '🇯🇵']);
  });
});

describe('fitting a note', () => {
  const box = { w: 172, h: 172 };

  test('few words are large, many small, too many end in …', () => {
    const size = (letters: number) => layText('あ'.repeat(letters), box, 0, estimate).size;
    expect(size(4)).toBe(40);
    expect(size(40)).toBeLessThan(size(20));
    const cut = layText('あ'.repeat(3000), box, 0, estimate);
    expect(cut.cut).toBe(true);
    expect(cut.lines.at(-1)?.endsWith('…')).toBe(true);
    expect(cut.lines.length * cut.leading).toBeLessThanOrEqual(box.h * 1.05);
  });

  test('no single letter is left on the last line where a smaller size avoids it', () => {
    const { lines } = layText('市町村との連携を強める', box, 0, estimate);
    expect(lines.at(-1)!.length).toBeGreaterThan(1);
  });

  test('the same text is set once', () => {
    let measured = 0;
    const set = createTextCache((letter) => {
      measured += 1;
      return estimate(letter);
    });
    const first = set('縁側', 100, 100, 0);
    const before = measured;
    expect(set('縁側', 100, 100, 0)).toBe(first);
    expect(measured).toBe(before);
  });
});
