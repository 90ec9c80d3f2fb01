import { Board, createAll, createImage } from '@engawa/board';
import { newId } from '@engawa/schema';
import { expect, test } from 'vitest';
import { Doc, encodeStateAsUpdate } from 'yjs';
import { createItem } from '../items/index.ts';
import { append } from '../journal/index.ts';
import { buildWorld, fileIn, openStore, thumbnailOf } from '../testing/index.ts';
import { boardHead, boardPiece, boardText, exportBoard } from './index.ts';

const world = await buildWorld();
openStore(world);
const { officer, clerk, stranger, space, services } = world;

async function boardWith(draw: (board: Board) => void): Promise<string> {
  const { id, generation } = await createItem(officer.ctx, {
    spaceId: space,
    parentId: null,
    kind: 'board',
    title: '話し合い',
  });
  const board = new Board(new Doc());
  draw(board);
  const updates = [encodeStateAsUpdate(board.doc)];
  await append(services, { itemId: id, generation, author: officer.id, updates });
  return id;
}

const note = (text: string, x: number, y: number) => ({ kind: 'note' as const, text, x, y, w: 200, h: 200 });

test('a board in words: frame, then what lies in it', async () => {
  const id = await boardWith((board) =>
    createAll(board, [
      note('外の付せん', 2000, 0),
      { kind: 'frame', text: '困りごと', x: 0, y: 0, w: 900, h: 600 },
      note('二つめ', 300, 100),
      note('一つめ\n二行', 20, 100),
      note('', 500, 300),
    ]),
  );
  await world.give(clerk.id, space, 'viewer');
  expect(await boardText(clerk.ctx, { id })).toEqual({
    lines: [
      { depth: 0, text: '困りごと' },
      { depth: 1, text: '一つめ 二行' },
      { depth: 1, text: '二つめ' },
      { depth: 0, text: '外の付せん' },
    ],
    more: 0,
  });
  expect(await boardHead(clerk.ctx, { id })).toBe(1);
  const piece = await boardPiece(clerk.ctx, { id });
  expect(piece.elements).toHaveLength(5);
});

test('a large board is cut, and says how much is left', async () => {
  const id = await boardWith((board) =>
    createAll(
      board,
      Array.from({ length: 320 }, (_, index) => note('あ'.repeat(300), (index % 20) * 220, index * 20)),
    ),
  );
  const { lines, more } = await boardText(officer.ctx, { id });
  expect([lines.length, more]).toEqual([300, 20]);
  expect(lines[0]!.text).toHaveLength(200);
});

test('other items are no boards, and strangers learn nothing', async () => {
  const folder = await world.item({ kind: 'folder' });
  await expect(boardText(officer.ctx, { id: folder })).rejects.toMatchObject({
    code: 'boards.not_a_board',
  });
  const id = await boardWith(() => {});
  await expect(boardText(stranger.ctx, { id })).rejects.toMatchObject({ status: 404 });
  await expect(boardHead(stranger.ctx, { id })).rejects.toMatchObject({ status: 404 });
  await expect(boardPiece(stranger.ctx, { id })).rejects.toMatchObject({ status: 404 });
  expect(await boardText(officer.ctx, { id })).toEqual({ lines: [], more: 0 });
});

test('a board to take home: drawn, with the pictures one may see, and in words', async () => {
  const [seen, hidden] = [await fileIn(world, null), await fileIn(world, null)];
  for (const file of [seen, hidden]) await thumbnailOf(world, file);
  await world.sql`update items set limited = true, access_path = array[id] where id = ${hidden}`;
  const box = { x: 0, y: 400, w: 100, h: 80, r: 0 };
  const id = await boardWith((board) => {
    createAll(board, [
      { kind: 'frame', text: '困りごと', x: 0, y: 0, w: 900, h: 600 },
      note('</svg><script>alert(1)</script>', 20, 100),
    ]);
    for (const file of [seen, hidden, newId()]) createImage(board, file, box, `絵 ${file}`);
  });
  await world.give(clerk.id, id, 'viewer');
  await world.give(clerk.id, seen, 'viewer');
  const svg = [...(await exportBoard(clerk.ctx, { id, as: 'svg' }))].join('');
  expect(svg).toMatch(
    /^<svg xmlns="http:\/\/www\.w3\.org\/2000\/svg"[^]*<title>話し合い<\/title>[^]*<\/svg>\n$/,
  );
  expect(svg).not.toContain('<script');
  expect(svg.match(/href="data:image\/webp;base64,[^"]+"/g)).toEqual([
    `href="data:image/webp;base64,${Buffer.from('small').toString('base64')}"`,
  ]);
  const words = [...(await exportBoard(clerk.ctx, { id, as: 'markdown' }))].join('');
  expect(words).toMatch(/^# 話し合い\n\n- 困りごと\n {2}- <\/svg>/);
  await expect(exportBoard(stranger.ctx, { id, as: 'svg' })).rejects.toMatchObject({ status: 404 });
});
