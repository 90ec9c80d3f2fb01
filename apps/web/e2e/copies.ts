import type { Page } from '@playwright/test';

/** Copies of documents that are being written, by name, whoever they belong to. */
export async function copies(page: Page): Promise<string[]> {
  return page.evaluate(async () =>
    (await indexedDB.databases()).flatMap(({ name = '' }) => (name.startsWith('engawa.') ? [name] : [])),
  );
}
