import { expect, test } from 'vitest';
import { outcomeOf } from './upload-answers.ts';

const body = (code: string, details = {}): string => JSON.stringify({ code, title: code, details });

test('no answer is the line; a server that cannot now is asked later', () => {
  expect(outcomeOf(0, '')).toEqual({ kind: 'line' });
  expect(outcomeOf(502, '<html>').kind).toBe('later');
  expect(outcomeOf(503, body('files.store_unavailable'))).toEqual({
    kind: 'later',
    message: 'files.store_unavailable',
  });
  expect(outcomeOf(409, body('files.offset', { offset: 5 })).kind).toBe('later');
});

test('what is finished already is done', () => {
  expect(outcomeOf(409, body('files.finished', { itemId: 'x' }))).toEqual({ kind: 'done', itemId: 'x' });
});

test('a name that is taken is a question', () => {
  const clash = { itemId: 'x', kind: 'file', canReplace: true };
  expect(outcomeOf(409, body('files.name_taken', clash))).toEqual({ kind: 'taken', clash });
});

test('what cannot help by itself is said at once, and offered again only where the world may change', () => {
  expect(outcomeOf(409, body('files.quota'))).toMatchObject({ kind: 'refused', again: true });
  expect(outcomeOf(400, body('files.too_large'))).toMatchObject({ kind: 'refused', again: false });
  expect(outcomeOf(403, body('forbidden'))).toMatchObject({ kind: 'refused', again: false });
  expect(outcomeOf(401, body('unauthenticated'))).toMatchObject({ kind: 'refused', again: true });
  expect(outcomeOf(410, body('files.upload_expired'))).toEqual({ kind: 'lost' });
});
