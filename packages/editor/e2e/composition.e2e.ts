import type { BrowserContext } from '@playwright/test';
import { expect, test } from '@playwright/test';
import type {} from './harness.ts';
import { Writer } from './writer.ts';

const paragraphs = (...texts: string[]) =>
  texts.map((text) => ({ type: 'paragraph', content: text === '' ? [] : [{ type: 'text', text }] }));

/** Two people on one document. `A` composes, `B` is the peer. */
async function two(context: BrowserContext, ...texts: string[]): Promise<{ a: Writer; b: Writer }> {
  const a = await Writer.open(context, 'A');
  const b = await Writer.open(context, 'B');
  await a.page.evaluate((content) => window.harness.load(content), paragraphs(...texts));
  await expect.poll(() => b.shared()).toBe(texts.join('\n'));
  return { a, b };
}

/** What both see in the end, on screen and in the shared document. */
async function agree(text: string, ...writers: Writer[]): Promise<void> {
  for (const writer of writers) {
    await expect.poll(async () => (await writer.shared()).replace(/\n+$/, '')).toBe(text.replace(/\n+$/, ''));
    await expect.poll(async () => (await writer.dom()).replace(/\n+$/, '')).toBe(text.replace(/\n+$/, ''));
  }
}

test('composing alone', async ({ context }) => {
  const { a, b } = await two(context, '縁側');
  await a.caret(0, 2);
  await a.compose('に', 'にほ', 'にほん', '日本');
  expect(await b.shared()).toBe('縁側');
  await a.confirm('日本');
  await agree('縁側日本', a, b);
  expect(await a.caretAt()).toBe('0:4');
});

const beside: [string, number, string][] = [
  ['right before the caret', 2, '縁側はさ日本の庭'],
  ['at the caret', 2, '縁側日本はさの庭'],
  ['at the start of the paragraph', 0, 'はさ縁側日本の庭'],
  ['at its end', 4, '縁側日本の庭はさ'],
];
for (const [where, offset, merged] of beside) {
  test(`the peer types ${where}`, async ({ context }) => {
    const { a, b } = await two(context, '縁側の庭');
    await a.caret(0, 2);
    await a.compose('に', 'にほ');
    await b.caret(0, offset);
    for (const char of 'はさ') {
      await b.type(char);
      await a.compose('にほん');
    }
    await expect.poll(() => a.shared()).toContain('はさ');
    expect(await a.dom()).toBe('縁側にほんの庭');
    await a.compose('日本');
    await a.confirm('日本');
    const text = where === 'right before the caret' ? '縁側日本はさの庭' : merged;
    await agree(text, a, b);
    expect(await a.caretAt()).toBe(`0:${text.indexOf('本') + 1}`);
  });
}

test('the peer types the same letters in front of the caret', async ({ context }) => {
  const { a, b } = await two(context, 'ああ');
  await a.caret(0, 2);
  await a.compose('ん');
  await b.caret(0, 0);
  await b.type('ああ');
  await expect.poll(() => a.shared()).toBe('ああああ');
  await a.confirm('ん');
  // y-tiptap itself cannot tell whether 「ああ」 was typed before or behind 「ああ」; nothing may be lost or doubled.
  await expect.poll(() => b.shared()).toMatch(/^(ああ){1,2}ん(ああ)?$/);
  await agree(await b.shared(), a, b);
  expect(await b.shared()).toHaveLength(5);
});

test('the peer deletes backwards over the caret', async ({ context }) => {
  const { a, b } = await two(context, '縁側の広い庭');
  await a.caret(0, 4);
  await a.compose('に');
  await b.caret(0, 5);
  for (let i = 0; i < 3; i += 1) await b.press('Backspace');
  await expect.poll(() => a.shared()).toBe('縁側庭');
  await a.confirm('日本');
  await agree('縁側日本庭', a, b);
});

const splits: [string, number, string][] = [
  ['before the caret', 1, '縁\n側日本の庭'],
  ['at the caret', 2, '縁側日本\nの庭'],
  ['after the caret', 3, '縁側日本の\n庭'],
];
for (const [where, offset, merged] of splits) {
  test(`the peer splits the paragraph ${where}`, async ({ context }) => {
    const { a, b } = await two(context, '縁側の庭');
    await a.caret(0, 2);
    await a.compose('に', 'にほん');
    await b.caret(0, offset);
    await b.press('Enter');
    await expect.poll(() => a.shared()).toContain('\n');
    expect(await a.dom()).toBe('縁側にほんの庭');
    await a.compose('日本');
    await a.confirm('日本');
    await agree(merged, a, b);
    const line = merged.split('\n').findIndex((text) => text.includes('日本'));
    expect(await a.caretAt()).toBe(`${line}:${merged.split('\n')[line]!.indexOf('本') + 1}`);
  });
}

test('the peer splits at the paragraph’s start and its end while kana stands at the end', async ({
  context,
}) => {
  const { a, b } = await two(context, '縁側の庭');
  await a.caret(0, 4);
  await a.compose('に');
  await b.caret(0, 0);
  await b.press('Enter');
  await b.caret(1, 2);
  await b.press('Enter');
  await b.type('新');
  await expect.poll(() => a.shared()).toBe('\n縁側\n新の庭');
  await a.confirm('日本');
  await agree('\n縁側\n新の庭日本', a, b);
});

test('the peer joins the paragraph to the one before', async ({ context }) => {
  const { a, b } = await two(context, '縁側', 'の庭');
  await a.caret(1, 1);
  await a.compose('に');
  await b.caret(1, 0);
  await b.press('Backspace');
  await expect.poll(() => a.shared()).toBe('縁側の庭');
  await a.confirm('日本');
  await agree('縁側の日本庭', a, b);
});

test('the peer deletes the paragraph that is composed in', async ({ context }) => {
  const { a, b } = await two(context, '一', '縁側', '三');
  await a.caret(1, 2);
  await a.compose('に', '日本');
  await b.page.evaluate(() => window.harness.editor.commands.deleteRange({ from: 3, to: 7 }));
  await expect.poll(() => a.shared()).toBe('一\n三');
  await a.confirm('日本');
  await agree('一\n日本\n三', a, b);
  expect(await a.caretAt()).toBe('1:2');
});

test('the peer turns the paragraph into a list item', async ({ context }) => {
  const { a, b } = await two(context, '縁側の庭');
  await a.caret(0, 2);
  await a.compose('に');
  await b.caret(0, 0);
  await b.page.evaluate(() => window.harness.editor.commands.toggleBulletList());
  await a.page.waitForTimeout(100);
  await a.confirm('日本');
  await agree('縁側日本の庭', a, b);
  await expect(a.page.locator('.ProseMirror li')).toHaveCount(1);
});

test('the peer makes the range bold', async ({ context }) => {
  const { a, b } = await two(context, '縁側の庭');
  await a.caret(0, 2);
  await a.compose('に');
  await b.caret(0, 0, 4);
  await b.page.evaluate(() => window.harness.editor.commands.toggleBold());
  await a.page.waitForTimeout(100);
  await a.confirm('日本');
  await agree('縁側日本の庭', a, b);
  const bold = () =>
    b.page.evaluate(() =>
      window.harness.editor.state.doc
        .textBetween(0, 7)
        .split('')
        .filter((_, at) =>
          window.harness.editor.state.doc.rangeHasMark(
            at + 1,
            at + 2,
            window.harness.editor.schema.marks['bold']!,
          ),
        ),
    );
  expect((await bold()).join('')).toMatch(/^縁側(日本)?の庭$/);
});

test('the peer’s caret and selection move around the composed text', async ({ context }) => {
  const { a, b } = await two(context, '縁側の庭');
  await a.caret(0, 2);
  await b.caret(0, 2);
  await expect(a.page.locator('.caret')).toHaveCount(1);
  await a.compose('に', 'にほ');
  for (const offset of [1, 2, 3, 2]) await b.caret(0, offset, 4);
  await a.compose('にほん', '日本');
  expect(await a.dom()).toBe('縁側日本の庭');
  await a.confirm('日本');
  await agree('縁側日本の庭', a, b);
  await expect(a.page.locator('.caret')).toHaveCount(1);
});

test('two people compose in the same place', async ({ context }) => {
  const { a, b } = await two(context, '縁側');
  await a.caret(0, 2);
  await b.caret(0, 2);
  await a.compose('に', 'にほん');
  await b.compose('に', 'にわ');
  await a.confirm('日本');
  await expect.poll(() => b.shared()).toBe('縁側日本');
  expect(await b.dom()).toBe('縁側にわ');
  await b.compose('庭');
  await b.confirm('庭');
  await expect.poll(() => a.shared()).toHaveLength(5);
  expect((await a.shared()).split('').toSorted()).toEqual('縁側日本庭'.split('').toSorted());
  await agree(await a.shared(), a, b);
});

test('a selection is composed over while the peer types inside it', async ({ context }) => {
  const { a, b } = await two(context, '縁側の広い庭');
  await a.caret(0, 2, 5);
  await a.compose('に');
  await b.caret(0, 4);
  await b.type('とても');
  await expect.poll(() => a.shared()).toBe('縁側の広とてもい庭');
  await a.confirm('日本');
  await agree('縁側日本とても庭', a, b);
});

test('a selection over two paragraphs is composed over while the peer types in the second', async ({
  context,
}) => {
  const { a, b } = await two(context, '縁側の', '広い庭');
  await a.page.evaluate(() => {
    window.harness.editor.view.focus();
    window.harness.editor.commands.setTextSelection({ from: 3, to: 8 });
  });
  await a.compose('に');
  await b.caret(1, 1);
  await b.type('と');
  await expect.poll(() => a.shared()).toBe('縁側の\n広とい庭');
  await a.confirm('日本');
  await expect.poll(() => b.shared()).toContain('日本');
  const text = await b.shared();
  for (const part of ['縁側', '日本', 'と', '庭']) expect(text).toContain(part);
  expect(text).not.toMatch(/の|広|い/);
  await agree(text, a, b);
});

test('the composition is given up', async ({ context }) => {
  const { a, b } = await two(context, '縁側の庭');
  await a.caret(0, 2);
  await a.compose('に', 'にほ');
  await b.caret(0, 2);
  await b.press('Enter');
  await expect.poll(() => a.shared()).toBe('縁側\nの庭');
  await a.cancel();
  await agree('縁側\nの庭', a, b);
});

test('focus is lost in the middle', async ({ context }) => {
  const { a, b } = await two(context, '縁側の庭');
  await a.caret(0, 2);
  await a.compose('に', 'にほ');
  await b.caret(0, 1);
  await b.press('Enter');
  await expect.poll(() => a.shared()).toBe('縁\n側の庭');
  await a.page.locator('button').focus();
  await expect.poll(() => b.shared()).toContain('にほ');
  await agree('縁\n側にほの庭', a, b);
});

test('one composition follows another without a pause', async ({ context }) => {
  const { a, b } = await two(context, '縁側の庭');
  await a.caret(0, 2);
  await a.compose('に', '日本');
  await b.caret(0, 1);
  await b.press('Enter');
  await expect.poll(() => a.shared()).toBe('縁\n側の庭');
  await a.confirm('日本');
  await a.compose('ふ', '風');
  // What is confirmed reaches the others although the screen here must not move yet.
  await expect.poll(() => b.shared()).toBe('縁\n側日本の庭');
  expect(await a.dom()).toBe('縁側日本風の庭');
  await b.caret(0, 0);
  await b.type('古');
  await expect.poll(() => a.shared()).toBe('古縁\n側日本の庭');
  await a.confirm('風');
  await a.compose('な', 'なな');
  await expect.poll(() => b.shared()).toBe('古縁\n側日本風の庭');
  await a.confirm('な');
  await agree('古縁\n側日本風なの庭', a, b);
  expect(await a.caretAt()).toBe('1:5');
});

test('what is confirmed and held is not called saved', async ({ context }) => {
  const { a } = await two(context, '縁側');
  await a.caret(0, 2);
  await a.compose('に');
  await expect.poll(() => a.page.evaluate(() => window.harness.composition.unsent)).toBe(true);
  await a.confirm('日本');
  expect(
    await a.page.evaluate(
      () => window.harness.composition.unsent || window.harness.shared().includes('日本'),
    ),
  ).toBe(true);
  await expect.poll(() => a.page.evaluate(() => window.harness.composition.unsent)).toBe(false);
  expect(await a.shared()).toBe('縁側日本');
});

test('undo takes back only one’s own, one composition at a time', async ({ context }) => {
  const { a, b } = await two(context, '縁側の庭');
  await a.caret(0, 2);
  await a.compose('に', '日本');
  await b.caret(0, 3);
  await b.press('Enter');
  await expect.poll(() => a.shared()).toBe('縁側の\n庭');
  await a.confirm('日本');
  await agree('縁側日本の\n庭', a, b);
  await a.press('Control+z');
  await agree('縁側の\n庭', a, b);
  await a.press('Control+z');
  await agree('縁側の\n庭', a, b);
  await a.press('Control+Shift+z');
  await agree('縁側日本の\n庭', a, b);
});

test('an empty document', async ({ context }) => {
  const a = await Writer.open(context, 'A');
  const b = await Writer.open(context, 'B');
  await a.caret(0, 0);
  await a.compose('に');
  await b.caret(0, 0);
  await b.type('先');
  await expect.poll(() => a.shared()).toBe('先');
  await a.confirm('日本');
  await expect.poll(() => b.shared()).toContain('日本');
  expect(await b.shared()).toContain('先');
  await agree(await b.shared(), a, b);
});

test('the page is left in the middle: what was typed is in the shared document', async ({ context }) => {
  const { a, b } = await two(context, '縁側');
  await a.caret(0, 2);
  await a.compose('に');
  await b.caret(0, 0);
  await b.type('古');
  await expect.poll(() => a.shared()).toBe('古縁側');
  await a.page.evaluate(() => window.harness.editor.destroy());
  await expect.poll(() => b.shared()).toBe('古縁側に');
});
