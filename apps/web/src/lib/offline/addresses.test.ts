import { expect, test } from 'vitest';
import { aboutOf, isKeepable, isPlace } from './addresses.ts';

const SPACE = '01998a00-0000-7000-8000-000000000001';
const ITEM = '01998a00-0000-7000-8000-000000000002';

test('what is read is kept; accounts, administration, trash and keys are not', () => {
  for (const path of ['/', `/s/${SPACE}`, `/s/${SPACE}/members`, `/s/${SPACE}/doc/${ITEM}`])
    expect(isKeepable(path)).toBe(true);
  for (const path of ['/account', '/admin', `/s/${SPACE}/trash`, '/invite/abc', `/s/x/doc/${ITEM}`, '//'])
    expect(isKeepable(path)).toBe(false);
});

test('downloads and addresses that are keys are left to the browser', () => {
  for (const path of ['/account', '/admin/organisations', `/s/${SPACE}/trash`, '/login', '/'])
    expect(isPlace(path)).toBe(true);
  for (const path of [
    `/s/${SPACE}/doc/${ITEM}/markdown`,
    '/invite/abc',
    '/reset/abc',
    '/files/x',
    '/icon.png',
  ])
    expect(isPlace(path)).toBe(false);
});

test('a page is about its item, else its space', () => {
  expect(aboutOf(`/s/${SPACE}/doc/${ITEM}`)).toBe(ITEM);
  expect(aboutOf(`/s/${SPACE}/members`)).toBe(SPACE);
  expect(aboutOf('/')).toBeNull();
});
