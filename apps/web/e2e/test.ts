import { test as base } from '@playwright/test';

export { expect } from '@playwright/test';

/** Playwright's test, whose browsers end with the test that opened them; those of `beforeAll` stay. */
export const test = base.extend<{ leaveNoBrowser: void }>({
  leaveNoBrowser: [
    async ({ browser }, use) => {
      const before = new Set(browser.contexts());
      await use();
      // A page left open goes on syncing and drawing, on the two cores of every test after it.
      const opened = browser.contexts().filter((context) => !before.has(context));
      await Promise.all(opened.map((context) => context.close()));
    },
    { auto: true },
  ],
});
