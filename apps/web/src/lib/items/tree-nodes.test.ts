import { abilities } from '@engawa/access';
import type { ItemRow } from '@engawa/schema';
import { expect, test } from 'vitest';
import { treeNodes } from './tree-nodes.ts';

const row = (id: string, parentId: string | null, kind: ItemRow['kind'] = 'file'): ItemRow =>
  ({ id, spaceId: 's', parentId, kind, title: id, can: abilities(-1) }) as ItemRow;
const files = (count: number, parentId: string | null): ItemRow[] =>
  Array.from({ length: count }, (_, at) => row(`${parentId}-${at}`, parentId));

test('a short folder is all there', () => {
  expect(treeNodes([row('f', null, 'folder'), ...files(3, 'f')], null, String)).toHaveLength(4);
});

test('of a long folder the rest is one line that leads to its page and can do nothing else', () => {
  const rows = [row('f', null, 'folder'), ...files(1000, 'f'), row('last', 'f', 'folder')];
  const nodes = treeNodes(rows, 'f-900', (count) => `${count} more`);
  expect(nodes.map(({ id }) => id)).toEqual(
    expect.arrayContaining(['f', 'f-0', 'f-199', 'f-900', 'last', 'f:rest']),
  );
  expect(nodes).toHaveLength(1 + 200 + 3);
  const rest = nodes.at(-1)!;
  expect(rest).toMatchObject({ label: '799 more', href: '/s/s/folder/f', rest: 799, parentId: 'f' });
  expect(rest.can.edit).toBe(false);
});

test('at the root it leads to the home of the space', () => {
  expect(treeNodes(files(300, null), null, String).at(-1)!.href).toBe('/s/s');
});
