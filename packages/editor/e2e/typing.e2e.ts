import { expect, test } from '@playwright/test';
import type {} from './harness.ts';
import { Writer } from './writer.ts';

test.describe('the slash menu', () => {
  test('opens for / at a block’s start and after a space, and follows what is typed', async ({ context }) => {
    const a = await Writer.open(context, 'A');
    await a.caret(0, 0);
    await a.type('/み');
    expect(await a.slash()).toBe('み');
    await a.press('Backspace');
    await a.press('Backspace');
    expect(await a.slash()).toBeNull();
    await a.type('縁側/');
    expect(await a.slash()).toBeNull();
    await a.type(' /h1');
    expect(await a.slash()).toBe('h1');
    await a.press('ArrowDown');
    await a.press('Enter');
    expect(await a.page.evaluate(() => window.harness.taken.slice(-2))).toEqual(['ArrowDown', 'Enter']);
    expect(await a.shown()).not.toContain('\n');
  });

  test('opens for a composed ／ once it is confirmed, and the confirming Enter chooses nothing', async ({
    context,
  }) => {
    const a = await Writer.open(context, 'A');
    await a.caret(0, 0);
    await a.compose('／');
    expect(await a.slash()).toBeNull();
    await a.page.evaluate(() =>
      window.harness.editor.view.dom.dispatchEvent(
        new KeyboardEvent('keydown', {
          key: 'Enter',
          keyCode: 229,
          isComposing: true,
          bubbles: true,
          cancelable: true,
        }),
      ),
    );
    await a.confirm('／');
    await expect.poll(() => a.slash()).toBe('');
    expect(await a.page.evaluate(() => window.harness.taken)).toEqual([]);
    await a.compose('み', 'みだ');
    await a.confirm('みだ');
    await expect.poll(() => a.slash()).toBe('みだ');
  });

  test('never opens for 、 nor for a caret that passes by', async ({ context }) => {
    const a = await Writer.open(context, 'A');
    await a.caret(0, 0);
    await a.type('、 、');
    expect(await a.slash()).toBeNull();
    await a.type(' /x 。');
    await a.press('ArrowLeft');
    await a.press('ArrowLeft');
    expect(await a.slash()).toBeNull();
  });

  test('stays open while another writes elsewhere', async ({ context }) => {
    const a = await Writer.open(context, 'A');
    const b = await Writer.open(context, 'B');
    await a.page.evaluate(() => window.harness.load([{ type: 'paragraph' }, { type: 'paragraph' }]));
    await a.caret(1, 0);
    await a.type('/み');
    await expect.poll(() => b.shared()).toContain('/み');
    await b.caret(0, 0);
    await b.type('上で書く');
    await expect.poll(() => a.shared()).toContain('上で書く');
    expect(await a.slash()).toBe('み');
  });
});

test.describe('pasting', () => {
  const paste = (writer: Writer, text: string) =>
    writer.page.evaluate((plain) => {
      const data = new DataTransfer();
      data.setData('text/plain', plain);
      window.harness.editor.view.dom.dispatchEvent(
        new ClipboardEvent('paste', { clipboardData: data, bubbles: true, cancelable: true }),
      );
    }, text);

  test('Markdown becomes a document, and undoing gives the plain text back', async ({ context }) => {
    const a = await Writer.open(context, 'A');
    await a.caret(0, 0);
    await paste(a, '# 目的\n\n- 一\n- **二**');
    await expect.poll(() => a.page.locator('.ProseMirror h1').textContent()).toBe('目的');
    await expect(a.page.locator('.ProseMirror li strong')).toHaveText('二');
    await a.press('Control+z');
    await expect(a.page.locator('.ProseMirror h1')).toHaveCount(0);
    expect(await a.shown()).toContain('# 目的');
  });

  test('an address over selected words links them; an unsafe one is text', async ({ context }) => {
    const a = await Writer.open(context, 'A');
    await a.caret(0, 0);
    await a.type('縁側');
    await a.caret(0, 0, 2);
    await paste(a, 'https://example.jp/');
    await expect(a.page.locator('.ProseMirror a')).toHaveAttribute('href', 'https://example.jp/');
    await a.caret(0, 2);
    await paste(a, 'javascript:alert(1)');
    await expect(a.page.locator('.ProseMirror a')).toHaveCount(1);
  });
});
