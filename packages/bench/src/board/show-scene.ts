import { createAll, createNote, group, packInk, type Board, type End } from '@engawa/board';
import { FILLS, PHRASES, type Made } from './scene.ts';

const end = (id: string, side: End['side'] = 'auto'): End => ({ id, side, x: 0, y: 0 });

const wave = Array.from({ length: 120 }, (_, step) => ({
  x: step * 3,
  y: 60 + Math.sin(step / 9) * 50,
  pressure: 0.2 + 0.6 * Math.abs(Math.sin(step / 20)),
}));

const shapes: Made[] = [
  {
    id: 'idea',
    kind: 'ellipse',
    x: 20,
    y: 500,
    w: 240,
    h: 150,
    text: 'まちなかの居場所',
    style: { fill: 'teal', line: 'teal' },
  },
  {
    id: 'how',
    kind: 'diamond',
    x: 360,
    y: 490,
    w: 260,
    h: 180,
    text: '予算は\nどうする？',
    style: { fill: 'white', line: 'orange' },
  },
  {
    id: 'who',
    kind: 'rect',
    x: 720,
    y: 510,
    w: 240,
    h: 120,
    r: 8,
    text: '県・市町村・大学の3者で',
    style: { fill: 'blue', line: 'blue', width: 3 },
  },
  {
    kind: 'pen',
    x: 1180,
    y: 60,
    w: 360,
    h: 120,
    ink: packInk(wave, { w: 360, h: 120 }),
    style: { line: 'purple', width: 6 },
  },
  {
    kind: 'text',
    x: 1180,
    y: 230,
    w: 360,
    h: 80,
    text: '次回までに各班で\n一つ試してみる。',
    style: { size: 28, line: 'blue' },
  },
  {
    kind: 'hexagon',
    x: 1180,
    y: 360,
    w: 220,
    h: 150,
    text: '合意できたこと',
    style: { fill: 'green', line: 'green' },
  },
  {
    kind: 'image',
    x: 1180,
    y: 540,
    w: 220,
    h: 140,
    file: '0190f3a0-0000-7000-8000-000000000000',
    text: '会場の写真',
  },
];

const connectors = (second: string): Made[] => [
  {
    kind: 'connector',
    from: end('idea', 'auto'),
    to: end('how', 'auto'),
    text: 'つまり',
    style: { line: 'ink', width: 3 },
  },
  {
    kind: 'connector',
    from: end('how', 'auto'),
    to: end('who', 'auto'),
    style: { route: 'elbow', dash: 'dashed' },
  },
  { kind: 'connector', from: end(second, 'south'), to: end('idea', 'auto'), style: { line: 'pink' } },
];

/** A small board for looking at: one of everything. */
export function showScene(board: Board): void {
  createAll(board, [
    { kind: 'frame', x: -60, y: -60, w: 1180, h: 760, text: '空き家対策ワークショップ　第1班' },
  ]);
  const ids = PHRASES.slice(0, 8).map((text, index) => {
    const at = { x: 100 + (index % 4) * 232, y: 100 + Math.floor(index / 4) * 232 };
    return createNote(board, at, text, FILLS[index % FILLS.length]);
  });
  createAll(board, [...shapes, ...connectors(ids[1]!)]);
  group(board, ids.slice(4, 6), '表札：つながり');
}
