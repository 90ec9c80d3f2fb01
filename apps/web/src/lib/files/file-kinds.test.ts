import { expect, test } from 'vitest';
import { fileKind } from './file-kinds.ts';

test('a file is what its name says', () => {
  expect(fileKind('計画.PDF')).toBe('pdf');
  expect(fileKind('予算.xlsx')).toBe('sheet');
  expect(fileKind('写真.jpeg')).toBe('image');
  expect(fileKind('一式.tar.gz')).toBe('archive');
  expect(fileKind('一太郎.jtd')).toBe('document');
  expect(fileKind('名前だけ')).toBe('other');
});

test('what was found in its bytes knows better, but office files are archives to bytes', () => {
  expect(fileKind('本当は絵.txt', 'image/png')).toBe('image');
  expect(fileKind('会議.pptx', 'application/zip')).toBe('slides');
  expect(fileKind('名前だけ', 'text/csv;charset=shift_jis')).toBe('sheet');
  expect(fileKind('名前だけ', 'application/octet-stream')).toBe('other');
});
