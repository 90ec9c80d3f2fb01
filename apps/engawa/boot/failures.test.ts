import { expect, test } from 'vitest';

// Start-up code runs on any Node, before there is TypeScript, and has no types.
const { failuresIn } = (await import(new URL('./failures.mjs', import.meta.url).href)) as {
  failuresIn: (report: unknown) => string[];
};

test('of Vitest: failed tests, and files that could not load', () => {
  const said = failuresIn({
    testResults: [
      {
        name: 'a.test.ts',
        status: 'failed',
        assertionResults: [
          { status: 'passed', fullName: 'good', failureMessages: [] },
          {
            status: 'failed',
            fullName: 'bad',
            failureMessages: ['\u001b[31mexpected 1\u001b[0m\n\nto be 2'],
          },
        ],
      },
      { name: 'b.test.ts', status: 'failed', message: 'Cannot find it', assertionResults: [] },
      { name: 'c.test.ts', status: 'passed', message: '', assertionResults: [] },
    ],
  });
  expect(said).toEqual(['a.test.ts › bad\n    expected 1\n    to be 2', 'b.test.ts\n    Cannot find it']);
});

test('of Playwright: at any depth, and those that passed the second time', () => {
  const result = (status: string, message: string) => ({
    status,
    results: [{ errors: [{ message }] }, { errors: [] }],
  });
  const spec = (title: string, status: string) => ({
    file: 'x.e2e.ts',
    line: 3,
    title,
    tests: [result(status, `${title}!\n${'line\n'.repeat(40)}`)],
  });
  const said = failuresIn({
    suites: [
      {
        specs: [spec('good', 'expected')],
        suites: [{ specs: [spec('bad', 'unexpected'), spec('late', 'flaky')] }],
      },
    ],
  });
  expect(said.map((text) => text.split('\n')[0])).toEqual([
    'x.e2e.ts:3 › bad',
    'x.e2e.ts:3 › late (passed the second time)',
  ]);
  expect(said[0]!.split('\n')).toHaveLength(13);
});

test('of no report, and of one without tests, nothing', () => {
  expect(failuresIn(null)).toEqual([]);
  expect(failuresIn({ stats: {} })).toEqual([]);
});
