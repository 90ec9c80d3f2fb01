import { Board, createAll, packInk, type Element, type NewElement } from '@engawa/board';
import * as Y from 'yjs';

export const PHRASES = [
  '市町村との連携を強める',
  '空き家の活用について、もう一度話し合いたい。',
  'バス路線の見直し',
  '若者が戻ってくる仕事づくり（地元企業との協働）',
  '防災訓練を地域ごとに続ける',
  '「縁側」のような、気軽に立ち寄れる場所がほしい。',
  'DXの研修を、各課の担当者2名ずつで始める',
  '予算は？',
  '子ども食堂と高齢者の見守りを一緒にできないか。ボランティアの登録は県のサイトから。',
  'Wi-Fi環境の整備 2026年度',
];
export const FILLS = ['yellow', 'orange', 'pink', 'blue', 'green', 'teal', 'purple'] as const;

/** The same numbers every time (mulberry32). */
function chance(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

export type Made = Omit<NewElement, 'z'>;

/** A board as a day of workshops leaves it: mostly notes, some shapes, strokes and connectors, frames around them. */
export function makeScene(count: number, random = chance(7)): Made[] {
  const columns = Math.ceil(Math.sqrt(count));
  const notes: string[] = [];
  return Array.from({ length: count }, (_, index) => {
    const [column, row] = [index % columns, Math.floor(index / columns)];
    const place = { x: column * 236 + random() * 20, y: row * 236 + random() * 20 };
    const id = `e${index.toString(36).padStart(8, '0')}`;
    if (column % 12 === 0 && row % 8 === 0) return frameAt(id, place, row, random);
    const lot = random();
    if (lot < 0.78) notes.push(id);
    return lot >= 0.94 && notes.length > 1
      ? connectorOf(id, place, notes)
      : thingAt(id, index, place, lot, random);
  });
}

interface Place {
  x: number;
  y: number;
}

const any = <T>(list: readonly T[], random: () => number): T => list[Math.floor(random() * list.length)]!;

function frameAt(id: string, { x, y }: Place, row: number, random: () => number): Made {
  const text = `第${row / 8 + 1}班 ${any(PHRASES, random)}`;
  return { id, kind: 'frame', x: x - 40, y: y - 40, w: 2700, h: 1840, text };
}

function connectorOf(id: string, place: Place, notes: readonly string[]): Made {
  const end = (target: string) => ({ id: target, side: 'auto' as const, ...place });
  return { id, kind: 'connector', from: end(notes.at(-2)!), to: end(notes.at(-1)!) };
}

function thingAt(id: string, index: number, place: Place, lot: number, random: () => number): Made {
  const text = any(PHRASES, random);
  if (lot < 0.78) {
    const style = { fill: any(FILLS, random) };
    return { id, kind: 'note', ...place, w: 200, h: 200, text: `${text}${index}`, style };
  }
  if (lot < 0.86) {
    const kind = any(['rect', 'ellipse', 'diamond', 'hexagon'] as const, random);
    return { id, kind, ...place, w: 200, h: 140, text, style: { fill: 'white', line: 'blue' } };
  }
  if (lot < 0.9) return { id, kind: 'text', ...place, w: 200, h: 60, text, style: { size: 22 } };
  const points = Array.from({ length: 80 }, (_, step) => ({
    x: step * 2.3,
    y: 60 + Math.sin(step / 6 + index) * 40 + random() * 4,
    pressure: 0.5,
  }));
  const size = { w: 190, h: 120 };
  return { id, kind: 'pen', ...place, ...size, ink: packInk(points, size), style: { line: 'red' } };
}

/** The scene as the bytes a client gets. */
export function sceneBytes(made: readonly Made[]): Uint8Array {
  const board = new Board(new Y.Doc());
  createAll(board, made);
  return Y.encodeStateAsUpdate(board.doc);
}

/** The rivals: the same elements, each as one JSON value, and all as one. They cannot merge two edits of an element. */
export function jsonBytes(made: readonly Made[], apart: boolean): Uint8Array {
  const doc = new Y.Doc();
  const map = doc.getMap('elements');
  const board = new Board(new Y.Doc());
  createAll(board, made);
  const plain = board.ordered().map(withoutDefaults);
  doc.transact(() => {
    if (apart) for (const element of plain) map.set(element.id, element);
    else map.set('all', plain);
  });
  return Y.encodeStateAsUpdate(doc);
}

/** The same elements as one JSON text. */
export function plainJson(made: readonly Made[]): Uint8Array {
  const board = new Board(new Y.Doc());
  createAll(board, made);
  return new TextEncoder().encode(JSON.stringify(board.ordered().map(withoutDefaults)));
}

/** What is absent is not written: the rival is as small as it can be. */
function withoutDefaults({ ink, ...rest }: Element): { id: string } {
  const said = Object.entries(rest).filter(([, value]) => value !== null && value !== '' && value !== false);
  return { ...(Object.fromEntries(said) as { id: string }), ...(ink && { ink }) };
}
