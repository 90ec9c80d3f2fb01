import { createHash, randomFillSync } from 'node:crypto';
import { createReadStream, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { hasMinio, startMinio } from '@engawa/storage/testing/minio';
import type { Upload } from 'tus-js-client';
import { browserOf, openHouse, type House, type Person } from './house.ts';
import { openLine, type Line } from './line.ts';
import { startNode, type Node } from './nodes.ts';
import { expect, test } from './test.ts';

// 200 MB through a real browser while the line breaks and the server is killed: what comes down is what went up.

// Half a minute on a quiet machine; what is tested is that it arrives, also on a busy one.
const PATIENCE = 150_000;
test.describe.configure({ timeout: 400_000 });

const MB = 1_000_000;
const SIZE = 200 * MB;
const NAME = '令和８年度　地域公共交通計画（素案）.mp4';
const folder = mkdtempSync(join(tmpdir(), 'engawa-transfer-'));
const source = join(folder, 'source.bin');
const client = createRequire(import.meta.url).resolve('tus-js-client/dist/tus.min.js');
let house: House;
let sha256: string;
const ends: (() => unknown)[] = [];

test.beforeAll(async () => {
  house = await openHouse();
  const bytes = randomFillSync(Buffer.allocUnsafe(SIZE));
  sha256 = createHash('sha256').update(bytes).digest('hex');
  writeFileSync(source, bytes);
});
test.afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});
test.afterAll(async () => {
  await house.close();
  rmSync(folder, { recursive: true, force: true });
});

/** What the page says of the upload. */
interface Transfer {
  accepted: number;
  created: number;
  item: string | null;
  error: string | null;
}

async function begin(page: Page, spaceId: string): Promise<void> {
  await page.addScriptTag({ path: client });
  await page.evaluate(() => {
    document.body.append(Object.assign(document.createElement('input'), { type: 'file' }));
  });
  await page.setInputFiles('input', source);
  await page.evaluate(
    ({ name, spaceId }) => {
      const { tus } = window as unknown as { tus: { Upload: typeof Upload } };
      const transfer: Transfer = { accepted: 0, created: 0, item: null, error: null };
      Object.assign(window, { transfer });
      new tus.Upload(document.querySelector('input')!.files![0]!, {
        endpoint: '/files/uploads',
        metadata: { filename: name, spaceId },
        chunkSize: 32 * 2 ** 20,
        retryDelays: Array<number>(300).fill(200),
        onShouldRetry: () => true,
        onAfterResponse(request, response) {
          if (request.getMethod() === 'HEAD' && response.getStatus() >= 500) throw new Error('later');
          if (request.getMethod() === 'POST') transfer.created += 1;
        },
        onChunkComplete: (_size, accepted) => (transfer.accepted = accepted),
        onSuccess: ({ lastResponse }) => (transfer.item = lastResponse.getHeader('Engawa-Item') ?? null),
        onError: (error) => (transfer.error = String(error)),
      }).start();
    },
    { name: NAME, spaceId },
  );
}

const transferOf = (page: Page) =>
  page.evaluate(() => (window as unknown as { transfer: Transfer }).transfer);

async function reaches(page: Page, bytes: number): Promise<void> {
  await expect
    .poll(async () => (await transferOf(page)).accepted, { timeout: PATIENCE })
    .toBeGreaterThan(bytes);
}

/** The upload becomes one file, under its name, and comes down by the browser's own download, byte by byte the same. */
async function comesDownTheSame(page: Page): Promise<void> {
  await expect.poll(async () => (await transferOf(page)).item, { timeout: PATIENCE }).not.toBeNull();
  const { item, created, error } = await transferOf(page);
  expect({ created, error }).toEqual({ created: 1, error: null });
  const download = page.waitForEvent('download');
  await page.evaluate((href) => {
    const link = Object.assign(document.createElement('a'), { href, download: '' });
    document.body.append(link);
    link.click();
  }, `/files/${item}/content?download`);
  const saved = await download;
  expect(saved.suggestedFilename()).toBe(NAME);
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(await saved.path())) hash.update(chunk as Buffer);
  expect(hash.digest('hex')).toBe(sha256);
}

async function prepare(
  browser: Parameters<typeof browserOf>[0],
  node: Node,
): Promise<{ page: Page; line: Line; officer: Person; spaceId: string }> {
  const { id: spaceId, officer } = await house.space();
  const line = await openLine();
  const context = await browserOf(browser, officer, { proxy: line.proxy });
  ends.push(
    () => line.close(),
    () => context.close(),
  );
  const page = await context.newPage();
  await page.goto(`http://localhost:${node.port}/healthz`);
  return { page, line, officer, spaceId };
}

async function node(options: Parameters<typeof startNode>[0]): Promise<Node> {
  const started = await startNode(options);
  ends.push(() => started.kill());
  return started;
}

async function minio(): Promise<string> {
  const store = await startMinio({ folder: mkdtempSync(join(folder, 'minio-')) });
  ends.push(() => store.stop());
  return store.url('vault');
}

async function cutAndKilled(browser: Parameters<typeof browserOf>[0], storageUrl: string): Promise<void> {
  const first = await node({ storageUrl });
  const { page, line, spaceId } = await prepare(browser, first);
  await begin(page, spaceId);
  await reaches(page, 30 * MB);
  line.cut();
  const { accepted } = await transferOf(page);
  line.restore();
  await reaches(page, Math.max(accepted, 90 * MB));
  await first.kill();
  await node({ storageUrl, port: first.port });
  await comesDownTheSame(page);
}

test('on a folder: the line cut, the server killed, resumed, the same bytes', async ({ browser }) => {
  await cutAndKilled(browser, `file://${join(folder, 'files')}`);
});

test('on MinIO: the same', async ({ browser }) => {
  test.skip(!(await hasMinio()), 'MinIO is not built: node infra/minio/build.ts (needs Go)');
  await cutAndKilled(browser, await minio());
});

test('begun at one node, gone on with at another', async ({ browser }) => {
  test.skip(!(await hasMinio()), 'MinIO is not built: node infra/minio/build.ts (needs Go)');
  const storageUrl = await minio();
  const first = await node({ storageUrl });
  const second = await node({ storageUrl, origin: `http://localhost:${first.port}` });
  const { page, line, spaceId } = await prepare(browser, first);
  await begin(page, spaceId);
  await reaches(page, 60 * MB);
  await first.kill();
  line.leadTo(second.port);
  await comesDownTheSame(page);
});
