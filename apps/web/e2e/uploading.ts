import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect, type Locator, type Page, type Request } from '@playwright/test';
import { tree } from '@engawa/domain';
import type { Person } from './house.ts';
import { instance } from './instance.ts';

/** Files on a disk of their own, by path; returns the folder they lie in. */
export async function disk(files: Record<string, Buffer | string>): Promise<string> {
  const root = await mkdtemp(join(tmpdir(), 'engawa-upload-'));
  for (const [path, content] of Object.entries(files)) {
    await mkdir(dirname(join(root, path)), { recursive: true });
    await writeFile(join(root, path), content);
  }
  return root;
}

/** Bytes that do not repeat, so that a part in the wrong place is seen. */
export function bytes(size: number, seed = 1): Buffer {
  const buffer = Buffer.alloc(size);
  for (let at = 0, value = seed; at + 4 <= size; at += 4) {
    value = (Math.imul(value, 1_664_525) + 1_013_904_223) >>> 0;
    buffer.writeUInt32LE(value, at);
  }
  return buffer;
}

export const panel = (page: Page): Locator => page.getByRole('region', { name: 'アップロード' });
export const line = (page: Page, name: string): Locator =>
  panel(page).getByRole('listitem').filter({ hasText: name });

/** A row of the page's own list of items. */
export const listed = (page: Page, name: string): Locator =>
  page.locator('main li[data-id]').filter({ has: page.getByRole('link', { name, exact: true }) });

/** The menu 追加 of the page, opened; a press before the page has woken up does nothing. */
export async function openAdd(page: Page, name = 'ファイルをアップロード'): Promise<Locator> {
  const entry = page.getByRole('menuitem', { name });
  await expect(async () => {
    await page.locator('main').getByRole('button', { name: '追加', exact: true }).first().click();
    await expect(entry).toBeVisible({ timeout: 1_000 });
  }).toPass();
  return entry;
}

/** Until the page answers: a menu was opened, and closed again. */
export async function awake(page: Page): Promise<void> {
  await openAdd(page);
  await page.keyboard.press('Escape');
  await expect(page.getByRole('menu')).toHaveCount(0);
}

export async function choose(page: Page, paths: string[]): Promise<void> {
  const entry = await openAdd(page);
  const picker = page.waitForEvent('filechooser');
  await entry.click();
  await (await picker).setFiles(paths);
}

/** Everything in the space as paths, with the ids. */
export async function paths(person: Person, spaceId: string): Promise<Map<string, string>> {
  const rows = await tree(person.ctx, spaceId);
  const byId = new Map(rows.map((row) => [row.id, row]));
  const pathOf = (id: string): string => {
    const row = byId.get(id)!;
    return row.parentId ? `${pathOf(row.parentId)}/${row.title}` : row.title;
  };
  return new Map(rows.map((row) => [pathOf(row.id), row.id]));
}

export const shaOf = (content: Buffer): string => createHash('sha256').update(content).digest('hex');

/** The SHA-256 of what the vault gives back. */
export async function shaInVault(page: Page, id: string): Promise<string> {
  const answer = await page.request.get(`${instance().origin}/files/${id}/content?download`);
  expect(answer.status()).toBe(200);
  return shaOf(await answer.body());
}

/** Drags what lies at these paths over the page, as a person would from their desktop. */
export async function drag(
  page: Page,
  files: string[],
  over: Locator,
): Promise<{ drop(): Promise<void>; leave(): Promise<void> }> {
  const cdp = await page.context().newCDPSession(page);
  const box = (await over.boundingBox())!;
  const at = { x: box.x + Math.min(box.width / 2, 60), y: box.y + Math.min(box.height / 2, 200) };
  const data = { items: [], files, dragOperationsMask: 1 };
  const send = (type: 'dragEnter' | 'dragOver' | 'drop' | 'dragCancel') =>
    cdp.send('Input.dispatchDragEvent', { type, ...at, data });
  await send('dragEnter');
  // A browser goes on telling the page where the pointer is for as long as it holds something.
  let holding = true;
  const hold = async (): Promise<void> => {
    while (holding) {
      await send('dragOver');
      await new Promise((done) => setTimeout(done, 300));
    }
  };
  // The page may be closed while it holds; a drop that is not taken says so itself.
  const held = hold().catch(() => {});
  const end = async (how: 'drop' | 'dragCancel'): Promise<void> => {
    holding = false;
    await held;
    await send(how);
    await cdp.detach();
  };
  return { drop: () => end('drop'), leave: () => end('dragCancel') };
}

/** Slows what goes up to so many bytes a second; 0 takes the limit away. */
export async function slow(page: Page, speed: number): Promise<void> {
  const cdp = await page.context().newCDPSession(page);
  await cdp.send('Network.enable');
  await cdp.send('Network.emulateNetworkConditions', {
    offline: false,
    latency: 0,
    downloadThroughput: -1,
    uploadThroughput: speed || -1,
  });
}

/** Keeps every chunk from leaving until it is let go. */
export async function holdChunks(page: Page): Promise<{ letGo(): Promise<void>; held: Request[] }> {
  const held: Request[] = [];
  let open: () => void;
  const gate = new Promise<void>((done) => (open = done));
  await page.route('**/files/uploads/*', async (route) => {
    if (route.request().method() !== 'PATCH') return route.fallback();
    held.push(route.request());
    await gate;
    // The page may have given it up meanwhile.
    await route.fallback().catch(() => {});
  });
  return {
    held,
    letGo: async () => {
      open();
      await page.unroute('**/files/uploads/*');
    },
  };
}
