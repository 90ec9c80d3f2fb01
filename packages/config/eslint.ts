import svelte from 'eslint-plugin-svelte';
import { defineConfig, globalIgnores } from 'eslint/config';
import ts from 'typescript-eslint';
import { house } from './house-rules.ts';

const NODE = [
  'process',
  'console',
  'URL',
  'Buffer',
  'fetch',
  'setTimeout',
  'clearTimeout',
  'setInterval',
  'clearInterval',
];
const TESTS = ['**/*.test.ts', '**/*.e2e.ts', '**/testing/**', '**/testing.ts', '**/e2e/**'];
/** Their types come from SvelteKit's generated tsconfig; svelte-check reads them. */
const SVELTE_ROOMS = ['apps/web/**', 'packages/ui/**'];

/** The rules of the whole repository. Formatting is prettier's, directions of imports are `imports.ts`'s. */
export const rules = defineConfig([
  globalIgnores([
    '**/build/',
    '**/.svelte-kit/',
    '**/.engawa/',
    '**/.cache/',
    '**/test-results/',
    '**/playwright-report/',
    '**/paraglide/',
  ]),
  ts.configs.recommended,
  svelte.configs.recommended,
  {
    plugins: { house },
    linterOptions: { reportUnusedDisableDirectives: 'error' },
    rules: {
      'house/file-name': 'error',
      'max-lines': ['error', { max: 400, skipBlankLines: true }],
      'max-lines-per-function': ['error', { max: 60, skipBlankLines: true, skipComments: true }],
      'no-restricted-syntax': [
        'error',
        {
          selector: 'ExportDefaultDeclaration',
          message: 'Export by name: one thing has one name everywhere.',
        },
      ],
      eqeqeq: 'error',
      'no-var': 'error',
      'prefer-const': 'error',
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/no-unused-vars': [
        'error',
        { argsIgnorePattern: '^_', varsIgnorePattern: '^_', caughtErrors: 'none' },
      ],
    },
  },
  {
    // A forgotten `await` is how an error or a write gets lost: these three need types.
    files: ['apps/**/*.ts', 'packages/**/*.ts'],
    ignores: SVELTE_ROOMS,
    languageOptions: { parserOptions: { projectService: true } },
    rules: {
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/no-misused-promises': [
        'error',
        { checksVoidReturn: { attributes: false, arguments: false } },
      ],
      '@typescript-eslint/await-thenable': 'error',
    },
  },
  {
    files: ['**/*.svelte', '**/*.svelte.ts'],
    languageOptions: { parserOptions: { parser: ts.parser } },
    rules: {
      'no-undef': 'off',
      // Props are bound by `let`; what is derived is never assigned.
      'prefer-const': 'off',
      'svelte/prefer-const': ['error', { excludedRunes: ['$props', '$derived'] }],
    },
  },
  {
    // The app stands at the root of its host name.
    files: ['apps/web/**', 'packages/ui/**'],
    rules: { 'svelte/no-navigation-without-resolve': 'off' },
  },
  {
    files: ['**/*.mjs', '**/*.js'],
    languageOptions: { globals: Object.fromEntries(NODE.map((name) => [name, 'readonly'])) },
  },
  { files: TESTS, rules: { 'max-lines-per-function': 'off' } },
  {
    // A framework asks for a default export here.
    files: ['**/*.config.{ts,js}', '**/testing-setup.ts', 'apps/web/e2e/**'],
    rules: { 'no-restricted-syntax': 'off' },
  },
]);
