import { createCtx, createItem, createSpace } from '@engawa/domain';
import type { Page } from '@playwright/test';
import { openHouse } from './house.ts';
import { instance } from './instance.ts';

// What no address alone shows: places with nothing in them, what opens over a page, and what does not arrive.

/** Addresses by the name of their picture; those of `newcomers` are looked at by the person of that session. */
export interface Furnished {
  pages: Record<string, string>;
  newcomers: Record<string, { path: string; token: string }>;
}

/** Empty places beside the demo, and people who have just come. */
export async function furnish(): Promise<Furnished> {
  const house = await openHouse();
  try {
    const [officer] = await house.sql<{ id: string }[]>`
      select id from people where email = 'watanabe@pref.example.jp'`;
    const ctx = createCtx({ kind: 'job', personId: officer!.id, job: 'screenshots' }, house.services);
    const space = await createSpace(ctx, { name: '来年度の計画づくり', purpose: '' });
    const folder = await createItem(ctx, {
      spaceId: space.id,
      parentId: null,
      kind: 'folder',
      title: '資料',
    });
    const empty = await createSpace(ctx, { name: '新しい仲間と', purpose: '' });
    const newcomer = await house.person('新井 みどり', { organisation: '真岡市' });
    const author = await house.person('応募 する人', { organisation: '真岡市' });
    const by = { id: officer!.id, name: '', email: '', token: '', ctx };
    const box = await createItem(ctx, {
      spaceId: space.id,
      parentId: null,
      kind: 'folder',
      title: '公募の箱',
    });
    await house.give(by, author, box.id, 'uploader');
    return {
      pages: { 'empty-space': `/s/${empty.id}`, 'empty-folder': `/s/${space.id}/folder/${folder.id}` },
      newcomers: {
        'empty-home': { path: '/', token: newcomer.token },
        'hand-in-home': { path: '/', token: author.token },
        'hand-in': { path: `/hand-in/${box.id}`, token: author.token },
      },
    };
  } finally {
    await house.close();
  }
}

interface Scene {
  /** The page it begins on, by the name of its picture. */
  from: string;
  play(page: Page, place: string): Promise<void>;
}

const take = async (page: Page, entry: RegExp): Promise<void> => {
  await page
    .locator('header')
    .getByRole('button', { name: /の操作$|^Actions for/ })
    .click();
  await page.getByRole('menuitem', { name: entry }).click();
  await page.getByRole('dialog').waitFor();
  await page.locator('[role=dialog] .skeleton').waitFor({ state: 'detached' });
};
const add = (page: Page): Promise<void> =>
  page
    .locator('main')
    .getByRole('button', { name: /^(追加|Add)$/ })
    .first()
    .click();
const bring = (page: Page, names: string[], size: number): Promise<void> =>
  page
    .locator('main input[type=file]')
    .first()
    .setInputFiles(names.map((name) => ({ name, mimeType: 'text/plain', buffer: Buffer.alloc(size, 'x') })));

/** By the name of the picture. */
export const SCENES: Record<string, Scene> = {
  'over-add': { from: 'space', play: add },
  'over-find': {
    from: 'space',
    play: async (page) => {
      await page.keyboard.press('Control+k');
      await page.getByRole('combobox').fill('た');
      await page.getByRole('option').first().waitFor();
    },
  },
  'over-share': { from: 'doc', play: (page) => take(page, /^(共有|Share)$/) },
  'over-move': { from: 'doc', play: (page) => take(page, /^(移動|Move)$/) },
  'over-rename': { from: 'doc', play: (page) => take(page, /^(名前を変える|Rename)$/) },
  'over-new-space': {
    from: 'spaces',
    play: async (page) => {
      await page.locator('main').getByRole('button').first().click();
      await page.getByRole('dialog').waitFor();
    },
  },
  'over-uploads': {
    from: 'space',
    play: async (page) => {
      // The line takes the first part and then nothing more.
      let parts = 0;
      await page.route(/\/files\/uploads\/./, async (route) => {
        parts += 1;
        if (parts < 2) await route.continue();
      });
      await bring(page, ['会議の録画の書き起こし.txt', '町別の集計.csv', '写真の一覧.txt'], 400_000);
      await page.waitForTimeout(1500);
    },
  },
  'over-clash': {
    from: 'space',
    play: async (page) => {
      await bring(page, ['手順書.txt'], 40);
      await page.getByRole('heading', { name: /アップロードが終わりました|^Uploaded$/ }).waitFor();
      await bring(page, ['手順書.txt'], 41);
      await page.getByRole('dialog').waitFor();
    },
  },
  'error-failed': {
    from: 'spaces',
    play: async (page, place) => {
      await page.route(/\/spaceHome\?/, (route) =>
        route.fulfill({ status: 500, contentType: 'application/json', body: '{}' }),
      );
      await page
        .locator(`main a[href="${new URL(place, instance().origin).pathname}"]`)
        .first()
        .click();
      await page.locator('main .empty').waitFor();
    },
  },
  'error-part': {
    from: 'spaces',
    play: async (page, place) => {
      await page.route(/\/(activity|tree)\?/, (route) =>
        route.fulfill({ status: 500, contentType: 'application/json', body: '{}' }),
      );
      await page
        .locator(`main a[href="${new URL(place, instance().origin).pathname}"]`)
        .first()
        .click();
      await page.getByRole('alert').first().waitFor();
    },
  },
  going: {
    from: 'spaces',
    play: async (page, place) => {
      await page.route(/__data\.json|\/_app\/remote\//, () => {});
      await page
        .locator(`main a[href="${new URL(place, instance().origin).pathname}"]`)
        .first()
        .click();
      await page.waitForTimeout(2500);
    },
  },
};
