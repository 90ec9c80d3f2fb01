import {
  Board,
  createConnector,
  createInk,
  createNote,
  createShape,
  move,
  remove,
  restyle,
  setText,
} from '@engawa/board';
import { DOCUMENT_ROOT } from '@engawa/schema';
import * as Y from 'yjs';
import type { Chance } from './chance.ts';

/** One random change of an item, as its editor makes them. */
export type Edit = (doc: Y.Doc, chance: Chance) => void;

/** No pairs of UTF-16: an edit between the two halves, which editors do not make, is where replicas of Yjs may differ. */
const WORDS = ['縁側', 'にすわる', 'a', 'x y', 'ﾊﾝｶｸ', '\n', '町と県'];
const FILE = '01a2b3c4-0000-7000-8000-0000000000aa';
const FORMATS = [
  { bold: {} },
  { bold: null },
  { italic: {} },
  { link: { href: 'https://example.jp/' } },
  { link: null },
  { strike: {} },
];

type Block = Y.XmlElement;

function block(name: string, attributes: Record<string, unknown> = {}, ...inner: Block[]): Block {
  const made = new Y.XmlElement(name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value as never);
  made.insert(0, inner.length > 0 ? inner : name === 'paragraph' ? [new Y.XmlText()] : []);
  return made;
}

const BLOCKS: ((chance: Chance) => Block)[] = [
  () => block('paragraph'),
  () => block('paragraph'),
  (chance) => block('heading', { level: 1 + chance.int(4) }),
  () => block('bulletList', {}, block('listItem', {}, block('paragraph'))),
  (chance) => block('taskList', {}, block('taskItem', { checked: chance.often(0.5) }, block('paragraph'))),
  () => block('blockquote', {}, block('paragraph')),
  () => block('codeBlock', { language: 'ts' }),
  () => block('horizontalRule'),
  () => block('image', { file: FILE, alt: '写真', width: 50 }),
];

/** Every text and element of a document. */
function partsOf(root: Y.XmlFragment): { texts: Y.XmlText[]; elements: Block[] } {
  const parts: { texts: Y.XmlText[]; elements: Block[] } = { texts: [], elements: [] };
  for (const part of root.createTreeWalker(() => true)) {
    if (part instanceof Y.XmlText) parts.texts.push(part);
    else if (part instanceof Y.XmlElement) parts.elements.push(part);
  }
  return parts;
}

function insertBlock(root: Y.XmlFragment, chance: Chance): void {
  root.insert(chance.int(root.length + 1), [chance.pick(BLOCKS)(chance)]);
}

function editText(text: Y.XmlText, chance: Chance): void {
  const at = chance.int(text.length + 1);
  const length = Math.min(text.length - at, 1 + chance.int(4));
  if (chance.often(0.6) || length === 0) text.insert(at, chance.pick(WORDS));
  else if (chance.often(0.5)) text.delete(at, length);
  else text.format(at, length, chance.pick(FORMATS));
}

/** A document: text typed, deleted and marked, blocks of the schema made, changed and deleted. */
export const editDocument: Edit = (doc, chance) => {
  const root = doc.getXmlFragment(DOCUMENT_ROOT);
  doc.transact(() => {
    const { texts, elements } = partsOf(root);
    const headings = elements.filter(({ nodeName }) => nodeName === 'heading');
    if (texts.length > 0 && chance.often(0.75)) editText(chance.pick(texts), chance);
    else if (headings.length > 0 && chance.often(0.3))
      chance.pick(headings).setAttribute('level', (1 + chance.int(4)) as unknown as string);
    else if (root.length > 6 && chance.often(0.4)) root.delete(chance.int(root.length), 1);
    else insertBlock(root, chance);
  });
};

const boards = new WeakMap<Y.Doc, Board>();

export function boardOf(doc: Y.Doc): Board {
  const board = boards.get(doc) ?? new Board(doc);
  boards.set(doc, board);
  return board;
}

const BOARD_EDITS: ((board: Board, chance: Chance, ids: string[]) => unknown)[] = [
  (board, chance) => createNote(board, { x: chance.int(900), y: chance.int(900) }, chance.pick(WORDS)),
  (board, chance) =>
    createShape(board, 'ellipse', { x: chance.int(900), y: 0, w: 40, h: 40 + chance.int(40), r: 0 }),
  (board, chance) =>
    createInk(
      board,
      Array.from({ length: 3 + chance.int(20) }, (_, at) => ({
        x: at * 3,
        y: chance.int(99),
        pressure: 0.5,
      })),
    ),
  (board, _, [id = '']) =>
    createConnector(board, { id, side: 'auto', x: 0, y: 0 }, { id: null, side: 'auto', x: 90, y: 90 }),
  (board, chance, ids) => move(board, ids, chance.int(200) - 100, chance.int(200) - 100),
  (board, chance, ids) => move(board, ids, chance.int(20), 0),
  (board, chance, [id]) => id && setText(board, id, chance.pick(WORDS).repeat(1 + chance.int(3))),
  (board, chance, ids) => restyle(board, ids, { fill: chance.pick(['pink', 'blue']) }),
  (board, _, ids) => remove(board, ids),
];

/** A board: elements made, moved, written on, coloured and deleted, by the operations that pages use. */
export const editBoard: Edit = (doc, chance) => {
  const board = boardOf(doc);
  const all = [...board.elements.keys()];
  const ids = all.length === 0 ? [] : [...new Set([chance.pick(all), chance.pick(all)])];
  const edits = ids.length === 0 ? BOARD_EDITS.slice(0, 3) : BOARD_EDITS;
  chance.pick(edits)(board, chance, ids);
};
