import { describe, expect, test } from 'vitest';
import { migrationFaults } from './migration-rules.ts';
import { OUTSIDE, ownMigrations } from './migrate.ts';

/** The faults of one migration that comes after all of ours. */
const after = async (text: string) =>
  migrationFaults([...(await ownMigrations()), { name: '9000_next.sql', text }]);

test('no migration of ours breaks or stalls the version that still serves', async () => {
  expect(migrationFaults(await ownMigrations())).toEqual([]);
});

describe('what would break it is refused', () => {
  test.each([
    ['a column that is still read', 'alter table items drop column title;'],
    ['a table that is still read', 'drop table visits;'],
    ['another name', 'alter table items rename column title to name;'],
    ['another name for a table', 'alter table visits rename to seen;'],
    ['another type', 'alter table items alter column title type varchar(10);'],
    ['a column that old inserts do not know', 'alter table items add column colour text not null;'],
    ['the same, unchecked', 'alter table people alter column kana set not null;'],
    ['an index that locks writers out', 'create index on items (title);'],
    ['the same with another word', 'create unique index items_title on items using btree (title);'],
    [
      'a constraint that is checked at once',
      'alter table items add constraint short check (length(title) < 10);',
    ],
    ['filling in one go', "update items set title = 'x' where title = '';"],
    ['a default that rewrites', 'alter table items add column token uuid default gen_random_uuid();'],
    ['standing in everyone’s way', 'lock table items;'],
    ['its own transaction', 'begin; create table a (b int);'],
    [
      'an index beside other things',
      `${OUTSIDE}\ncreate index concurrently if not exists x on items (title); create table a (b int);`,
    ],
    ['an index in a transaction', 'create index concurrently if not exists x on items (title);'],
    ['an index without a name', `${OUTSIDE}\ncreate index concurrently on items (title);`],
    ['no reason to be outside', `${OUTSIDE}\ncreate table a (b int);`],
  ])('%s', async (_, text) => {
    expect(await after(text)).toHaveLength(1);
  });

  test('a number that is taken, and a name that is none', async () => {
    const create = 'create table a (b int);';
    const own = await ownMigrations();
    expect(migrationFaults([...own, { name: '0001_again.sql', text: create }])).toEqual([
      '0001_again.sql: has the number of 0001_people.sql',
    ]);
    expect(migrationFaults([...own, { name: 'later.sql', text: create }])).toHaveLength(1);
  });
});

describe('what leaves it alone passes', () => {
  test.each([
    ['a new table with its index', 'create table a (b int); create index on a (b);'],
    ['a column that may be null', 'alter table items add column colour text;'],
    ['a column with a default', "alter table items add column colour text not null default '';"],
    [
      'an index that waits its turn',
      `${OUTSIDE}\n-- For finding.\ncreate index concurrently if not exists items_title on items (title);`,
    ],
    [
      'a constraint in two steps',
      'alter table items add constraint short check (length(title) < 10) not valid;',
    ],
    ['the second step', 'alter table items validate constraint short;'],
    [
      'dropping what nobody uses',
      '-- contract: unused since 0.3, which no longer reads it\nalter table items drop column title;',
    ],
    [
      'a table with a handful of rows',
      '-- small: one row an organisation, some dozens\ncreate index on organisations (name);',
    ],
    [
      'words in a text or a comment',
      "-- drop table items\ncomment on table items is 'drop table; update items';",
    ],
    [
      'the body of a function',
      'create function a() returns void language sql as $$ update items set title = title $$;',
    ],
  ])('%s', async (_, text) => {
    expect(await after(text)).toEqual([]);
  });
});
