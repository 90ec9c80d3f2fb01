import { MAX_MARKDOWN } from '@engawa/schema';
import { expect, test } from 'vitest';
import { textOfFile, titleOf } from './markdown-file.ts';

test.each([
  ['# C<sup>x</sup>hallenge', 'Cxhallenge'],
  ['前書き\n\n#  **第1回** 議事メモ #\n', '第1回 議事メモ'],
  ['# [県の計画](https://example.jp)について', '県の計画について'],
  ['## 見出し2だけ', 'メモ'],
  ['#タグのような行', 'メモ'],
  ['# <b></b>', 'メモ'],
  ['', 'メモ'],
])('%j is called %j', (markdown, title) => {
  expect(titleOf(markdown, 'メモ.md')).toBe(title);
});

test('a heading without an end is cut between characters, not within one', () => {
  const title = titleOf(`# ${'👩‍👩‍👧'.repeat(300)}`, 'x.md');
  expect([...new Intl.Segmenter().segment(title)]).toHaveLength(200);
  expect(title.endsWith('👩‍👩‍👧')).toBe(true);
});

test('a file in another encoding, and one that is too large, say so', async () => {
  const sjis = new File([new Uint8Array([0x93, 0xfa, 0x96, 0x7b])], 'sjis.md');
  await expect(textOfFile(sjis)).rejects.toMatchObject({ why: 'invalid' });
  const huge = new File([new Uint8Array(MAX_MARKDOWN * 3 + 1)], 'huge.md');
  await expect(textOfFile(huge)).rejects.toMatchObject({ why: 'too_long' });
  await expect(textOfFile(new File(['\ufeff# 日本'], 'bom.md'))).resolves.toBe('# 日本');
});
