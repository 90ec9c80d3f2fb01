import { existsSync } from 'node:fs';
import { defineConfig, devices } from '@playwright/test';

// Debian's Chromium where there is one; elsewhere the browser that Playwright downloads.
const chromium = process.env.CHROMIUM ?? ['/usr/bin/chromium', '/usr/bin/chromium-browser'].find(existsSync);

export default defineConfig({
  testDir: './e2e',
  testMatch: '**/*.e2e.ts',
  globalSetup: './e2e/program.ts',
  outputDir: './test-results',
  // Two cores and one program under test: browsers side by side would only measure each other.
  workers: 1,
  timeout: 90_000,
  expect: { timeout: 10_000 },
  forbidOnly: Boolean(process.env.CI),
  // A browser on a busy machine may miss a beat; what passes only the second time is listed as flaky.
  retries: process.env.CI ? 1 : 0,
  reporter: process.env.CI ? [['list'], ['json', { outputFile: './test-results/report.json' }]] : [['list']],
  use: {
    ...devices['Desktop Chrome'],
    locale: 'ja-JP',
    timezoneId: 'Asia/Tokyo',
    actionTimeout: 15_000,
    trace: 'retain-on-failure',
    screenshot: 'only-on-failure',
    launchOptions: {
      executablePath: chromium,
      args: [
        '--no-sandbox',
        '--disable-gpu',
        '--disable-quic',
        '--no-first-run',
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-sync',
      ],
    },
  },
  projects: [
    // The editor by itself: composition, slash, paste, in pages of its own without the program.
    { name: 'editor', testDir: '../../packages/editor/e2e' },
    // The first run of a fresh instance; everything else happens in the house that it makes.
    { name: 'first-run', testMatch: 'first-run.e2e.ts' },
    { name: 'rooms', testIgnore: 'first-run.e2e.ts', dependencies: ['first-run'] },
  ],
});
