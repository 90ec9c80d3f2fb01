import { expect, type CDPSession, type Locator, type Page } from '@playwright/test';

/** The document on the page, as a person would find it. */
export function editorOf(page: Page): Locator {
  return page.locator('.ProseMirror');
}

/** What the document says, without the names at others' carets. */
export async function textOf(page: Page): Promise<string> {
  return editorOf(page).evaluate((element) => {
    const copy = element.cloneNode(true) as HTMLElement;
    for (const caret of copy.querySelectorAll('[class*="caret"]')) caret.remove();
    return [...copy.children].map((block) => block.textContent).join('\n');
  });
}

/** Puts the caret at the very end, and types there. */
export async function typeAtEnd(page: Page, text: string): Promise<void> {
  await editorOf(page).focus();
  await page.keyboard.press('ControlOrMeta+End');
  if (text) await page.keyboard.type(text);
}

/** Waits until the page says that everything is durable. */
export async function saved(page: Page, timeout = 15_000): Promise<void> {
  await expect(page.getByText('保存済み').first()).toBeVisible({ timeout });
}

const sessions = new WeakMap<Page, CDPSession>();

/** Composes through the browser's own input method protocol: each step as a person would see it, then the commit. */
export async function compose(page: Page, steps: string[], commit: string): Promise<void> {
  const session = sessions.get(page) ?? (await page.context().newCDPSession(page));
  sessions.set(page, session);
  for (const text of steps) {
    await session.send('Input.imeSetComposition', {
      text,
      selectionStart: text.length,
      selectionEnd: text.length,
    });
    await page.waitForTimeout(120);
  }
  await session.send('Input.insertText', { text: commit });
}
