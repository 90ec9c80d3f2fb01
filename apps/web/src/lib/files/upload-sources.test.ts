import { expect, test } from 'vitest';
import { chosen, dropped, pasted, type Incoming } from './upload-sources.ts';

const file = (name: string, relative = ''): File =>
  Object.defineProperty(new File(['x'], name), 'webkitRelativePath', { value: relative });
const shape = ({ file, path }: Incoming): string => [...path, file?.name ?? ''].join('/');

/** As a browser hands over a folder: at most two entries a call. */
function directory(name: string, entries: FileSystemEntry[]): FileSystemEntry {
  let at = 0;
  const readEntries = (done: (some: FileSystemEntry[]) => void): void => done(entries.slice(at, (at += 2)));
  return { name, isDirectory: true, createReader: () => ({ readEntries }) } as unknown as FileSystemEntry;
}
const entry = (name: string): FileSystemEntry =>
  ({
    name,
    isDirectory: false,
    file: (done: (f: File) => void) => done(file(name)),
  }) as unknown as FileSystemEntry;

test('a chosen folder keeps its shape, without what systems leave behind', () => {
  const files = [
    file('a.txt', '会議/a.txt'),
    file('b.txt', '会議/資料/b.txt'),
    file('.DS_Store', '会議/.DS_Store'),
  ];
  expect(chosen(files).map(shape)).toEqual(['会議/a.txt', '会議/資料/b.txt']);
  expect(chosen([file('Thumbs.db')]).map(shape)).toEqual(['Thumbs.db']);
});

test('a dropped folder is read to its end, empty folders too', async () => {
  const inside = directory('資料', [entry('1.pdf'), entry('2.pdf'), entry('3.pdf'), directory('空', [])]);
  const items = [
    { kind: 'file', webkitGetAsEntry: () => inside, getAsFile: () => null },
    { kind: 'file', webkitGetAsEntry: () => null, getAsFile: () => file('one.txt') },
    { kind: 'string' },
  ];
  const found: string[] = [];
  for await (const one of dropped({ items, files: [] } as unknown as DataTransfer)) found.push(shape(one));
  expect(found).toEqual(['資料/1.pdf', '資料/2.pdf', '資料/3.pdf', '資料/空/', 'one.txt']);
});

test('a pasted picture gets a name that says when', () => {
  const data = { files: [file('image.png'), file('計画.docx')] } as unknown as DataTransfer;
  const names = pasted(data, 'スクリーンショット', new Date(2026, 10, 20, 9, 5)).map(shape);
  expect(names).toEqual(['スクリーンショット 2026-11-20 09.05.png', '計画.docx']);
});
