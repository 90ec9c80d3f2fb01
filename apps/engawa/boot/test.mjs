// `npm test`: brings everything, runs everything, ends with one line. `npm test unit db` runs only those parts.
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { bringChromium } from './chromium.mjs';
import { failuresIn } from './failures.mjs';
import { bringMinio } from './minio.mjs';
import { pnpm, prepare, root, say } from './prepare.mjs';

const REPORTS = join(root, '.cache/test');
const reportOf = (part) => join(REPORTS, `${part}.json`);

const PARTS = {
  format: () => check('check:format'),
  lint: () => check('check:lint'),
  types: () => check('check:types'),
  imports: () => check('check:imports'),
  unit: () => vitest('unit'),
  db: () => vitest('db'),
  faults: () => vitest('faults'),
  browser,
};

const wanted = process.argv.slice(2).filter((arg) => !arg.startsWith('-'));
const unknown = wanted.find((part) => !(part in PARTS));
if (unknown) {
  say(`There is no part "${unknown}": ${Object.keys(PARTS).join(', ')}.`);
  process.exit(2);
}
const parts = wanted.length > 0 ? wanted : Object.keys(PARTS);
const node = await prepare({ web: parts.includes('browser') || parts.includes('faults') });
if (parts.includes('unit') || parts.includes('db')) bringMinio(node);
rmSync(REPORTS, { recursive: true, force: true });
mkdirSync(REPORTS, { recursive: true });

const total = { passed: 0, failed: 0 };
for (const part of parts) {
  console.log(`\n── ${part}`);
  const { passed, failed } = PARTS[part]();
  total.passed += passed;
  total.failed += failed;
}
for (const failure of parts.flatMap((part) => failuresIn(read(part)))) console.log(`\n${failure}`);
console.log(`\n${total.passed} passed, ${total.failed} failed`);
process.exit(total.failed > 0 || total.passed === 0 ? 1 : 0);

/** A check counts as one. */
function check(script) {
  const good = pnpm(['--silent', 'run', script]).status === 0;
  console.log(good ? 'ok' : `${script} FAILED`);
  return { passed: good ? 1 : 0, failed: good ? 0 : 1 };
}

function vitest(part) {
  const json = [`--outputFile.json=${reportOf(part)}`, '--reporter=default', '--reporter=json'];
  const { status } = pnpm(['exec', 'vitest', 'run', '--project', part, ...json]);
  const report = read(part);
  return counted(status, report && { passed: report.numPassedTests, failed: report.numFailedTests });
}

function browser() {
  const missing = bringChromium(node);
  if (missing) {
    say(missing);
    return { passed: 0, failed: 1 };
  }
  const env = { PLAYWRIGHT_JSON_OUTPUT_NAME: reportOf('browser') };
  const { status } = pnpm(
    ['exec', 'playwright', 'test', '-c', 'apps/web/playwright.config.ts', '--reporter=list,json'],
    { env },
  );
  const stats = read('browser')?.stats;
  return counted(status, stats && { passed: stats.expected + stats.flaky, failed: stats.unexpected });
}

/** A run that failed without a failed test (it could not begin, a file could not load) is one failure. */
function counted(status, counts) {
  const { passed, failed } = counts ?? { passed: 0, failed: 0 };
  return { passed, failed: status !== 0 && failed === 0 ? 1 : failed };
}

function read(part) {
  try {
    return JSON.parse(readFileSync(reportOf(part), 'utf8'));
  } catch {
    return null;
  }
}
