import { expect, test } from 'vitest';
import { importFaults } from './import-rules.ts';
import { importsOf, type Manifest } from './source-files.ts';

const everything = [
  'valibot',
  ...['schema', 'access', 'db', 'domain', 'ui', 'sync', 'items'].map((room) => `@engawa/${room}`),
];

/** The faults of a small repository, given as path → code. */
function faults(sources: Record<string, string>): string[] {
  const files = Object.entries(sources).map(([path, code]) => ({
    path,
    room: path.split('/').slice(0, 2).join('/'),
    imports: importsOf(path, code),
  }));
  const manifest = (room: string): Manifest => ({
    name: `@engawa/${room.split('/')[1]}`,
    dependencies: everything,
    devDependencies: ['smtp-server'],
  });
  const manifests = new Map(files.map(({ room }) => [room, manifest(room)]));
  manifests.set('.', { name: 'engawa', dependencies: [], devDependencies: ['vitest'] });
  return importFaults(files, manifests).map(({ why }) => why);
}

test('what the table allows is silent', () => {
  expect(
    faults({
      'packages/domain/src/index.ts': "export * from './docs/index.ts';",
      'packages/domain/src/docs/index.ts': "export { x } from './docs.ts';",
      'packages/domain/src/docs/docs.ts':
        "import { record } from '../ledger/index.ts'; import { can } from '@engawa/access';",
      'packages/domain/src/ledger/index.ts': "import { ctx } from '../ctx.ts'; import * as v from 'valibot';",
      'apps/web/src/lib/items/items.remote.ts':
        "import { tree } from '@engawa/domain'; import { x } from '$lib/x';",
      'apps/web/src/lib/items/Tree.svelte':
        '<script lang="ts">import type { ItemRow } from \'@engawa/domain\';</script>',
      'packages/mail/src/mail.test.ts':
        "import { test } from 'vitest'; import { SMTPServer } from 'smtp-server';",
    }),
  ).toEqual([]);
});

test.each([
  [
    'a room below one above it',
    'packages/db/src/a.ts',
    "import '@engawa/domain';",
    'db may not import domain',
  ],
  [
    'an app another app',
    'apps/web/src/lib/server/a.ts',
    "import { x } from '@engawa/sync';",
    'web may not import sync',
  ],
  [
    'a server package in a component',
    'apps/web/src/lib/A.svelte',
    "<script>import { x } from '@engawa/domain';</script>",
    'may run in a browser',
  ],
  [
    'a server package by dynamic import',
    'apps/web/src/lib/a.ts',
    "const x = await import('@engawa/db');",
    'may run in a browser',
  ],
  ['a test world', 'apps/sync/src/a.ts', "import { x } from '@engawa/domain/testing';", 'only tests'],
  [
    'a folder by a side door',
    'packages/domain/src/docs/a.ts',
    "import { x } from '../items/items.ts';",
    'only through items/index.ts',
  ],
  ['a sibling', 'packages/domain/src/docs/a.ts', "import { x } from '../guests/index.ts';", 'siblings'],
  [
    'a foundation one right of it',
    'packages/domain/src/grants/a.ts',
    "import { x } from '../items/index.ts';",
    'stands left of items',
  ],
  [
    'a feature from below',
    'packages/domain/src/ctx.ts',
    "import { x } from './docs/index.ts';",
    'below all features',
  ],
  [
    'another room by a path',
    'packages/access/src/a.ts',
    "import { x } from '../../schema/src/ids.ts';",
    'outside packages/access',
  ],
  ['an undeclared package', 'packages/db/src/a.ts', "import x from 'lodash';", 'does not declare lodash'],
  [
    'a devDependency',
    'packages/mail/src/a.ts',
    "import { SMTPServer } from 'smtp-server';",
    'only a devDependency',
  ],
  ['a builtin without its prefix', 'packages/db/src/a.ts', "import fs from 'fs';", 'node:fs'],
])('%s is refused', (_what, path, code, why) => {
  expect(faults({ [path]: code })).toEqual([expect.stringContaining(why)]);
});

test('a ring of files is found, a ring of types is not', () => {
  const ring = (kind: string) => ({
    'packages/db/src/a.ts': "import { b } from './b.ts';",
    'packages/db/src/b.ts': `import ${kind}{ a } from './a.ts';`,
  });
  expect(faults(ring(''))).toEqual([expect.stringContaining('a.ts → b.ts → a.ts')]);
  expect(faults(ring('type '))).toEqual([]);
});
