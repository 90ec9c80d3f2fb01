import { Board, createAll, createConnector, type Colour } from '@engawa/board';
import { append, createItem, personOf, type Ctx } from '@engawa/domain';
import { Doc, encodeStateAsUpdate } from 'yjs';

const NOTE = 160;
const GAP = 20;
const COLUMNS = 3;
const FRAME = { w: COLUMNS * (NOTE + GAP) + GAP, head: 60 };

/** What people wrote at the second meeting, as it hung on the wall. */
const THEMES: { title: string; fill: Colour; notes: string[] }[] = [
  {
    title: '困っていること',
    fill: 'pink',
    notes: [
      'どれが最新の版か分からない',
      '添付が大きくて届かない',
      'パスワードを別の便で送る手間',
      '様式の列がずれて戻る',
      '問い合わせが担当者に集まる',
      '夜の改訂を見落とした',
    ],
  },
  {
    title: 'やってみたいこと',
    fill: 'yellow',
    notes: [
      '一つの表に、町ごとに直接書く',
      '締切まで自由に直せる',
      '誰が見たか分かる',
      '会議の前に意見を書き込む',
      '電話で聞いたことも一行で残す',
    ],
  },
  {
    title: 'まず一つ',
    fill: 'green',
    notes: ['10月の照会を、添付なしで最後まで', 'なぎ町とましろ町で先に試す', '終わったら15分だけ振り返る'],
  },
];

/** A board with the notes of a workshop, made by the board's own operations. */
export async function fillBoard(
  officer: Ctx,
  spaceId: string,
  folders: Map<string, string>,
): Promise<string> {
  const { id, generation } = await createItem(officer, {
    spaceId,
    parentId: folders.get('会議')!,
    kind: 'board',
    title: '第2回 ふせん（困りごとと、まず一つ）',
  });
  const doc = new Doc();
  draw(new Board(doc));
  const updates = [encodeStateAsUpdate(doc)];
  await append(officer.services, { itemId: id, generation, author: personOf(officer), updates });
  doc.destroy();
  return id;
}

function draw(board: Board): void {
  const height = FRAME.head + 2 * (NOTE + GAP) + GAP;
  const frames = createAll(
    board,
    THEMES.map(({ title }, i) => ({
      kind: 'frame',
      x: i * (FRAME.w + 100),
      y: 0,
      w: FRAME.w,
      h: height,
      text: title,
    })),
  );
  for (const [i, { fill, notes }] of THEMES.entries()) {
    createAll(
      board,
      notes.map((text, n) => ({
        kind: 'note',
        x: i * (FRAME.w + 100) + GAP + (n % COLUMNS) * (NOTE + GAP),
        y: FRAME.head + Math.floor(n / COLUMNS) * (NOTE + GAP),
        w: NOTE,
        h: NOTE,
        text,
        style: { fill },
      })),
    );
  }
  for (const [i, id] of frames.slice(0, -1).entries()) {
    const next = frames[i + 1]!;
    createConnector(board, { id, side: 'east', x: 0, y: 0 }, { id: next, side: 'west', x: 0, y: 0 });
  }
}
