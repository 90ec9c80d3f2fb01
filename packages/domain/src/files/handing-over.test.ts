import { describe, expect, test } from 'vitest';
import { handover, rangeOf } from './disposition.ts';
import { freeEntry } from './entries.ts';
import { numbered } from './places.ts';

const shown = (name: string, type: string) => handover(name, type, 'ab', true).headers;

describe('headers', () => {
  test('Japanese names in both forms', () => {
    expect(
      handover('令和8年度 予算"案".pdf', 'application/pdf', 'ab', false).headers['content-disposition'],
    ).toBe(
      `attachment; filename="__8__ _____.pdf"; filename*=UTF-8''%E4%BB%A4%E5%92%8C8%E5%B9%B4%E5%BA%A6%20%E4%BA%88%E7%AE%97%22%E6%A1%88%22.pdf`,
    );
  });

  test.each(['a\r\nset-cookie: x=1', 'a/b', '\ud800', '"; filename=evil.exe', "'()*", '名'])(
    '%j stays one header',
    (name) => {
      const value = shown(name, 'text/plain')['content-disposition']!;
      expect(value).toMatch(
        /^inline; filename="[\x20-\x21\x23-\x7e]*"; filename\*=UTF-8''[A-Za-z0-9%._~!&$+-]*$/,
      );
    },
  );

  test.each(['text/html', 'image/svg+xml', 'application/xml', 'application/xhtml+xml', 'text/javascript'])(
    '%s never runs',
    (type) => {
      const headers = shown('x', `${type};charset=utf-8`);
      expect(headers['content-disposition']).toMatch(/^attachment/);
      expect(headers['content-type']).toBe('application/octet-stream');
      expect(headers['content-security-policy']).toContain('sandbox');
    },
  );

  test('a table is shown as text, in its own charset', () => {
    expect(shown('a.csv', 'text/csv;charset=shift_jis')['content-type']).toBe('text/plain;charset=shift_jis');
  });
});

test.each([
  [null, null],
  ['', null],
  ['bytes=0-', { start: 0, end: 99 }],
  ['bytes=0-0', { start: 0, end: 0 }],
  ['bytes=90-200', { start: 90, end: 99 }],
  ['bytes=-10', { start: 90, end: 99 }],
  ['bytes=-1000', { start: 0, end: 99 }],
  ['bytes=-0', 'outside'],
  ['bytes=100-', 'outside'],
  ['bytes=9-3', null],
  ['bytes=0-1,4-5', null],
  ['items=0-1', null],
  ['bytes=-', null],
])('the range %j of 100 bytes', (header, wanted) => {
  expect(rangeOf(header, 100)).toEqual(wanted);
});

test('a range of nothing lies outside', () => {
  expect(rangeOf('bytes=0-', 0)).toBe('outside');
});

test.each([
  ['資料.pdf', '資料 (2).pdf'],
  ['資料', '資料 (2)'],
  ['.bashrc', '.bashrc (2)'],
  ['a.tar.gz', 'a (2).tar.gz'],
  ['第1. 序文', '第1. 序文 (2)'],
])('%s numbered', (name, wanted) => {
  expect(numbered(name, 2)).toBe(wanted);
});

test('entries of a ZIP: no reserved name, no slash, 255 bytes, each once', () => {
  const taken = new Set<string>();
  expect(freeEntry('CON.txt', taken)).toBe('_CON.txt');
  expect(freeEntry('a/../b', taken)).toBe('a_.._b');
  expect(freeEntry('..', taken)).toBe('_');
  expect(freeEntry('X.txt', taken)).toBe('X.txt');
  expect(freeEntry('x.txt', taken)).toBe('x (2).txt');
  const long = freeEntry(`${'👨‍👩‍👧'.repeat(30)}.txt`, taken);
  expect(Buffer.byteLength(long)).toBeLessThanOrEqual(255);
  expect(long).toBe(`${'👨‍👩‍👧'.repeat(13)}.txt`);
});
