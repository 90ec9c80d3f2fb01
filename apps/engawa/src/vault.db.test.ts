import { randomBytes } from 'node:crypto';
import { sha256Of } from '@engawa/domain/testing';
import { beforeAll, describe, expect, test } from 'vitest';
import { startVault, TUS, type Vault } from './testing/vault.ts';

// The vault's doors as browsers use them: the built program over HTTP, on a folder of files.
let vault: Vault;
beforeAll(async () => {
  vault = await startVault();
});

const header = (response: Response, name: string) => response.headers.get(name);
const bytesOf = async (response: Response) => Buffer.from(await response.arrayBuffer());

describe('uploading by tus', () => {
  test('says what it can do', async () => {
    const said = await vault.ask('/files/uploads', { method: 'OPTIONS', as: null });
    expect(said.status).toBe(204);
    expect(header(said, 'tus-version')).toBe('1.0.0');
    expect(header(said, 'tus-extension')).toBe('creation,termination,expiration');
    expect(Number(header(said, 'tus-max-size'))).toBe(50 * 2 ** 30);
  });

  test('in two chunks, asked in between, and down again with its name', async () => {
    const bytes = randomBytes(300_000);
    const created = await vault.create(bytes.length, {
      filename: '令和８年度 予算（案）.bin',
      filetype: 'x/y',
    });
    expect(created.status).toBe(201);
    const place = header(created, 'location')!;
    expect(place).toMatch(/^\/files\/uploads\/[0-9a-f-]{36}$/);
    expect((await vault.send(place, 0, bytes.subarray(0, 100_000))).headers.get('upload-offset')).toBe(
      '100000',
    );
    const standing = await vault.ask(place, { method: 'HEAD', headers: TUS });
    expect([standing.status, header(standing, 'upload-offset'), header(standing, 'upload-length')]).toEqual([
      200,
      '100000',
      '300000',
    ]);
    expect(header(standing, 'cache-control')).toBe('no-store');
    const done = await vault.send(place, 100_000, bytes.subarray(100_000));
    expect(done.status).toBe(204);
    const item = header(done, 'engawa-item');
    const got = await vault.ask(`/files/${item}/content?download`);
    expect(got.status).toBe(200);
    expect(header(got, 'content-length')).toBe('300000');
    expect(header(got, 'content-disposition')).toBe(
      `attachment; filename="file.bin"; filename*=UTF-8''${encodeURIComponent('令和８年度 予算（案）.bin').replace(/[()]/g, '')}`,
    );
    expect(sha256Of(await bytesOf(got))).toBe(sha256Of(bytes));
  });
});
