import { defineConfig } from 'vitest/config';

const apart = ['**/node_modules/**', '**/build/**', '**/.svelte-kit/**', '**/.engawa/**'];

// `unit` needs nothing but Node; `db` talks to a real PostgreSQL that its global setup starts.
export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'unit',
          include: ['{apps,packages}/**/*.test.ts'],
          exclude: [...apart, '**/*.db.test.ts'],
          testTimeout: 15_000,
        },
      },
      {
        test: {
          name: 'db',
          include: ['{apps,packages}/**/*.db.test.ts'],
          exclude: apart,
          globalSetup: ['packages/db/src/testing-setup.ts'],
          pool: 'forks',
          maxWorkers: 2,
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
    ],
  },
});
