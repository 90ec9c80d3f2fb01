import { expect, test } from 'vitest';
import { nameFault } from './house-rules.ts';

test.each([
  'packages/domain/src/items/items.sql.ts',
  'packages/db/src/embedded.db.test.ts',
  'apps/web/src/routes/s/[space]/+page.server.ts',
  'apps/web/src/hooks.server.ts',
  'apps/web/src/lib/docs/DocEditor.svelte',
  'apps/web/src/lib/docs/state.svelte.ts',
  'vitest.config.ts',
])('%s is well named', (path) => {
  expect(nameFault(path)).toBeNull();
});

test.each([
  ['packages/domain/src/utils.ts', 'utils'],
  ['packages/domain/src/shared/x.ts', 'shared'],
  ['packages/db/src/openDb.ts', 'kebab-case'],
  ['apps/web/src/lib/docs/doc-editor.svelte', 'PascalCase'],
  ['packages/db/src/client.queries.ts', 'closed suffixes'],
])('%s is refused', (path, why) => {
  expect(nameFault(path)).toContain(why);
});
