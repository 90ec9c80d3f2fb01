import { defineConfig } from 'vitest/config';

const apart = ['**/node_modules/**', '**/build/**', '**/.svelte-kit/**', '**/.engawa/**'];
/** Programs that are started, killed and cut off: minutes, so that `db` stays short enough to be run often. */
const faults = [
  'apps/{engawa,sync}/src/faults/*.db.test.ts',
  'apps/engawa/src/{start,nodes,vault,vault-faults}.db.test.ts',
  'apps/engawa/src/backups/drill.db.test.ts',
  'packages/db/src/embedded.db.test.ts',
];
const onPostgres = {
  globalSetup: ['packages/db/src/testing-setup.ts'],
  pool: 'forks' as const,
  maxWorkers: 2,
  testTimeout: 60_000,
  hookTimeout: 60_000,
  // Real servers on a busy machine: as in the browser, CI tries a second time.
  retry: process.env.CI ? 1 : 0,
};

// `unit` needs nothing but Node; `db` and `faults` talk to a real PostgreSQL that their global setup starts.
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
          exclude: [...apart, ...faults],
          ...onPostgres,
        },
      },
      {
        test: {
          name: 'faults',
          include: faults,
          exclude: apart,
          ...onPostgres,
          globalSetup: [...onPostgres.globalSetup, 'apps/sync/src/testing/faults-setup.ts'],
        },
      },
    ],
  },
});
