import { randomBytes } from 'node:crypto';
import { request } from 'node:http';
import { connect } from 'node:net';
import { Board, createNote } from '@engawa/board';
import { append, createSpace, filesIn } from '@engawa/domain';
import { sha256Of } from '@engawa/domain/testing';
import { newId } from '@engawa/schema';
import { beforeAll, describe, expect, test, vi } from 'vitest';
import { Doc, encodeStateAsUpdate } from 'yjs';
import { startVault, TUS, type Vault } from './testing/vault.ts';

// The vault's doors as browsers use them: the built program over HTTP, on a folder of files. Seconds, where nothing
// else runs.
vi.setConfig({ testTimeout: 240_000, hookTimeout: 120_000 });

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

const told = async (response: Response) => [
  response.status,
  ((await response.json()) as { code: string }).code,
];
const nameOf = (response: Response) =>
  decodeURIComponent(
    /filename\*=UTF-8''(.+)$/.exec(header(response, 'content-disposition') ?? '')?.[1] ?? '',
  );

describe('what clients send wrong', () => {
  test('an empty file is there at once', async () => {
    const item = await vault.upload('空.txt', '');
    const got = await vault.ask(`/files/${item}/content?download`);
    expect([got.status, header(got, 'content-length'), (await bytesOf(got)).length]).toEqual([200, '0', 0]);
  });

  test.each(['-1', 'NaN', '1e3', '', '0x10', '99999999999999999999', ' 5 5'])(
    'the length %j is refused',
    async (length) => {
      expect(await told(await vault.create(length, { filename: 'x' }))).toEqual([400, 'invalid']);
    },
  );

  test('a length above the largest, a length above the quota', async () => {
    expect(await told(await vault.create(51 * 2 ** 30, { filename: 'x' }))).toEqual([413, 'files.too_large']);
    await vault.world.sql`update spaces set quota_bytes = 1000 where id = ${vault.world.space}`;
    expect(await told(await vault.create(100_000, { filename: 'x' }))).toEqual([413, 'files.quota']);
    await vault.world.sql`update spaces set quota_bytes = null where id = ${vault.world.space}`;
  });

  test.each([
    ['no metadata', ''],
    ['no value where one is needed', 'filename,spaceId'],
    ['broken base64', 'filename !!!!'],
    ['cut base64', 'filename eA'],
    ['no UTF-8', `filename ${Buffer.from([0xff, 0xfe]).toString('base64')}`],
    ['twice the same', 'filename eA==,filename eQ=='],
    ['a comma too many', 'filename eA==,,'],
  ])('metadata: %s', async (_, metadata) => {
    const headers = { 'upload-metadata': metadata };
    expect((await vault.create(1, {}, { headers })).status).toBe(400);
  });

  test.each([
    ['../../etc/passwd', 400],
    ['a\u0000b.txt', 400],
    ['..', 400],
    ['\u202e gpj.exe', 201],
    ['漢'.repeat(85), 201],
    ['漢'.repeat(300), 400],
    ['か\u3099き\u3099.txt', 201],
  ])('the name %j', async (filename, status) => {
    const created = await vault.create(0, { filename });
    expect(created.status).toBe(status);
    if (status !== 201) return;
    const got = await vault.ask(`/files/${header(created, 'engawa-item')}/content?download`);
    expect(nameOf(got)).toBe(nameOf(got).normalize('NFC'));
    expect(nameOf(got)).not.toMatch(/[\u202e/\\]/);
    expect(header(got, 'content-disposition')).toMatch(
      /^attachment; filename="[\x20-\x7e]+"; filename\*=UTF-8''/,
    );
  });

  test('offsets: elsewhere, beyond, no number; too many bytes; another type of body', async () => {
    const place = header(await vault.create(10, { filename: 'versatz.bin' }), 'location')!;
    const elsewhere = await vault.send(place, 5, 'x');
    expect([elsewhere.status, header(elsewhere, 'upload-offset')]).toEqual([409, '0']);
    for (const offset of [NaN, -1, 1.5]) expect((await vault.send(place, offset, 'x')).status).toBe(400);
    expect(await told(await vault.send(place, 0, 'x'.repeat(20)))).toEqual([413, 'files.too_long']);
    const typed = await vault.send(place, 0, 'x', { headers: { 'content-type': 'text/plain' } });
    expect(typed.status).toBe(415);
    const old = await vault.ask(place, { method: 'HEAD', headers: { 'tus-resumable': '0.2.2' } });
    expect([old.status, header(old, 'tus-version')]).toEqual([412, '1.0.0']);
  });

  test("a stranger's upload, nobody's, one that is not there, and one of another site", async () => {
    const place = header(await vault.create(10, { filename: 'meins.bin' }), 'location')!;
    const { clerk, stranger } = vault.world;
    for (const as of [clerk, stranger]) {
      expect(await told(await vault.send(place, 0, 'x', { as }))).toEqual([404, 'not_found']);
      expect((await vault.ask(place, { method: 'HEAD', headers: TUS, as })).status).toBe(404);
      expect((await vault.ask(place, { method: 'DELETE', headers: TUS, as })).status).toBe(404);
      expect((await vault.create(1, { filename: 'x' }, { as })).status).toBe(404);
    }
    expect((await vault.send(place, 0, 'x', { as: null })).status).toBe(401);
    expect((await vault.send(`/files/uploads/${newId()}`, 0, 'x')).status).toBe(404);
    expect((await vault.send('/files/uploads/x', 0, 'x')).status).toBe(400);
    const origin = { origin: 'https://evil.example' };
    expect((await vault.send(place, 0, 'x', { headers: origin })).status).toBe(403);
    expect((await vault.create(1, { filename: 'x' }, { headers: origin })).status).toBe(403);
    expect(header(await vault.ask(place, { method: 'HEAD', headers: TUS }), 'upload-offset')).toBe('0');
    expect((await vault.ask(place, { method: 'DELETE', headers: TUS })).status).toBe(204);
    expect((await vault.ask(place, { method: 'HEAD', headers: TUS })).status).toBe(404);
  });

  test('a name that is taken is asked about, in the words of the reader', async () => {
    await vault.upload('同じ名前.txt', 'eins');
    const taken = await vault.create(
      4,
      { filename: '同じ名前.txt' },
      { headers: { 'accept-language': 'en' } },
    );
    expect([taken.status, header(taken, 'content-type')]).toEqual([409, 'application/problem+json']);
    expect(await taken.json()).toMatchObject({
      code: 'files.name_taken',
      title: 'Something of that name is here already.',
      details: { kind: 'file', canReplace: true },
    });
    const second = await vault.upload('同じ名前.txt', 'zwei', { onClash: 'new_version' });
    const asked = async (query: string) => (await vault.ask(`/files/${second}/content${query}`)).text();
    expect([await asked(''), await asked('?v=1'), await asked('?v=2')]).toEqual(['zwei', 'eins', 'zwei']);
    expect((await vault.ask(`/files/${second}/content?v=3`)).status).toBe(404);
    expect((await vault.ask(`/files/${second}/content?v=NaN`)).status).toBe(400);
  });

  test('other doors take small bodies of a known length only', async () => {
    const headers = { 'content-type': 'text/plain' };
    const large = await vault.ask('/login', { method: 'POST', headers, body: Buffer.alloc(5 * 2 ** 20) });
    expect(large.status).toBe(413);
    const endless = await vault.ask('/login', { method: 'POST', headers, body: new Blob(['x']).stream() });
    expect(endless.status).toBe(411);
  });

  test.each([
    '/files/uploads/%2e%2e/%2e%2e/login',
    '/files/uploads/../../login',
    '/files/uploads/x/../../../login',
  ])('another door is not taken for an upload by %s', async (path) => {
    const { origin } = vault;
    const status = await new Promise<number | undefined>((done, fail) => {
      const asked = request(origin, { path, method: 'PATCH', headers: { origin } }, (answer) => {
        done(answer.statusCode);
        asked.destroy();
      });
      asked.once('error', fail);
      // Chunked, and not ended: a body without a length.
      asked.write('x');
    });
    expect(status).toBe(411);
  });
});

describe('handing over', () => {
  const GREETING = 'こんにちは、縁側';

  test('ranges and conditions', async () => {
    const item = await vault.upload('範囲.txt', GREETING);
    const all = Buffer.from(GREETING);
    const get = (headers: Record<string, string>, method = 'GET') =>
      vault.ask(`/files/${item}/content`, { method, headers });
    const etag = header(await get({}), 'etag')!;
    const part = await get({ range: 'bytes=3-5' });
    expect([part.status, header(part, 'content-range'), await part.text()]).toEqual([
      206,
      `bytes 3-5/${all.length}`,
      'ん',
    ]);
    expect(await (await get({ range: 'bytes=-6' })).text()).toBe('縁側');
    const outside = await get({ range: 'bytes=500-' });
    expect([outside.status, header(outside, 'content-range')]).toEqual([416, `bytes */${all.length}`]);
    expect((await get({ range: 'bytes=0-1,3-4' })).status).toBe(200);
    expect((await get({ range: 'bytes=0-2', 'if-range': etag })).status).toBe(206);
    expect((await get({ range: 'bytes=0-2', 'if-range': '"other"' })).status).toBe(200);
    expect((await get({ 'if-none-match': etag })).status).toBe(304);
    const head = await get({}, 'HEAD');
    expect([head.status, header(head, 'content-length'), (await head.text()).length]).toEqual([
      200,
      String(all.length),
      0,
    ]);
  });

  test.each([
    ['写真.png', Buffer.from('MZ\x90\0This program cannot be run in DOS mode'), 'attachment'],
    ['写真.png', '<!doctype html><script>alert(1)</script>', 'attachment'],
    ['図.svg', '<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>', 'attachment'],
    ['メモ.txt', 'ただの文章', 'inline'],
  ])('%s that is something else is served safely', async (filename, bytes, disposition) => {
    const item = await vault.upload(filename, bytes, { onClash: 'keep_both' });
    const got = await vault.ask(`/files/${item}/content`);
    expect(header(got, 'content-disposition')).toMatch(new RegExp(`^${disposition};`));
    if (disposition === 'attachment') expect(header(got, 'content-type')).not.toMatch(/html|svg|image/);
    expect(header(got, 'x-content-type-options')).toBe('nosniff');
    expect(header(got, 'content-security-policy')).toContain('sandbox');
    expect(header(got, 'x-frame-options')).toBe('SAMEORIGIN');
  });

  test('a stranger gets nothing, by any door', async () => {
    const item = await vault.upload('秘密.txt', 'geheim');
    const { stranger, space } = vault.world;
    const paths = [`/files/${item}/content`, `/files/${item}/thumbnail`, `/files/zip?space=${space}`];
    for (const path of paths) {
      expect((await vault.ask(path, { as: stranger })).status).toBe(404);
      expect((await vault.ask(path, { as: null })).status).toBe(401);
    }
    expect((await vault.ask('/files/zip')).status).toBe(404);
    expect((await vault.ask('/files/zip?folder=x')).status).toBe(404);
  });
});

describe('many', () => {
  // All that a space may hold is 10,000 items.
  test('a full space: listed within seconds, and as a ZIP', async () => {
    const { officer } = vault.world;
    const { id: spaceId } = await createSpace(officer.ctx, { name: '一万', purpose: '' });
    const first = await vault.upload('見本.txt', '見本', { spaceId });
    await tenThousand(first);
    const began = performance.now();
    expect(await filesIn(officer.ctx, spaceId)).toHaveLength(10_000);
    const listed = performance.now() - began;
    const asked = performance.now();
    const zip = await bytesOf(await vault.ask(`/files/zip?space=${spaceId}`));
    const zipped = performance.now() - asked;
    console.log(`10,000 files: listed in ${listed.toFixed(0)} ms, a ZIP in ${(zipped / 1000).toFixed(1)} s`);
    // Number of entries, in the end record of the central directory.
    expect(zip.readUInt16LE(zip.length - 12)).toBe(10_000);
    expect(await told(await vault.create(1, { filename: 'x', spaceId }))).toEqual([409, 'items.too_many']);
  });

  /** Copies of the first by SQL: nobody waits for ten thousand uploads. */
  async function tenThousand(first: string): Promise<void> {
    const { sql } = vault.world;
    await sql`
      with made as (
        insert into items (id, space_id, parent_id, kind, title, sort_key, access_path, created_by, updated_by)
        select new.id, i.space_id, null, 'file', 'ファイル' || n || '.txt', 'b' || to_char(n, 'FM00000'),
          array[new.id] || i.access_path[2:], i.created_by, i.created_by
        from items i, generate_series(2, 10000) as n, lateral (select gen_random_uuid() as id, n as nth) as new where i.id = ${first}
        returning id, created_by)
      insert into file_versions (id, item_id, number, blob_id, created_by)
      select gen_random_uuid(), made.id, 1, v.blob_id, made.created_by
      from made, file_versions v where v.item_id = ${first}`;
  }

  test('a ZIP has folders, empty ones too, documents, boards, and names as they are', async () => {
    const { world } = vault;
    const folder = await world.item({ kind: 'folder', title: '資料／2026' });
    const inner = await world.item({ kind: 'folder', title: '図', parent: folder });
    await world.item({ kind: 'folder', title: '空', parent: folder });
    await vault.upload('表①.csv', '列,値\n', { parentId: inner });
    const itemId = await world.item({ kind: 'board', title: '話し合い/三回め', parent: inner });
    const board = new Board(new Doc());
    createNote(board, { x: 0, y: 0 }, '乗り合い<b>');
    const updates = [encodeStateAsUpdate(board.doc)];
    await append(world.services, { itemId, generation: 1, author: world.officer.id, updates });
    const got = await vault.ask(`/files/zip?folder=${folder}`);
    expect(nameOf(got)).toBe('資料／2026.zip');
    const zip = await bytesOf(got);
    const drawn = ['図/話し合い_三回め.svg', '図/話し合い_三回め.md'];
    for (const name of ['図/', '空/', '図/表①.csv', ...drawn])
      expect(zip.includes(Buffer.from(name))).toBe(true);
    for (const words of ['列,値', '>&lt;b&gt;</text>', '# 話し合い/三回め\n\n- 乗り合い<b>\n', '</svg>\n'])
      expect(zip.includes(Buffer.from(words)), words).toBe(true);
  });

  test('a client that goes away in the middle leaves nothing running', async () => {
    const item = await vault.upload('大.bin', randomBytes(20_000_000));
    const aborted = new AbortController();
    const { space } = vault.world;
    const answers = await Promise.all(
      [`/files/${item}/content`, `/files/zip?space=${space}`].map((path) =>
        fetch(new URL(path, vault.origin), { headers: vault.cookie(), signal: aborted.signal }),
      ),
    );
    for (const answer of answers) await answer.body!.getReader().read();
    aborted.abort();
    // Files of the store that are open in this process.
    await expect.poll(vault.openFiles, { timeout: 20_000 }).toBe(0);
  });

  test('an upload whose line goes silent half-way keeps what came, and goes on elsewhere', async () => {
    const bytes = randomBytes(3_000_000);
    const place = header(await vault.create(bytes.length, { filename: '途切れ.bin' }), 'location')!;
    const { port } = new URL(vault.origin);
    const socket = connect(Number(port), '127.0.0.1');
    const lines = [
      `PATCH ${place} HTTP/1.1`,
      `host: localhost:${port}`,
      `origin: ${vault.origin}`,
      `cookie: ${vault.cookie().cookie}`,
      'tus-resumable: 1.0.0',
      'upload-offset: 0',
      'content-type: application/offset+octet-stream',
      `content-length: ${bytes.length}`,
    ];
    socket.write(`${lines.join('\r\n')}\r\n\r\n`);
    await new Promise((done) => socket.write(bytes.subarray(0, 1_000_000), done));
    socket.end();
    socket.destroySoon();
    const offset = async () =>
      Number(header(await vault.ask(place, { method: 'HEAD', headers: TUS }), 'upload-offset'));
    await expect.poll(offset, { timeout: 20_000 }).toBe(1_000_000);
    const done = await vault.send(place, 1_000_000, bytes.subarray(1_000_000));
    const got = await vault.ask(`/files/${header(done, 'engawa-item')}/content`);
    expect(sha256Of(await bytesOf(got))).toBe(sha256Of(bytes));
  });
});
