import { appendChunk, finishUpload, startUpload, type Ctx } from '@engawa/domain';
import { makeChart } from './chart.ts';
import { makePdf } from './pdf.ts';

const MONTHS = [
  { month: 6, mail: 34, here: 2 },
  { month: 7, mail: 29, here: 8 },
  { month: 8, mail: 21, here: 15 },
  { month: 9, mail: 12, here: 24 },
  { month: 10, mail: 6, here: 31 },
];

const ANSWERS = [
  ['市町', '担当課', '回答日', '添付での往復', '気づいたこと'],
  ['ましろ町', '企画課', '2026-10-02', '3', '版がどれか分からなくなった'],
  ['なぎ町', '総務課', '2026-10-05', '5', '様式の列がずれて戻ってきた'],
  ['かすみ市', '情報政策課', '2026-10-06', '2', '「圧縮と別送のパスワード」で一日'],
  ['ゆずの町', '企画財政課', '2026-10-09', '4', '夜に届いた改訂を見落とした'],
];

const GUIDE = [
  { text: '照会の進め方（町の皆さまへ）', size: 20 },
  { text: '', size: 8 },
  { text: 'とちのき県 行政改革ICT推進課', size: 11 },
  { text: '', size: 10 },
  { text: '1　照会の表は、この場所に一つだけ置きます。', size: 12 },
  { text: '2　各町の担当は、自分の町の行に直接書きます。', size: 12 },
  { text: '3　書き終えたら「済」を選びます。添付の返信はいりません。', size: 12 },
  { text: '4　直したいことは、締切までいつでも直せます。', size: 12 },
  { text: '', size: 10 },
  { text: '問い合わせ　行政改革ICT推進課　渡辺', size: 11 },
];

/** Files as a project has them: a guide to read, a list, a picture. By the verbs that a browser's upload uses. */
export async function fillFiles(officer: Ctx, spaceId: string, folders: Map<string, string>): Promise<void> {
  const put = async (folder: string, name: string, bytes: Buffer): Promise<void> => {
    const place = { spaceId, parentId: folders.get(folder)!, name, size: bytes.length };
    const { id } = await startUpload(officer, place);
    await appendChunk(officer, { id, offset: 0 }, streamOf(bytes));
    await finishUpload(officer, { id });
  };
  await put('はじめに', '照会の進め方（町の皆さまへ）.pdf', makePdf('照会の進め方', GUIDE));
  await put('現状と課題', '照会の回答一覧.csv', Buffer.from(`\ufeff${csv(ANSWERS)}`));
  await put('現状と課題', '添付とこの場所での回答数（6〜10月）.png', makeChart(MONTHS));
}

async function* streamOf(bytes: Buffer): AsyncGenerator<Uint8Array> {
  yield bytes;
}

function csv(rows: string[][]): string {
  return rows.map((row) => row.map((cell) => `"${cell.replaceAll('"', '""')}"`).join(',')).join('\r\n');
}
